@NullMarked
package parley.load.bench.record;

import org.jspecify.annotations.NullMarked;
