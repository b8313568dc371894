package parley.signalling.session;

import java.util.concurrent.CompletableFuture;
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
 * from servers:    FromServer
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

  /**
   * A server asks for something.
   *
   * @param reply completed on the loop's thread: whoever waits for it goes on elsewhere
   */
  record FromServer(ServerCommand command, CompletableFuture<ServerReply> reply)
      implements LoopInput {}

  /** A team is like this from now on. */
  record TeamChanged(Team team) implements LoopInput {}
}
