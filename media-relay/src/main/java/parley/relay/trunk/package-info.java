/** Lines between relays that carry legs of the same call: one packet a voice and relay. */
@NullMarked
package parley.relay.trunk;

import org.jspecify.annotations.NullMarked;
