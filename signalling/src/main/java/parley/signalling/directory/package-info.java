/** Teams, people, chats: who is in a chat, and what may be done there. */
@NullMarked
package parley.signalling.directory;

import org.jspecify.annotations.NullMarked;
