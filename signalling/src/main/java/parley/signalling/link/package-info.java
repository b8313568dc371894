/**
 * The link: a chat server keeps its clients' sockets and hands their call events over one
 * connection. See LINK.md.
 */
@NullMarked
package parley.signalling.link;

import org.jspecify.annotations.NullMarked;
