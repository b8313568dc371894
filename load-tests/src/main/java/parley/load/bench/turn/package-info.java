/** TURN servers beside each other: what relaying and allocating costs them. */
@NullMarked
package parley.load.bench.turn;

import org.jspecify.annotations.NullMarked;
