package parley.signalling.call;

import java.util.ArrayDeque;
import java.util.LinkedHashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import parley.relay.api.PeerId;
import parley.signalling.wire.Jid;

/**
 * One device's place in the call: what stays the same while its sockets come and go. Changed by
 * {@link Roster} and {@link Call} only.
 */
final class Seat {

  /** An offer that the relay has not answered yet. */
  record Asked(SessionId session, boolean trickle) {}

  /** A client waits for its answer; who has so many open is not waiting. */
  static final int MAX_ASKED = 8;

  PeerId peer;
  Person person;
  Device device;
  boolean muted;
  boolean talking;

  /** Those who talked already when the device came on its socket, which is told of changes only. */
  final Set<Jid> untold = new LinkedHashSet<>(0);

  /** The socket died: nothing can be told to this device. */
  boolean lost;

  /** Unless it offers again until then, the device is let go; MAX_VALUE: nothing is awaited. */
  long offerByNs = Long.MAX_VALUE;

  /** The relay answers in the order it was asked. */
  private final ArrayDeque<Asked> asked = new ArrayDeque<>(2);

  Seat(PeerId peer, Person person, Device device, boolean muted) {
    this.peer = peer;
    this.person = person;
    this.device = device;
    this.muted = muted;
  }

  Jid contact() {
    return person.jid();
  }

  SessionId session() {
    return device.session();
  }

  boolean hasTooManyAsked() {
    return asked.size() >= MAX_ASKED;
  }

  /** The device offers: whatever was awaited of it has come. */
  void ask(boolean trickle) {
    asked.add(new Asked(session(), trickle));
    offerByNs = Long.MAX_VALUE;
  }

  /** Which offer the relay has just answered or refused. */
  @Nullable Asked answered() {
    return asked.poll();
  }

  /** Whether the relay has an offer of this device still before it. */
  boolean waitsForAnswer() {
    return !asked.isEmpty();
  }

  /** The relay has lost every offer. */
  void mustOfferAgain(long untilNs) {
    asked.clear();
    talking = false;
    offerByNs = Math.min(offerByNs, untilNs);
  }
}
