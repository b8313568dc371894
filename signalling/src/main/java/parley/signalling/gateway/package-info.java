/**
 * The gateway: stands in front of a chat server that knows nothing of us, takes the calls for
 * itself, and passes everything else byte for byte.
 */
@NullMarked
package parley.signalling.gateway;

import org.jspecify.annotations.NullMarked;
