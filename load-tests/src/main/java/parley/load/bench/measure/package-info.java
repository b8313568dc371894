/** Turns, what was measured in them, and what follows from it. */
@NullMarked
package parley.load.bench.measure;

import org.jspecify.annotations.NullMarked;
