package parley.signalling.call;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import parley.relay.api.PeerId;
import parley.signalling.wire.CallDevice;
import parley.signalling.wire.CallOnliner;
import parley.signalling.wire.IconData;
import parley.signalling.wire.Jid;

/** Who is in the call, with which devices, in the order they came. */
final class Roster {
  private final Map<PeerId, Seat> seats = new LinkedHashMap<>();
  private final Map<SessionId, Seat> bySession = new HashMap<>();
  private final Map<Jid, List<Seat>> byContact = new LinkedHashMap<>();
  private int lastPeer;

  /** A device comes in. Its peer id is new: late news of an earlier stay cannot be mistaken. */
  Seat sit(Person person, Device device, boolean muted) {
    Seat seat = new Seat(nextPeer(person), person, device, muted);
    seat.untold.addAll(talkers());
    seats.put(seat.peer, seat);
    bySession.put(device.session(), seat);
    byContact.computeIfAbsent(person.jid(), jid -> new ArrayList<>(1)).add(seat);
    return seat;
  }

  /** The relay has lost the device: late news of it from before cannot be mistaken either. */
  void rename(Seat seat) {
    seats.remove(seat.peer);
    seat.peer = nextPeer(seat.person);
    seats.put(seat.peer, seat);
  }

  private PeerId nextPeer(Person person) {
    return new PeerId(person.jid().uuid().toString().substring(0, 8) + "-" + ++lastPeer);
  }

  /** The device is served by this socket from now on. */
  void move(Seat seat, Person person, Device device) {
    bySession.remove(seat.session(), seat);
    if (!seat.session().equals(device.session())) {
      seat.untold.clear();
      seat.untold.addAll(talkers());
    }
    seat.person = person;
    seat.device = device;
    seat.lost = false;
    bySession.put(device.session(), seat);
  }

  /** The device's socket is dead. */
  void lose(Seat seat) {
    bySession.remove(seat.session(), seat);
    seat.lost = true;
  }

  void remove(Seat seat) {
    seats.remove(seat.peer);
    bySession.remove(seat.session(), seat);
    List<Seat> others = byContact.get(seat.contact());
    if (others != null && others.remove(seat) && others.isEmpty()) {
      byContact.remove(seat.contact());
    }
  }

  void clear() {
    seats.clear();
    bySession.clear();
    byContact.clear();
  }

  @Nullable Seat of(PeerId peer) {
    return seats.get(peer);
  }

  @Nullable Seat of(SessionId session) {
    return bySession.get(session);
  }

  /**
   * The seat of a device that may have come back on another socket: the session's own; else the one
   * that says it is the same client; else one of the contact whose socket is lost and which calls
   * itself the same.
   */
  @Nullable Seat of(Jid contact, Device device) {
    Seat own = bySession.get(device.session());
    if (own != null) {
      return own;
    }
    List<Seat> seatsOfContact = byContact.getOrDefault(contact, List.of());
    for (Seat seat : seatsOfContact) {
      if (!device.instance().isEmpty() && device.instance().equals(seat.device.instance())) {
        return seat;
      }
    }
    for (Seat seat : seatsOfContact) {
      boolean mayBeSame = device.instance().isEmpty() || seat.device.instance().isEmpty();
      if (seat.lost && mayBeSame && seat.device.useragent().equals(device.useragent())) {
        return seat;
      }
    }
    return null;
  }

  Collection<Seat> seats() {
    return List.copyOf(seats.values());
  }

  List<Seat> seats(Predicate<Seat> condition) {
    return seats.values().stream().filter(condition).toList();
  }

  List<Seat> seatsOf(Jid contact) {
    return List.copyOf(byContact.getOrDefault(contact, List.of()));
  }

  /** Participants, in the order they came. */
  Set<Jid> contacts() {
    return byContact.keySet();
  }

  boolean has(Jid contact) {
    return byContact.containsKey(contact);
  }

  boolean isEmpty() {
    return seats.isEmpty();
  }

  /** Sockets of the devices this is true of; those that are lost have none. */
  List<SessionId> sessions(Predicate<Seat> condition) {
    List<SessionId> sessions = new ArrayList<>();
    for (Seat seat : seats.values()) {
      if (!seat.lost && condition.test(seat)) {
        sessions.add(seat.session());
      }
    }
    return sessions;
  }

  boolean talks(Jid contact) {
    return byContact.getOrDefault(contact, List.of()).stream().anyMatch(seat -> seat.talking);
  }

  private List<Jid> talkers() {
    return byContact.keySet().stream().filter(this::talks).toList();
  }

  /** Of whoever has fallen silent, nobody needs to be told any more that he talks. */
  void silent(Jid contact) {
    for (Seat seat : seats.values()) {
      seat.untold.remove(contact);
    }
  }

  List<CallOnliner> onliners() {
    return byContact.values().stream().map(Roster::onliner).toList();
  }

  private static CallOnliner onliner(List<Seat> devices) {
    Person person = devices.getLast().person; // as it was told most recently
    IconData icons = person.icons();
    return new CallOnliner(
        person.jid(),
        person.displayName(),
        person.role(),
        icons == null ? "" : icons.smallUrl(),
        devices.stream().allMatch(seat -> seat.muted),
        devices.stream().map(seat -> new CallDevice(seat.muted, seat.device.useragent())).toList());
  }

  /** For whoever goes on with the call. */
  List<CallHandover.HeldSeat> held() {
    return seats.values().stream()
        .map(
            seat ->
                new CallHandover.HeldSeat(
                    seat.contact(),
                    seat.session(),
                    seat.device.useragent(),
                    seat.device.instance(),
                    seat.muted,
                    seat.lost))
        .toList();
  }

  long nextDeadlineNs() {
    long next = Long.MAX_VALUE;
    for (Seat seat : seats.values()) {
      next = Math.min(next, seat.offerByNs);
    }
    return next;
  }
}
