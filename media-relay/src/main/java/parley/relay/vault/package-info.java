/**
 * Protection of recordings at rest: data keys, the keys they are wrapped with, encrypted tracks.
 * Nothing but the JDK, so that whoever decrypts needs nothing else; the formats are described in
 * {@code media-relay/RECORDINGS.md}.
 */
@NullMarked
package parley.relay.vault;

import org.jspecify.annotations.NullMarked;
