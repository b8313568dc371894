/** SRTP and SRTCP (RFC 3711, 7714): packets protected and unprotected in place. */
@NullMarked
package parley.relay.srtp;

import org.jspecify.annotations.NullMarked;
