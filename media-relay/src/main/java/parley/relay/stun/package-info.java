/** STUN messages (RFC 8489) in and out of bytes; the only package that knows ice4j. */
@NullMarked
package parley.relay.stun;

import org.jspecify.annotations.NullMarked;
