/** {@code parley bench}: measurements under load, some of them side by side with other servers. */
@NullMarked
package parley.load.bench;

import org.jspecify.annotations.NullMarked;
