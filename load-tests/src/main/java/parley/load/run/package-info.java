/** {@code ./parley load}: has people call each other as a scenario says, and measures. */
@NullMarked
package parley.load.run;

import org.jspecify.annotations.NullMarked;
