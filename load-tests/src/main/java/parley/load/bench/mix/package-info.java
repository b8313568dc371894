/** What mixing costs, beside another server. */
@NullMarked
package parley.load.bench.mix;

import org.jspecify.annotations.NullMarked;
