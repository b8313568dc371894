package parley.signalling.call;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.SequencedSet;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import parley.relay.api.PeerId;
import parley.relay.api.RelayEvent;
import parley.signalling.wire.ClientEvent;
import parley.signalling.wire.Jid;

/**
 * Devices coming, going, being muted and talking: keeps the roster, the relay and the participants
 * at one. What that means for the call as a whole is not its business.
 */
final class Attendance {
  private final Roster roster;
  private final RelayLine relay;
  private final Announcer announce;
  private final StateMerger merger;
  private final SequencedSet<Jid> everIn = new LinkedHashSet<>();

  Attendance(Roster roster, RelayLine relay, Announcer announce, StateMerger merger) {
    this.roster = roster;
    this.relay = relay;
    this.announce = announce;
    this.merger = merger;
  }

  /** Every contact who was in the call at some time, in the order they came. */
  SequencedSet<Jid> everIn() {
    return everIn;
  }

  // --- from clients

  /** A device comes in. With {@code alone}, the contact's other devices go. */
  void join(CallInput.FromClient in, ClientEvent.CallOffer offer, boolean alone) {
    List<Seat> older = alone ? roster.seatsOf(in.contact()) : List.of();
    Seat seat = roster.sit(in.person(), in.device(), offer.muted());
    everIn.add(in.contact());
    older.forEach(device -> putOut(device, "another device took over"));
    relay.offer(seat, offer.sdp(), offer.trickle());
    merger.changed();
  }

  /** A device that has a seat offers again: a new network, a new socket, or a restart. */
  void renew(Seat seat, CallInput.FromClient in, ClientEvent.CallOffer offer) {
    if (seat.hasTooManyAsked()) {
      announce.warn(in, "too many offers at once, wait for an answer");
      return;
    }
    if (!seat.lost && !seat.session().equals(in.session())) {
      announce.putOut(seat, "it went on on another socket");
      announce.leave(seat.contact(), seat.session());
    }
    if (!seat.device.useragent().equals(in.device().useragent())) {
      merger.changed();
    }
    roster.move(seat, in.person(), in.device());
    mute(seat, offer.muted());
    relay.offer(seat, offer.sdp(), offer.trickle());
  }

  void trickle(SessionId session, String candidate) {
    Seat seat = roster.of(session);
    if (seat != null) {
      relay.trickle(seat, candidate);
    }
  }

  /** The sender's own device; told what holds now, whether it changed or not. */
  void sound(SessionId session, boolean muted) {
    Seat seat = roster.of(session);
    if (seat != null) {
      mute(seat, muted);
      announce.sound(seat);
    }
  }

  void muteAllBut(Jid muter) {
    roster.seats(seat -> !seat.contact().equals(muter)).forEach(seat -> mute(seat, true));
    announce.mutedBy(muter);
  }

  /**
   * By a server.
   *
   * @param contact null: everyone
   */
  void mute(@Nullable Jid contact) {
    roster
        .seats(seat -> contact == null || seat.contact().equals(contact))
        .forEach(seat -> mute(seat, true));
    announce.muted(contact);
  }

  private void mute(Seat seat, boolean muted) {
    if (seat.muted != muted) {
      seat.muted = muted;
      relay.mute(seat);
      merger.changed();
      if (muted) {
        talk(seat, false);
      }
    }
  }

  // --- from the relay

  void answered(RelayEvent.Answered answer) {
    Seat seat = roster.of(answer.peer());
    Seat.Asked asked = seat == null ? null : seat.answered();
    // An answer belongs to the socket that asked: on another it would fit no offer.
    if (seat != null && asked != null && asked.session().equals(seat.session())) {
      announce.answer(seat, asked.trickle(), answer);
      seat.untold.forEach(talker -> announce.talking(seat, talker));
      seat.untold.clear();
    }
  }

  void refused(PeerId peer, String reason) {
    Seat seat = roster.of(peer);
    Seat.Asked asked = seat == null ? null : seat.answered();
    if (seat == null || asked == null) {
      return;
    }
    if (asked.session().equals(seat.session())) {
      announce.refused(seat, reason);
    }
    if (!seat.waitsForAnswer()) {
      remove(seat, reason);
    }
  }

  void connected(PeerId peer, String fingerprint) {
    Seat seat = roster.of(peer);
    if (seat != null) {
      announce.fingerprint(seat, fingerprint);
    }
  }

  void talking(PeerId peer, boolean talking) {
    Seat seat = roster.of(peer);
    if (seat != null) {
      talk(seat, talking && !seat.muted);
    }
  }

  private void talk(Seat seat, boolean talking) {
    boolean before = roster.talks(seat.contact());
    seat.talking = talking;
    boolean after = roster.talks(seat.contact());
    if (before && !after) {
      roster.silent(seat.contact());
    }
    if (before != after) {
      announce.talking(seat.contact(), after);
    }
  }

  void gone(PeerId peer, String reason) {
    Seat seat = roster.of(peer);
    // With an offer before it that it had not seen yet, the relay will take the peer in again.
    if (seat != null && !seat.waitsForAnswer()) {
      putOut(seat, reason);
    }
  }

  /** The relay has lost everyone: whoever does not offer again until then is let go. */
  void restart(long offerByNs) {
    for (Seat seat : roster.seats()) {
      talk(seat, false);
      roster.rename(seat);
      seat.mustOfferAgain(offerByNs);
    }
    announce.restart();
    merger.changed();
  }

  /**
   * The node that had this device's leg is gone: unless it offers again until then, it is let go.
   */
  void restart(PeerId peer, long offerByNs) {
    Seat seat = roster.of(peer);
    if (seat != null) {
      talk(seat, false);
      roster.rename(seat);
      seat.mustOfferAgain(offerByNs);
      announce.restart(seat);
      merger.changed();
    }
  }

  /**
   * Devices that were in the call where it was before: they have until then to offer here. One
   * whose socket has gone may come back on another, as ever.
   */
  void takeOver(CallHandover before, Function<Jid, @Nullable Person> people, long offerByNs) {
    everIn.addAll(before.everIn());
    for (CallHandover.HeldSeat held : before.seats()) {
      Person person = people.apply(held.contact());
      if (person != null) {
        var device = new Device(held.session(), held.useragent(), held.instance());
        Seat seat = roster.sit(person, device, held.muted());
        if (held.lost()) {
          roster.lose(seat);
        }
        seat.mustOfferAgain(offerByNs);
      }
    }
    announce.restart();
    merger.changed();
  }

  // --- from sessions, chat and time

  /** The socket is dead, the media may well live: the device has until then to offer again. */
  void lost(SessionId session, long offerByNs) {
    Seat seat = roster.of(session);
    if (seat != null) {
      roster.lose(seat);
      seat.offerByNs = Math.min(seat.offerByNs, offerByNs);
    }
  }

  void removeIfNot(Predicate<Jid> member) {
    roster
        .seats(seat -> !member.test(seat.contact()))
        .forEach(seat -> putOut(seat, "no longer in the chat"));
  }

  /** True when there were any. */
  boolean removeOverdue(long nowNs) {
    List<Seat> overdue = roster.seats(seat -> seat.offerByNs <= nowNs);
    overdue.forEach(seat -> putOut(seat, "did not come back"));
    return !overdue.isEmpty();
  }

  /** By a server. */
  void putOut(Jid contact, String why) {
    roster.seatsOf(contact).forEach(seat -> putOut(seat, why));
  }

  /** Not by its own wish: the device is told why. */
  private void putOut(Seat seat, String why) {
    announce.putOut(seat, why);
    remove(seat, why);
  }

  void remove(Seat seat, String why) {
    talk(seat, false);
    roster.remove(seat);
    relay.leave(seat, why);
    if (!seat.lost) {
      announce.leave(seat.contact(), seat.session());
    }
    if (!roster.has(seat.contact())) {
      announce.left(seat.contact());
    }
    merger.changed();
  }
}
