@NullMarked
package parley.load.bench.flame;

import org.jspecify.annotations.NullMarked;
