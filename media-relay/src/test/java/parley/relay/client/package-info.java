/**
 * A WebRTC client without a browser: real ICE checks, DTLS and SRTP over UDP, to call the relay
 * with. Blocking sockets and a thread each: for tests, where a few hundred are many.
 */
@NullMarked
package parley.relay.client;

import org.jspecify.annotations.NullMarked;
