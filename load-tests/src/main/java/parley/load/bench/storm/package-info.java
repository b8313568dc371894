/** {@code parley bench storm}: how fast people get in, and how soon they hear somebody. */
@NullMarked
package parley.load.bench.storm;

import org.jspecify.annotations.NullMarked;
