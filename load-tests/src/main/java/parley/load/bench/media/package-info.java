/** Thousands of WebRTC clients on one thread, with real ICE, DTLS and SRTP. */
@NullMarked
package parley.load.bench.media;

import org.jspecify.annotations.NullMarked;
