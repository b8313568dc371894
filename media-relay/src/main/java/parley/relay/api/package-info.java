/** What the rest of the world may know of the relay: commands in, events out, settings. */
@NullMarked
package parley.relay.api;

import org.jspecify.annotations.NullMarked;
