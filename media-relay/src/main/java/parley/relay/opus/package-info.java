/** Opus by libopus, whose native library libjitsi's jar carries. No socket, thread or clock. */
@NullMarked
package parley.relay.opus;

import org.jspecify.annotations.NullMarked;
