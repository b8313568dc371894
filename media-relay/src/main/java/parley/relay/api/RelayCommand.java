package parley.relay.api;

/**
 * What signalling asks of the relay.
 *
 * <pre>
 * for a call:  Open, SetRecording, Rule, Mask, Note, Report, Reach, Link, Unlink, Close
 * for a peer:  Offer, Trickle, Mute, Leave
 * </pre>
 *
 * Commands of one call are carried out in the order they were submitted. A command for a call or
 * peer that is not there any more is dropped: the two sides cross on the way.
 */
public sealed interface RelayCommand {

  CallId call();

  /**
   * A call begins. It stays, also without peers, until {@link Close}.
   *
   * @param record whether to record from the start; answered by {@link RelayEvent.Recording}
   */
  record Open(CallId call, CallInfo info, boolean record) implements RelayCommand {}

  /** Switches recording; answered by {@link RelayEvent.Recording}. */
  record SetRecording(CallId call, boolean on) implements RelayCommand {}

  /**
   * From now on nothing of a contact's is recorded, or it is again. Holds for all his devices,
   * those that come later, too, and until the call is closed, whether it is recorded or not.
   *
   * @param contact as in {@link PeerInfo}; empty: everybody
   * @param why stands in the recording
   */
  record Mask(CallId call, String contact, boolean on, String why) implements RelayCommand {}

  /** Calls in this place are recorded by another policy from now on; this one, too. */
  record Rule(CallId call, RecordingPolicy policy) implements RelayCommand {}

  /** Something that the recording, if there is one, has to tell. */
  record Note(CallId call, RecordingNote note) implements RelayCommand {}

  /**
   * How is everybody connected? Answered by {@link RelayEvent.Reported}, but not when the call has
   * ended in the meantime.
   */
  record Report(CallId call) implements RelayCommand {}

  /**
   * Where do other relays reach this one for this call? Answered by {@link RelayEvent.Reachable}.
   */
  record Reach(CallId call) implements RelayCommand {}

  /**
   * From now on those who speak here are heard on another relay that has legs of the same call, and
   * the other way round: the loudest few of each, every packet once.
   */
  record Link(CallId call, TrunkLine line) implements RelayCommand {}

  /**
   * No longer.
   *
   * @param far as in {@link TrunkLine}
   */
  record Unlink(CallId call, String far) implements RelayCommand {}

  /** The call is over: every peer is let go, the recording is closed. */
  record Close(CallId call, String reason) implements RelayCommand {}

  /**
   * A device joins, or offers again (a new network, a new socket, a restart). Answered by {@link
   * RelayEvent.Answered} or {@link RelayEvent.Refused}.
   *
   * @param sdp the offer, whole, as the client sent it: hostile input
   * @param muted whether the device's microphone starts muted
   */
  record Offer(CallId call, PeerId peer, PeerInfo info, String sdp, boolean muted, boolean trickle)
      implements RelayCommand {
    @Override
    public String toString() {
      return "Offer[" + call.shortForm() + " " + peer + "]"; // the SDP holds secrets
    }
  }

  /**
   * One more candidate of the client. Empty: there are no more.
   *
   * @param candidate {@code candidate:…}: hostile input
   */
  record Trickle(CallId call, PeerId peer, String candidate) implements RelayCommand {}

  /** From now on the device is, or is not, forwarded and recorded. */
  record Mute(CallId call, PeerId peer, boolean muted) implements RelayCommand {}

  /** The device has left. No event answers it. */
  record Leave(CallId call, PeerId peer, String reason) implements RelayCommand {}
}
