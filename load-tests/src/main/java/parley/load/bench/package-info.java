/** Measurements of a server under load, by clients that cost little. */
@NullMarked
package parley.load.bench;

import org.jspecify.annotations.NullMarked;
