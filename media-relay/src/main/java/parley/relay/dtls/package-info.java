/** DTLS-SRTP (RFC 5764), server side; the only package that knows Bouncy Castle. */
@NullMarked
package parley.relay.dtls;

import org.jspecify.annotations.NullMarked;
