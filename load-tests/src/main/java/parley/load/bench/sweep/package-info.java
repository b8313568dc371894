/** What is heard over bad networks, in virtual time. */
@NullMarked
package parley.load.bench.sweep;

import org.jspecify.annotations.NullMarked;
