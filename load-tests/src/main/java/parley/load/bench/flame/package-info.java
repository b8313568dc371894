/** Where a process spends its time: samples, a flame graph of them, and a table by stage. */
@NullMarked
package parley.load.bench.flame;

import org.jspecify.annotations.NullMarked;
