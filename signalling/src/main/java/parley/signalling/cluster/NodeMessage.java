package parley.signalling.cluster;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import parley.relay.api.CallId;
import parley.relay.api.RelayCommand;
import parley.relay.api.RelayEvent;
import parley.signalling.call.CallHandover;
import parley.signalling.call.CallKey;
import parley.signalling.call.SessionId;
import parley.signalling.wire.Jid;
import parley.signalling.wire.TeamId;

/**
 * What one node says to another, each once and in order. What must be there and is not makes a
 * message that is not understood.
 *
 * <pre>
 * first:           Hello, what there is (Opened, Running), HelloEnd
 * about sockets:   Opened, Closed, Away
 * about calls:     Running, Over
 * to the owner:    Said (a client's event), Agreed
 * from the owner:  Tell (a server's event), Returned (it owns that call no more)
 * about legs:      ToRelay, FromRelay
 * about teams:     TeamChanged
 * </pre>
 */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "t")
@JsonSubTypes({
  @JsonSubTypes.Type(value = NodeMessage.Hello.class, name = "hello"),
  @JsonSubTypes.Type(value = NodeMessage.HelloEnd.class, name = "hello_end"),
  @JsonSubTypes.Type(value = NodeMessage.Opened.class, name = "opened"),
  @JsonSubTypes.Type(value = NodeMessage.Closed.class, name = "closed"),
  @JsonSubTypes.Type(value = NodeMessage.Away.class, name = "away"),
  @JsonSubTypes.Type(value = NodeMessage.Running.class, name = "running"),
  @JsonSubTypes.Type(value = NodeMessage.Over.class, name = "over"),
  @JsonSubTypes.Type(value = NodeMessage.Said.class, name = "said"),
  @JsonSubTypes.Type(value = NodeMessage.Returned.class, name = "returned"),
  @JsonSubTypes.Type(value = NodeMessage.Agreed.class, name = "agreed"),
  @JsonSubTypes.Type(value = NodeMessage.Tell.class, name = "tell"),
  @JsonSubTypes.Type(value = NodeMessage.TeamChanged.class, name = "team_changed"),
  @JsonSubTypes.Type(value = NodeMessage.ToRelay.class, name = "to_relay"),
  @JsonSubTypes.Type(value = NodeMessage.FromRelay.class, name = "from_relay")
})
public sealed interface NodeMessage {

  /** All that there is of the sender's follows; what was before and does not come again is gone. */
  record Hello() implements NodeMessage {}

  /** That was all. */
  record HelloEnd() implements NodeMessage {}

  /** A socket that the sender holds. */
  record Opened(
      SessionId session,
      TeamId team,
      Jid contact,
      String useragent,
      String instance,
      boolean mobile,
      boolean afk)
      implements NodeMessage {
    public Opened {
      requireNonNull(session);
      requireNonNull(team);
      requireNonNull(contact);
      requireNonNull(useragent);
      requireNonNull(instance);
    }
  }

  record Closed(SessionId session) implements NodeMessage {
    public Closed {
      requireNonNull(session);
    }
  }

  record Away(SessionId session, boolean afk) implements NodeMessage {
    public Away {
      requireNonNull(session);
    }
  }

  /**
   * A call that the sender owns, as it is now.
   *
   * @param revision of the claim: of two who say that they own a call, the higher one does
   */
  record Running(CallHandover call, long revision) implements NodeMessage {
    public Running {
      requireNonNull(call);
    }
  }

  /** A call that the sender owned is over. */
  record Over(CallKey place, CallId uid) implements NodeMessage {
    public Over {
      requireNonNull(place);
      requireNonNull(uid);
    }
  }

  /**
   * What a client said about a call that the receiver owns.
   *
   * @param event as the client sent it
   * @param number in what order the client said it, from 1; 0: an older node gave it back
   * @param tries how often it was sent to somebody who did not own the call any more
   */
  record Said(CallKey place, SessionId session, JsonNode event, long number, int tries)
      implements NodeMessage {
    public Said {
      requireNonNull(place);
      requireNonNull(session);
      requireNonNull(event);
    }
  }

  /** The sender does not own that call: whose socket it is has to look again. */
  record Returned(Said said) implements NodeMessage {
    public Returned {
      requireNonNull(said);
    }
  }

  /** Somebody may be recorded in the calls of a place, or may not. */
  record Agreed(CallKey place, Jid contact, boolean agrees, Instant at, String from)
      implements NodeMessage {
    public Agreed {
      requireNonNull(place);
      requireNonNull(contact);
      requireNonNull(at);
      requireNonNull(from);
    }
  }

  /**
   * An event for sockets that the receiver holds: for certain sessions, or all of certain contacts.
   *
   * @param revision of the sender's claim; the receiver passes over what is older than it knows
   * @param except one session that is left out
   */
  record Tell(
      CallId uid,
      long revision,
      TeamId team,
      List<SessionId> sessions,
      List<Jid> contacts,
      @Nullable SessionId except,
      String event,
      JsonNode params)
      implements NodeMessage {
    public Tell {
      requireNonNull(uid);
      requireNonNull(team);
      requireNonNull(event);
      requireNonNull(params);
    }

    @Override
    public String toString() {
      return "Tell[" + uid.shortForm() + " " + event + "]"; // an answer holds secrets
    }
  }

  /**
   * The sender owns a call of which the receiver carries legs, or is to carry some.
   *
   * @param opening which of its openings of the call there, as the sender counts
   * @param revision of the sender's claim; the receiver passes over what is older than it knows
   */
  record ToRelay(RelayCommand command, long opening, long revision) implements NodeMessage {
    public ToRelay {
      requireNonNull(command);
    }
  }

  /**
   * The receiver owns a call of which the sender carries legs.
   *
   * @param opening as the receiver said; what is of an earlier one is too late
   */
  record FromRelay(RelayEvent event, long opening) implements NodeMessage {
    public FromRelay {
      requireNonNull(event);
    }
  }

  /** A team's directory has changed. */
  record TeamChanged(TeamId team) implements NodeMessage {
    public TeamChanged {
      requireNonNull(team);
    }
  }
}
