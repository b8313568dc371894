package parley.signalling.session;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import parley.relay.api.CallId;
import parley.relay.api.LegReport;
import parley.relay.api.PeerId;
import parley.relay.api.PeerInfo;
import parley.relay.api.RecordingNote;
import parley.relay.api.RelayCommand;
import parley.relay.api.TrunkLine;
import parley.signalling.cluster.NodeId;

/**
 * Over which nodes the legs of one call of ours are spread, and what a node has to be told that
 * carries some from now on. Owned by its {@link Cascade}.
 */
final class Spread {

  /** A node that ends, or has too much to do, is not asked again until others know that, too. */
  private static final long REFUSED_NS = TimeUnit.SECONDS.toNanos(10);

  /** A report that has not come by then does not come. */
  private static final long LATE_NS = TimeUnit.SECONDS.toNanos(5);

  /** More legs than any node has: reports that go on and on are nobody's. */
  private static final int MAX_LEGS = 20_000;

  /** A node with legs of the call. */
  static final class Carrier {
    final NodeId node;

    /** Which of our openings of the call there this is; what is said of another one is late. */
    final long opening;

    @Nullable List<TrunkLine.Address> addresses;
    List<LegReport> legs = List.of();
    int seats;

    /** It gives its legs back, and gets no others. */
    boolean ends;

    private final List<LegReport> coming = new ArrayList<>();

    Carrier(NodeId node, long opening) {
      this.node = node;
      this.opening = opening;
    }

    /** A part of its report; one that is not full is the last. Whether that was all. */
    boolean reported(List<LegReport> part) {
      if (coming.size() < MAX_LEGS) {
        coming.addAll(part);
      }
      if (part.size() >= CarriedCalls.PART) {
        return false;
      }
      legs = List.copyOf(coming);
      coming.clear();
      return true;
    }
  }

  /** Whose leg is where. */
  record Placed(NodeId node, PeerInfo who) {}

  private final Map<PeerId, Placed> seats = new HashMap<>();

  /** Legs of a node that ends, which are heard until their devices have others. */
  private final Map<PeerId, Placed> moving = new HashMap<>();

  /** Nodes that did not take legs, or lost them, and until when they are asked for nothing. */
  private final Map<NodeId, Long> refused = new HashMap<>();

  /** Nodes whose reports are awaited. */
  private final Set<NodeId> asked = new HashSet<>();

  private long askedNs;

  private final Map<NodeId, Carrier> carriers = new LinkedHashMap<>();

  /** Pairs of nodes between which there is a line. */
  private final Set<Set<NodeId>> linked = new HashSet<>();

  private RelayCommand.Open open;
  private final Map<String, RelayCommand.Mask> masks = new LinkedHashMap<>();
  private final Map<String, RecordingNote> consents = new LinkedHashMap<>();

  Spread(NodeId self, RelayCommand.Open open) {
    this.open = open;
    carriers.put(self, new Carrier(self, 0));
  }

  CallId call() {
    return open.call();
  }

  /** Something about the whole call; who carries legs of it later has to know as well. */
  void said(RelayCommand command) {
    switch (command) {
      case RelayCommand.SetRecording set ->
          open = new RelayCommand.Open(open.call(), open.info(), set.on());
      case RelayCommand.Rule rule ->
          open = new RelayCommand.Open(open.call(), open.info().with(rule.policy()), open.record());
      case RelayCommand.Mask mask -> {
        if (mask.on()) {
          masks.put(mask.contact(), mask);
        } else {
          masks.remove(mask.contact());
        }
      }
      case RelayCommand.Note note -> {
        if (note.note().what().equals(RecordingNote.CONSENT)) {
          consents.put(note.note().contact(), note.note());
        }
      }
      case RelayCommand.Open _,
          RelayCommand.Report _,
          RelayCommand.Reach _,
          RelayCommand.Link _,
          RelayCommand.Unlink _,
          RelayCommand.Close _,
          RelayCommand.Offer _,
          RelayCommand.Trickle _,
          RelayCommand.Mute _,
          RelayCommand.Leave _ -> {}
    }
  }

  /** What a node is told first. */
  List<RelayCommand> beginning() {
    List<RelayCommand> all = new ArrayList<>();
    all.add(open);
    all.addAll(masks.values());
    consents.values().forEach(note -> all.add(new RelayCommand.Note(open.call(), note)));
    all.add(new RelayCommand.Reach(open.call()));
    return all;
  }

  /** Where a device's leg is; null: it has none yet. */
  @Nullable NodeId of(PeerId peer) {
    Placed seat = seats.get(peer);
    return seat == null ? null : seat.node;
  }

  void seat(PeerId peer, PeerInfo who, Carrier at) {
    seats.put(peer, new Placed(at.node, who));
    at.seats++;
  }

  /** It has no leg any more. */
  void unseat(PeerId peer) {
    moving.remove(peer);
    Placed seat = seats.remove(peer);
    Carrier carrier = seat == null ? null : carriers.get(seat.node);
    if (carrier != null) {
      carrier.seats--;
    }
  }

  /** Its node ends: its leg stays until the device has another. */
  void move(PeerId peer) {
    Placed seat = seats.get(peer);
    unseat(peer);
    if (seat != null) {
      moving.put(peer, seat);
    }
  }

  /**
   * A device is connected: its leg of before, on a node that ends, must not be heard beside the new
   * one. Null: there is none, or it cannot be told which.
   */
  Map.@Nullable Entry<PeerId, Placed> moved(PeerId peer) {
    Placed now = seats.get(peer);
    Map.Entry<PeerId, Placed> found = null;
    for (Map.Entry<PeerId, Placed> each : moving.entrySet()) {
      if (now != null && each.getValue().who.equals(now.who)) {
        if (found != null) {
          return null; // two devices that call themselves the same
        }
        found = Map.entry(each.getKey(), each.getValue());
      }
    }
    if (found != null) {
      moving.remove(found.getKey());
    }
    return found;
  }

  /** Devices whose legs are on other nodes. */
  int elsewhere(NodeId self) {
    Carrier here = carriers.get(self);
    return seats.size() - (here == null ? 0 : here.seats);
  }

  /** A node gets no more legs of the call for a while. */
  void refused(NodeId node, long nowNs) {
    refused.put(node, nowNs + REFUSED_NS);
  }

  boolean hasRefused(NodeId node, long nowNs) {
    return nowNs < refused.getOrDefault(node, Long.MIN_VALUE);
  }

  /** Which nodes are to be asked for a report now; the others have been, and have not answered. */
  List<Carrier> ask(long nowNs) {
    if (nowNs - askedNs > LATE_NS) {
      asked.clear();
    }
    if (asked.isEmpty()) {
      askedNs = nowNs;
    }
    List<Carrier> all = new ArrayList<>();
    for (Carrier carrier : carriers.values()) {
      if (asked.add(carrier.node)) {
        all.add(carrier);
      }
    }
    return all;
  }

  /** A node has told all; whether that was the last. */
  boolean told(NodeId node) {
    return asked.remove(node) && asked.isEmpty();
  }

  @Nullable Carrier carrier(NodeId node) {
    return carriers.get(node);
  }

  List<Carrier> carriers() {
    return List.copyOf(carriers.values());
  }

  Carrier add(NodeId node, long opening) {
    var carrier = new Carrier(node, opening);
    carriers.put(node, carrier);
    return carrier;
  }

  /** A node carries nothing of it any more; returns whose legs were there. */
  List<PeerId> remove(NodeId node) {
    carriers.remove(node);
    linked.removeIf(pair -> pair.contains(node));
    List<PeerId> there = new ArrayList<>();
    seats.forEach(
        (peer, at) -> {
          if (at.node.equals(node)) {
            there.add(peer);
          }
        });
    there.forEach(seats::remove);
    moving.values().removeIf(at -> at.node.equals(node));
    return there;
  }

  /** Whether there was no line between the two; there is one now. */
  boolean link(NodeId one, NodeId other) {
    return linked.add(Set.of(one, other));
  }

  /** How everybody is connected, wherever. */
  List<LegReport> legs() {
    return carriers.values().stream().flatMap(carrier -> carrier.legs.stream()).toList();
  }
}
