/** Drives every event of the call protocol against a running server and checks each frame. */
@NullMarked
package parley.load.conformance;

import org.jspecify.annotations.NullMarked;
