/** The hot pieces of a packet's way by themselves, measured by JMH. */
@NullMarked
package parley.load.bench.jmh;

import org.jspecify.annotations.NullMarked;
