/**
 * How well somebody hears and is heard, and why not: from figures to one sentence. Pure: knows no
 * socket, clock or call.
 */
@NullMarked
package parley.relay.quality;

import org.jspecify.annotations.NullMarked;
