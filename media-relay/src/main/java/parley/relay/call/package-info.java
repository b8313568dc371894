/** One call's media: who is in it, who speaks, which packet goes to whom. No socket, no clock. */
@NullMarked
package parley.relay.call;

import org.jspecify.annotations.NullMarked;
