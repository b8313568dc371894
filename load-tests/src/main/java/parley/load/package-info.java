/** Whole-system tests: what their parts share. */
@NullMarked
package parley.load;

import org.jspecify.annotations.NullMarked;
