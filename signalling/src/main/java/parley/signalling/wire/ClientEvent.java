package parley.signalling.wire;

import java.util.List;

/**
 * What a client may say, decoded. Fields that the client left out have their defaults: empty,
 * {@code false}, zero.
 *
 * <pre>
 * about a call:    CallOffer CallTrickle CallBuzz CallBuzzCancel CallLeave CallReject CallSound CallMuteAll
 * about a session: Activity Confirm Ping
 * </pre>
 */
public sealed interface ClientEvent {

  /** The name on the wire: {@code client.call.offer}. */
  String name();

  /** Events about the call in one chat. */
  sealed interface OfCall extends ClientEvent {
    /** The chat, or of a direct call the other contact, as its sender sees it. */
    Jid jid();
  }

  /**
   * Starts, joins and accepts a call; sent again by a device that is in the call already, it renews
   * that device's media.
   *
   * @param sdp whole, as the client wrote it: hostile input; may be empty
   */
  record CallOffer(Jid jid, boolean muted, boolean trickle, String sdp) implements OfCall {
    @Override
    public String name() {
      return "client.call.offer";
    }

    @Override
    public String toString() {
      return "CallOffer[" + jid.shortForm() + "]"; // the SDP holds secrets
    }
  }

  /**
   * One more ICE candidate.
   *
   * @param candidate hostile input; empty: there are no more
   */
  record CallTrickle(Jid jid, String candidate, String sdpMid, int sdpMlineIndex)
      implements OfCall {
    @Override
    public String name() {
      return "client.call.trickle";
    }

    @Override
    public String toString() {
      return "CallTrickle[" + jid.shortForm() + "]"; // a candidate is an address
    }
  }

  /**
   * Rings members of the chat who are not in its call.
   *
   * @param members empty: all
   */
  record CallBuzz(Jid jid, List<Jid> members) implements OfCall {
    public CallBuzz {
      members = List.copyOf(members);
    }

    @Override
    public String name() {
      return "client.call.buzz";
    }
  }

  /** Stops what the sender rings, or, from who is rung, declines. */
  record CallBuzzCancel(Jid jid) implements OfCall {
    @Override
    public String name() {
      return "client.call.buzzcancel";
    }
  }

  /** The sender's device leaves. */
  record CallLeave(Jid jid, String reason) implements OfCall {
    @Override
    public String name() {
      return "client.call.leave";
    }
  }

  /** The rung contact declines. */
  record CallReject(Jid jid, String reason) implements OfCall {
    @Override
    public String name() {
      return "client.call.reject";
    }
  }

  /** The sender's device is muted or unmuted. */
  record CallSound(Jid jid, boolean muted) implements OfCall {
    @Override
    public String name() {
      return "client.call.sound";
    }
  }

  /** Every other participant is muted. */
  record CallMuteAll(Jid jid) implements OfCall {
    @Override
    public String name() {
      return "client.call.muteall";
    }
  }

  /** The sender went away from the keyboard, or came back. */
  record Activity(boolean afk) implements ClientEvent {
    @Override
    public String name() {
      return "client.activity";
    }
  }

  /** A server event that carried this confirm_id has arrived. */
  record Confirm(String confirmId) implements ClientEvent {
    @Override
    public String name() {
      return "client.confirm";
    }
  }

  /** Asks for a {@code server.confirm}. */
  record Ping() implements ClientEvent {
    @Override
    public String name() {
      return "client.ping";
    }
  }
}
