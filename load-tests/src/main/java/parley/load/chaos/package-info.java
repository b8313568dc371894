/** A cluster of real processes, people who talk on it, and what can go wrong with it. */
@NullMarked
package parley.load.chaos;

import org.jspecify.annotations.NullMarked;
