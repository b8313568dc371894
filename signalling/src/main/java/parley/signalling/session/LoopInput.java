package parley.signalling.session;

import parley.relay.api.RelayEvent;
import parley.signalling.call.SessionId;
import parley.signalling.directory.Team;
import parley.signalling.wire.Decoded;

/**
 * What reaches the {@link Switchboard}.
 *
 * <pre>
 * from sockets:    Opened, FromClient, Closed
 * from the relay:  FromRelay
 * from the chat server: TeamChanged
 * </pre>
 */
public sealed interface LoopInput {

  /** A client has signed in on a new socket. */
  record Opened(Arrival arrival) implements LoopInput {}

  /**
   * A client sent a frame.
   *
   * @param bytes how long it was
   */
  record FromClient(SessionId session, Decoded frame, int bytes) implements LoopInput {}

  /** The socket is gone. */
  record Closed(SessionId session) implements LoopInput {}

  record FromRelay(RelayEvent event) implements LoopInput {}

  /** A team is like this from now on. */
  record TeamChanged(Team team) implements LoopInput {}
}
