/** What the bench needs of Linux and the JDK has no door to: batches of datagrams, CPU times. */
@NullMarked
package parley.load.bench.kernel;

import org.jspecify.annotations.NullMarked;
