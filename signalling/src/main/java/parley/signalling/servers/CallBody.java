package parley.signalling.servers;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonInclude.Include;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import parley.relay.api.CallId;
import parley.signalling.call.CallView;
import parley.signalling.wire.CallOnliner;
import parley.signalling.wire.IsoTime;
import parley.signalling.wire.Jid;
import parley.signalling.wire.OuterChat;
import parley.signalling.wire.TeamId;
import parley.stun.IceServer;

/**
 * A call in an answer; the keys are the names in snake_case.
 *
 * @param state ringing, active, restarting
 * @param audiorecord whether the recorder writes
 * @param dominant who holds the floor
 */
record CallBody(
    TeamId team,
    CallId uid,
    OuterChat chat,
    String state,
    IsoTime created,
    @JsonInclude(Include.NON_NULL) @Nullable IsoTime start,
    boolean audiorecord,
    @JsonInclude(Include.NON_NULL) @Nullable Jid dominant,
    List<CallOnliner> participants,
    List<Jid> ringing) {

  static CallBody of(CallView view) {
    return new CallBody(
        view.place().team().uid(),
        view.uid(),
        view.place().seenFromOutside(),
        view.state().name().toLowerCase(Locale.ROOT),
        view.created(),
        view.start(),
        view.recording(),
        view.dominant(),
        view.onliners(),
        view.ringing());
  }

  /** All of a team. */
  record Calls(List<CallBody> calls) {}

  /** What a contact's client is to use. */
  record Ice(List<Server> iceServers) {
    static Ice of(List<IceServer> servers) {
      return new Ice(servers.stream().map(Server::of).toList());
    }
  }

  record Server(
      String urls,
      @JsonInclude(Include.NON_EMPTY) String username,
      @JsonInclude(Include.NON_EMPTY) String credential) {
    static Server of(IceServer server) {
      return new Server(server.urls(), server.username(), server.credential());
    }

    @Override
    public String toString() {
      return "Server[" + urls + "]";
    }
  }
}
