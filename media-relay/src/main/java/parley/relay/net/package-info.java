/**
 * Sockets and event loops: the thin drivers around the cores; the only package that knows Netty.
 */
@NullMarked
package parley.relay.net;

import org.jspecify.annotations.NullMarked;
