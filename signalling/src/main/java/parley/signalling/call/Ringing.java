package parley.signalling.call;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import parley.signalling.wire.Jid;

/**
 * Who is being rung, by whom, and until when. A contact is rung once, on all his sessions; every
 * ring ends in an answer or in a {@code buzzcancel}.
 */
final class Ringing {

  private record Ring(Jid contact, Person ringer, long untilNs) {}

  private final Map<Jid, Ring> rings = new LinkedHashMap<>();
  private final Duration timeout;
  private final Announcer announce;

  Ringing(Duration timeout, Announcer announce) {
    this.timeout = timeout;
    this.announce = announce;
  }

  /** Rings those of them who are not being rung yet. */
  void ring(List<Jid> contacts, Person ringer, long nowNs) {
    List<Jid> quiet = contacts.stream().filter(contact -> !rings.containsKey(contact)).toList();
    long untilNs = nowNs + timeout.toNanos();
    quiet.forEach(contact -> rings.put(contact, new Ring(contact, ringer, untilNs)));
    announce.buzz(quiet, ringer, timeout);
  }

  /** A session of a contact who may be being rung has connected. */
  void ringAlso(Jid contact, SessionId session, long nowNs) {
    Ring ring = rings.get(contact);
    if (ring != null) {
      Duration remaining = Duration.ofNanos(Math.max(0, ring.untilNs() - nowNs));
      announce.buzz(contact, session, ring.ringer(), remaining);
    }
  }

  /** The contact came into the call on this session: his other devices stop. */
  void answered(Jid contact, SessionId session) {
    if (rings.remove(contact) != null) {
      announce.buzzCancelElsewhere(contact, session);
    }
  }

  /** The contact declined on this session. False: he was not being rung. */
  boolean declined(Jid contact, SessionId session, String reason) {
    Ring ring = rings.remove(contact);
    if (ring == null) {
      return false;
    }
    announce.buzzCancelElsewhere(contact, session);
    announce.rejected(ring.ringer().jid(), reason);
    return true;
  }

  void cancel(Jid contact) {
    cancelIf(ring -> ring.contact().equals(contact));
  }

  void cancelBy(Jid ringer) {
    cancelIf(ring -> ring.ringer().jid().equals(ringer));
  }

  void cancelOverdue(long nowNs) {
    cancelIf(ring -> ring.untilNs() <= nowNs);
  }

  void cancelIfNot(Predicate<Jid> member) {
    cancelIf(ring -> !member.test(ring.contact()));
  }

  void cancelAll() {
    cancelIf(ring -> true);
  }

  boolean has(Jid contact) {
    return rings.containsKey(contact);
  }

  boolean isEmpty() {
    return rings.isEmpty();
  }

  int size() {
    return rings.size();
  }

  /** Those who were rung where the call was before; they hear it already. */
  void takeOver(Jid contact, Person ringer, long untilNs) {
    rings.put(contact, new Ring(contact, ringer, untilNs));
  }

  /** For whoever goes on with the call. */
  List<CallHandover.HeldRing> held(long nowNs) {
    return rings.values().stream()
        .map(
            ring ->
                new CallHandover.HeldRing(
                    ring.contact(),
                    ring.ringer().jid(),
                    Math.max(0, (ring.untilNs() - nowNs) / 1_000_000)))
        .toList();
  }

  /** Who is being rung. */
  Set<Jid> contacts() {
    return rings.keySet();
  }

  long nextDeadlineNs() {
    long next = Long.MAX_VALUE;
    for (Ring ring : rings.values()) {
      next = Math.min(next, ring.untilNs());
    }
    return next;
  }

  private void cancelIf(Predicate<Ring> condition) {
    List<Jid> cancelled = new ArrayList<>();
    rings.values().removeIf(ring -> condition.test(ring) && cancelled.add(ring.contact()));
    announce.buzzCancel(cancelled);
  }
}
