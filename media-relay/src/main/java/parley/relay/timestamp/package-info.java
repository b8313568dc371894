/** Time stamps by others (RFC 3161) over the seals of recordings. */
@NullMarked
package parley.relay.timestamp;

import org.jspecify.annotations.NullMarked;
