/** One call as a state machine: inputs and time in, outputs as data. No socket, clock or thread. */
@NullMarked
package parley.signalling.call;

import org.jspecify.annotations.NullMarked;
