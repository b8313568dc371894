/** An ICE-lite agent (RFC 8445) with consent freshness (RFC 7675), without sockets or clocks. */
@NullMarked
package parley.relay.ice;

import org.jspecify.annotations.NullMarked;
