package parley.signalling.call;

import java.util.Set;
import org.jspecify.annotations.Nullable;
import parley.relay.api.RecordingPolicy;
import parley.relay.api.RelayEvent;
import parley.signalling.wire.ClientEvent;
import parley.signalling.wire.Jid;

/**
 * What happens to a call.
 *
 * <pre>
 * from clients:    FromClient (offer, trickle, buzz, buzzcancel, leave, reject, sound, muteall)
 * from the relay:  FromRelay (answered, refused, connected, talking, gone, recording, failed)
 * from servers:    FromServer (start, end, ring, mute, remove)
 * from sessions:   SessionOpened, SessionLost
 * from the chat:   MembersChanged, RecordingAsked, RecordingRuled, MaskAsked, Agreed
 * from time:       Tick
 * </pre>
 */
public sealed interface CallInput {

  /** A client said something about this call; {@code event.jid()} has led here already. */
  record FromClient(Person person, Device device, ClientEvent.OfCall event) implements CallInput {
    /** The contact who said it. */
    public Jid contact() {
      return person.jid();
    }

    /** The session it was said on. */
    public SessionId session() {
      return device.session();
    }
  }

  /** The relay said something about this call. */
  record FromRelay(RelayEvent event) implements CallInput {}

  /** A server gave an order. */
  record FromServer(CallOrder order) implements CallInput {}

  /** A member connected: it learns of the call, and is rung if its contact is. */
  record SessionOpened(Jid contact, SessionId session) implements CallInput {}

  /** A session is gone, for whatever reason; it need not have to do with the call. */
  record SessionLost(SessionId session) implements CallInput {}

  /** The chat has these members now. */
  record MembersChanged(Set<Jid> members) implements CallInput {
    public MembersChanged {
      members = Set.copyOf(members);
    }
  }

  /** Recording was switched for this call while it runs. */
  record RecordingAsked(boolean on) implements CallInput {}

  /** Calls in the chat are recorded otherwise from now on, also the one that runs. */
  record RecordingRuled(RecordingPolicy policy) implements CallInput {}

  /**
   * Somebody who may wants something kept out of the recording, or no longer.
   *
   * @param contact whose voice; null: everybody's
   * @param by who wants it, for people
   * @param why for people; may be empty
   */
  record MaskAsked(@Nullable Jid contact, boolean on, String by, String why) implements CallInput {}

  /**
   * A contact has said, or has not, that he may be recorded.
   *
   * @param sentence when, and from where
   */
  record Agreed(Jid contact, boolean agrees, String sentence) implements CallInput {}

  /** {@link Call#nextDeadlineNs()} has come; too early or too late does no harm. */
  record Tick() implements CallInput {}
}
