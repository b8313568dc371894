@NullMarked
package parley.load.bench.jmh;

import org.jspecify.annotations.NullMarked;
