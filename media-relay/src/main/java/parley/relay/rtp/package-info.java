/** RTP and RTCP (RFC 3550, 8285, 6464): views over bytes, statistics, rewriting. */
@NullMarked
package parley.relay.rtp;

import org.jspecify.annotations.NullMarked;
