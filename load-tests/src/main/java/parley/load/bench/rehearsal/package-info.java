/** What a JVM is shown before it is measured or shipped: calls as they are. */
@NullMarked
package parley.load.bench.rehearsal;

import org.jspecify.annotations.NullMarked;
