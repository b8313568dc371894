/** {@code parley model}: what a cluster of any size costs, by what was measured on a few nodes. */
@NullMarked
package parley.load.model;

import org.jspecify.annotations.NullMarked;
