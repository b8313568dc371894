/** The HTTP API of recordings, for people and servers: who asks, whether he may, what he gets. */
@NullMarked
package parley.signalling.recordings;

import org.jspecify.annotations.NullMarked;
