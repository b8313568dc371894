/** Turns what a call's participants say into files that can be played and proven. */
@NullMarked
package parley.relay.recording;

import org.jspecify.annotations.NullMarked;
