package parley.signalling.call;

import java.util.List;
import org.jspecify.annotations.Nullable;
import parley.relay.api.RecordingPolicy;
import parley.relay.api.RelayCommand;
import parley.signalling.wire.Jid;
import parley.signalling.wire.ServerEvent;

/** What a call wants done, in this order. One event object for many is encoded once. */
public sealed interface CallOutput {

  /** To these sessions; those that are gone are skipped. */
  record ToSessions(List<SessionId> sessions, ServerEvent event) implements CallOutput {
    public ToSessions {
      sessions = List.copyOf(sessions);
    }
  }

  /**
   * To every session of these contacts.
   *
   * @param except one session that is left out
   */
  record ToContacts(List<Jid> contacts, @Nullable SessionId except, ServerEvent event)
      implements CallOutput {
    public ToContacts {
      contacts = List.copyOf(contacts);
    }
  }

  /**
   * To the relay. When it does not take the command, hand the call a {@link
   * parley.relay.api.RelayEvent.Failed}: what the two sides know of each other differs.
   */
  record ToRelay(RelayCommand command) implements CallOutput {}

  /**
   * What became of the call's recording, to be written down.
   *
   * @param reason one sentence; empty when the policy says it all
   */
  record Decided(RecordingPolicy policy, RecordingDecision decision, String reason)
      implements CallOutput {}

  /** The call is over; nothing but replies to late comers follows. */
  record Finished(CallSummary summary) implements CallOutput {}
}
