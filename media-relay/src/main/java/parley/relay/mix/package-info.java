/**
 * Decodes a call's loudest voices, adds them up and encodes the sum. No socket, thread or clock.
 */
@NullMarked
package parley.relay.mix;

import org.jspecify.annotations.NullMarked;
