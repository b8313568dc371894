package parley.relay.api;

import java.nio.file.Path;
import java.util.List;

/**
 * What the relay tells signalling. Events of one call arrive in the order they happened.
 *
 * <pre>
 * about a call:  Dominant, Reported, Reachable, Recording, RecordingReady, RecordingFound, Failed
 * about a peer:  Answered, Refused, Connected, Talking, LegEnded, Gone, Lost
 * </pre>
 */
public sealed interface RelayEvent {

  CallId call();

  /**
   * The offer is accepted.
   *
   * @param sdp the answer, with every candidate of the relay in it
   * @param candidates the same candidates once more, for clients that want them apart
   */
  record Answered(CallId call, PeerId peer, String sdp, List<IceCandidate> candidates)
      implements RelayEvent {
    public Answered {
      candidates = List.copyOf(candidates);
    }

    @Override
    public String toString() {
      return "Answered[" + call.shortForm() + " " + peer + "]"; // the SDP holds secrets
    }
  }

  /**
   * The offer cannot be served; the peer is not in the call.
   *
   * @param reason one sentence for the user: what is wrong with the offer and what would be right
   */
  record Refused(CallId call, PeerId peer, String reason) implements RelayEvent {}

  /**
   * ICE and DTLS are done, audio can flow.
   *
   * @param fingerprint of the certificate the client showed, {@code sha-256 AB:CD:…} (RFC 8122)
   * @param setUp how long it took
   */
  record Connected(CallId call, PeerId peer, String fingerprint, SetUp setUp)
      implements RelayEvent {
    /** Without saying how long it took. */
    public Connected(CallId call, PeerId peer, String fingerprint) {
      this(call, peer, fingerprint, new SetUp(0, 0, 0));
    }
  }

  /** Milliseconds from the offer to the first check, to the first of DTLS, to its end. */
  record SetUp(long checkedMs, long handshakingMs, long connectedMs) {}

  /** The device began or ceased to carry speech. Only changes are told. */
  record Talking(CallId call, PeerId peer, boolean talking) implements RelayEvent {}

  /**
   * Another contact holds the floor: whose turn it is, which is not the same as who makes a sound.
   * In a silence nothing changes.
   *
   * @param contact as in {@link PeerInfo}
   */
  record Dominant(CallId call, String contact) implements RelayEvent {}

  /**
   * A leg is over, for whatever reason; a device that offers again may have another. An offer that
   * was refused is told of in the same way, with figures of nothing.
   */
  record LegEnded(CallId call, LegReport report) implements RelayEvent {
    public PeerId peer() {
      return report.peer();
    }
  }

  /** How everybody is connected now, in the order they came. */
  record Reported(CallId call, List<LegReport> legs) implements RelayEvent {
    public Reported {
      legs = List.copyOf(legs);
    }
  }

  /** Where other relays reach this one for this call, the most preferred address first. */
  record Reachable(CallId call, List<TrunkLine.Address> addresses) implements RelayEvent {
    public Reachable {
      addresses = List.copyOf(addresses);
    }
  }

  /**
   * The relay has given the peer up by itself.
   *
   * @param reason one sentence: consent lapsed, the DTLS handshake failed, …
   */
  record Gone(CallId call, PeerId peer, String reason) implements RelayEvent {}

  /** The relay that had the peer has gone; another one will take it, if it offers again. */
  record Lost(CallId call, PeerId peer) implements RelayEvent {}

  /**
   * Recording really began or ended: what {@code audiorecord} shows.
   *
   * @param reason why it is off although it was asked for; empty otherwise
   */
  record Recording(CallId call, boolean on, String reason) implements RelayEvent {}

  /** The recording is closed and complete on disk. */
  record RecordingReady(CallId call, Path directory) implements RelayEvent {}

  /**
   * A recording that an earlier process left behind when it died has been found, and sealed as it
   * was. No call of this process is meant.
   *
   * @param info as far as it could be read
   * @param reason what is missing, one sentence; empty when only the news of its completion was
   */
  record RecordingFound(CallId call, CallInfo info, Path directory, String reason)
      implements RelayEvent {}

  /** The relay had to give up this one call, a defect on its side; all its peers are gone. */
  record Failed(CallId call, String reason) implements RelayEvent {}
}
