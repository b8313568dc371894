/** Whose turn it is in a conversation, which is another question than who makes a sound. */
@NullMarked
package parley.relay.dominant;

import org.jspecify.annotations.NullMarked;
