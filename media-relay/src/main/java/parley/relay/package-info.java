/** What the relay says about itself in numbers. */
@NullMarked
package parley.relay;

import org.jspecify.annotations.NullMarked;
