/** How quickly, and how rightly, servers tell who talks. */
@NullMarked
package parley.load.bench.talk;

import org.jspecify.annotations.NullMarked;
