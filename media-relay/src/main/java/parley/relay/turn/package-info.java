/**
 * A TURN server without sockets, clock or threads (RFC 8656 on RFC 8489, mobility of RFC 8016): it
 * takes datagrams, frames and the time, and hands what is to be sent to the sockets it is given.
 */
@NullMarked
package parley.relay.turn;

import org.jspecify.annotations.NullMarked;
