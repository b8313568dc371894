package parley.signalling.session;

import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import parley.relay.api.CallId;
import parley.relay.api.RelayEvent;
import parley.signalling.call.SessionId;
import parley.signalling.directory.Team;
import parley.signalling.wire.Decoded;
import parley.signalling.wire.Jid;
import parley.signalling.wire.ServerEvent;
import parley.signalling.wire.TeamId;

/**
 * What reaches the {@link Switchboard}.
 *
 * <pre>
 * from sockets:    Opened, StillIn, FromClient, Closed
 * from the relay:  FromRelay
 * from servers:    FromServer
 * from other nodes: Step
 * from whoever stops this one: Drain
 * from the chat server: TeamChanged
 * </pre>
 */
public sealed interface LoopInput {

  /** A client has signed in on a new socket. */
  record Opened(Arrival arrival) implements LoopInput {}

  /**
   * A session that has just been opened stands for a socket that was there before; its device is in
   * this call, or so its chat server believes.
   *
   * @param jid the chat, as this contact sees it
   * @param forgotten whether this process began after the call did: when there is no such call, it
   *     was lost and did not end
   */
  record StillIn(SessionId session, Jid jid, CallId uid, boolean forgotten) implements LoopInput {

    /**
     * What its client is told: to offer anew, because the relay knows the device by a session that
     * is no more, or that its device is out.
     *
     * @param running the call that is there now; null: none
     */
    ServerEvent answer(TeamId team, @Nullable CallId running) {
      return forgotten || uid.equals(running)
          ? new ServerEvent.CallRestart(jid, uid, team)
          : new ServerEvent.CallLeave(jid, uid);
    }
  }

  /**
   * A client sent a frame.
   *
   * @param bytes how long it was
   * @param atNs when it came
   */
  record FromClient(SessionId session, Decoded frame, int bytes, long atNs) implements LoopInput {
    /** It comes now. */
    FromClient(SessionId session, Decoded frame, int bytes) {
      this(session, frame, bytes, System.nanoTime());
    }
  }

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

  /** What was begun elsewhere has come to its end; goes on with it. */
  record Step(Runnable step) implements LoopInput {}

  /**
   * This node takes no more calls, and hands over those it has.
   *
   * @param done completed on the loop's thread when it has none
   */
  record Drain(CompletableFuture<Void> done) implements LoopInput {}

  /** A team is like this from now on. */
  record TeamChanged(Team team) implements LoopInput {}
}
