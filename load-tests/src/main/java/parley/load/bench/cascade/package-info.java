/** {@code parley bench cascade}: one call that is larger than one node's share of it. */
@NullMarked
package parley.load.bench.cascade;

import org.jspecify.annotations.NullMarked;
