package parley.signalling.session;

import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.ToLongFunction;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import parley.relay.api.CallId;
import parley.relay.api.MediaRelay;
import parley.relay.api.PeerId;
import parley.relay.api.RelayCommand;
import parley.relay.api.RelayEvent;
import parley.relay.api.TrunkLine;
import parley.signalling.cluster.Membership;
import parley.signalling.cluster.NodeId;
import parley.signalling.cluster.NodeMessage;
import parley.signalling.cluster.NodeStatus;

/**
 * The relay of calls that may be larger than what one node carries of a call: legs beyond that are
 * on other nodes, and the {@link parley.signalling.call.Call} knows nothing of it. Owned by the
 * {@link CallLoop}.
 *
 * <pre>
 * from calls of ours:     submit
 * from the relay here:    on
 * from other nodes:       asked (they own a call), answered (they carry legs of ours), died, anew
 * from whoever stops us:  drain
 * from time:              onTime
 * </pre>
 */
final class Cascade {

  private static final Logger log = LoggerFactory.getLogger(Cascade.class);

  /** The first version that can carry legs of others' calls. */
  private static final int FIRST_VERSION = 2;

  private final MediaRelay relay;
  private final Membership members;
  private final FarCalls far;
  private final Cluster nodes;
  private final ToLongFunction<CallId> claim;
  private final RandomGenerator random;
  private final Moment moment;
  private final Consumer<RelayEvent> events;
  private final CarriedCalls carried;
  private final Map<CallId, Spread> spreads = new HashMap<>();
  private long lastOpening;

  /**
   * @param far knows who owns a call by the latest claim
   * @param claim by what right a call of ours speaks; 0: none
   * @param random makes keys: a secure one
   * @param events told what becomes of the legs of calls of ours, wherever they are
   */
  Cascade(
      MediaRelay relay,
      Membership members,
      FarCalls far,
      Cluster nodes,
      ToLongFunction<CallId> claim,
      RandomGenerator random,
      Moment moment,
      Consumer<RelayEvent> events) {
    this.relay = relay;
    this.members = members;
    this.far = far;
    this.nodes = nodes;
    this.claim = claim;
    this.random = random;
    this.moment = moment;
    this.events = events;
    this.carried = new CarriedCalls(relay, members, far, nodes.relay(), moment);
  }

  // --- from calls of ours

  /** As {@link MediaRelay#submit}. */
  boolean submit(RelayCommand command) {
    Spread spread = spreads.get(command.call());
    return switch (command) {
      case RelayCommand.Open open -> open(open);
      case RelayCommand.Offer offer when spread != null -> offer(spread, offer);
      case RelayCommand.Trickle c when spread != null -> toSeat(spread, c.peer(), c);
      case RelayCommand.Mute c when spread != null -> toSeat(spread, c.peer(), c);
      case RelayCommand.Leave c when spread != null -> leave(spread, c);
      case RelayCommand.Report c when spread != null -> report(spread, c);
      case RelayCommand.Close close -> close(close);
      case RelayCommand other -> {
        if (spread != null) {
          spread.said(other);
          spread.carriers().forEach(carrier -> toFar(carrier, other));
        }
        yield relay.submit(other);
      }
    };
  }

  private boolean open(RelayCommand.Open open) {
    carried.letGo(open.call());
    if (spreads.containsKey(open.call())) { // handed over a moment ago, and here again
      boolean _ = close(new RelayCommand.Close(open.call(), "it begins anew"));
    }
    spreads.put(open.call(), new Spread(members.self(), open));
    return relay.submit(open);
  }

  private boolean offer(Spread spread, RelayCommand.Offer offer) {
    NodeId node = spread.of(offer.peer());
    Spread.Carrier at = node == null ? null : spread.carrier(node);
    if (at == null) {
      at = choose(spread);
      spread.seat(offer.peer(), offer.info(), at);
    }
    return tell(at, offer);
  }

  /** Here while there is room; then where legs are already; then on one more node. */
  private Spread.Carrier choose(Spread spread) {
    List<Spread.Carrier> all = spread.carriers();
    Spread.Carrier here = all.getFirst();
    if (here.seats < nodes.share()) {
      return here;
    }
    return all.stream()
        .filter(carrier -> carrier.seats < nodes.share() && !carrier.ends)
        .min(Comparator.comparingInt(carrier -> carrier.seats))
        .or(() -> another(spread))
        .orElse(here); // better too many here than somebody outside
  }

  private Optional<Spread.Carrier> another(Spread spread) {
    return members.living().stream()
        .filter(node -> node.takesCalls() && node.version() >= FIRST_VERSION)
        .filter(
            node ->
                spread.carrier(node.id()) == null && !spread.hasRefused(node.id(), moment.nowNs()))
        .min(
            Comparator.<NodeStatus, Boolean>comparing(node -> !node.region().equals(nodes.region()))
                .thenComparingInt(NodeStatus::devices)
                .thenComparingDouble(NodeStatus::cpu)
                .thenComparing(NodeStatus::id))
        .map(node -> begin(spread, node));
  }

  private Spread.Carrier begin(Spread spread, NodeStatus node) {
    log.info(
        "call {} goes on growing on {} ({} devices there)",
        spread.call().shortForm(),
        node.id(),
        node.devices());
    if (spread.carriers().size() == 1) {
      boolean _ = relay.submit(new RelayCommand.Reach(spread.call()));
    }
    Spread.Carrier carrier = spread.add(node.id(), ++lastOpening);
    spread.beginning().forEach(command -> toFar(carrier, command));
    return carrier;
  }

  private boolean toSeat(Spread spread, PeerId peer, RelayCommand command) {
    NodeId node = spread.of(peer);
    Spread.Carrier at = node == null ? null : spread.carrier(node);
    return at == null ? relay.submit(command) : tell(at, command);
  }

  private boolean leave(Spread spread, RelayCommand.Leave leave) {
    boolean taken = toSeat(spread, leave.peer(), leave);
    spread.unseat(leave.peer());
    return taken;
  }

  /** Of all nodes; one that has not answered yet is not asked again. */
  private boolean report(Spread spread, RelayCommand.Report report) {
    boolean taken = true;
    for (Spread.Carrier carrier : spread.ask(moment.nowNs())) {
      taken &= tell(carrier, report);
    }
    return taken;
  }

  private boolean close(RelayCommand.Close close) {
    Spread spread = spreads.remove(close.call());
    if (spread == null && carried.has(close.call())) {
      return true; // it was ours, went on elsewhere, and its new owner has legs here
    }
    if (spread != null) {
      spread.carriers().forEach(carrier -> toFar(carrier, close));
    }
    return relay.submit(close);
  }

  private boolean isHere(Spread.Carrier carrier) {
    return carrier.node.equals(members.self());
  }

  private boolean tell(Spread.Carrier carrier, RelayCommand command) {
    if (isHere(carrier)) {
      return relay.submit(command);
    }
    toFar(carrier, command);
    return true;
  }

  /** Nothing for this node itself. */
  private void toFar(Spread.Carrier carrier, RelayCommand command) {
    if (!isHere(carrier)) {
      long revision = claim.applyAsLong(command.call());
      members.send(carrier.node, new NodeMessage.ToRelay(command, carrier.opening, revision));
    }
  }

  // --- from the relay here

  /** Whether the event was of a call that somebody else owns, or of lines, and is dealt with. */
  boolean on(RelayEvent event) {
    if (carried.on(event)) {
      return true;
    }
    Spread spread = spreads.get(event.call());
    if (spread == null) {
      return event instanceof RelayEvent.Reachable;
    }
    Spread.Carrier here = spread.carriers().getFirst();
    switch (event) {
      case RelayEvent.Reachable reachable -> {
        reached(spread, here, reachable.addresses());
        return true;
      }
      case RelayEvent.Reported reported -> {
        here.legs = reported.legs();
        if (spread.carriers().size() == 1) {
          boolean _ = spread.told(here.node);
          return false;
        }
        told(spread, here.node);
        return true;
      }
      case RelayEvent.Connected connected -> settled(spread, connected.peer());
      case RelayEvent.Gone gone -> spread.unseat(gone.peer());
      case RelayEvent.Failed _ -> {
        spreads.remove(event.call()); // every device offers again, and finds its node anew
        var close = new RelayCommand.Close(event.call(), "its owner's relay failed");
        spread.carriers().forEach(carrier -> toFar(carrier, close));
      }
      case RelayEvent _ -> {}
    }
    return false;
  }

  /** A device is heard by its new leg: that of before, on a node that ends, is let go. */
  private void settled(Spread spread, PeerId peer) {
    Map.Entry<PeerId, Spread.Placed> before = spread.moved(peer);
    Spread.Carrier at = before == null ? null : spread.carrier(before.getValue().node());
    if (before != null && at != null) {
      boolean _ =
          tell(at, new RelayCommand.Leave(spread.call(), before.getKey(), "it is elsewhere now"));
    }
  }

  // --- from other nodes

  /** A node that owns a call, or believes so, wants something of the relay here. */
  void asked(NodeId owner, NodeMessage.ToRelay asked) {
    CallId call = asked.command().call();
    if (spreads.containsKey(call)) {
      boolean isLater = asked.revision() != 0 && !far.isOutdated(call, asked.revision());
      if (!isLater || !(asked.command() instanceof RelayCommand.Open)) {
        carried.refuse(owner, asked, "the call is owned there");
        return;
      }
      // We are about to hear that it is not ours any more.
      boolean _ = close(new RelayCommand.Close(call, "somebody else owns it"));
    }
    carried.asked(owner, asked);
  }

  /** Another node's relay tells something of a call that is, or was, ours. */
  void answered(NodeId node, NodeMessage.FromRelay told) {
    RelayEvent event = told.event();
    Spread spread = spreads.get(event.call());
    Spread.Carrier carrier = spread == null ? null : spread.carrier(node);
    if (spread == null || carrier == null || carrier.opening != told.opening()) {
      return;
    }
    switch (event) {
      case RelayEvent.Answered e -> ifSeated(spread, node, e.peer(), e);
      case RelayEvent.Refused e -> ifSeated(spread, node, e.peer(), e);
      case RelayEvent.Connected e -> {
        if (node.equals(spread.of(e.peer()))) {
          settled(spread, e.peer());
          events.accept(e);
        }
      }
      case RelayEvent.Talking e -> ifSeated(spread, node, e.peer(), e);
      case RelayEvent.Gone e -> {
        if (node.equals(spread.of(e.peer()))) {
          spread.unseat(e.peer());
          events.accept(e);
        }
      }
      case RelayEvent.Lost e -> {
        carrier.ends = true;
        if (node.equals(spread.of(e.peer()))) {
          spread.move(e.peer());
          events.accept(e);
        }
      }
      case RelayEvent.LegEnded e -> events.accept(e);
      case RelayEvent.Reachable e -> reached(spread, carrier, e.addresses());
      case RelayEvent.Reported e -> {
        if (carrier.reported(e.legs())) {
          told(spread, node);
        }
      }
      case RelayEvent.Recording e -> {
        if (!e.on() && !e.reason().isEmpty()) {
          events.accept(e); // a part of the call is not recorded: it is not recorded as a whole
        }
      }
      case RelayEvent.Failed e -> {
        spread.refused(node, moment.nowNs());
        lost(spread, node, e.reason());
      }
      case RelayEvent.Dominant _, // everybody ranks the same voices: ours says who
          RelayEvent.RecordingReady _,
          RelayEvent.RecordingFound _ -> {}
    }
  }

  private void ifSeated(Spread spread, NodeId node, PeerId peer, RelayEvent event) {
    if (node.equals(spread.of(peer))) {
      events.accept(event);
    }
  }

  /** A node has told how its legs are, or will not any more. */
  private void told(Spread spread, NodeId node) {
    if (spread.told(node)) {
      events.accept(new RelayEvent.Reported(spread.call(), spread.legs()));
    }
  }

  /** A node says where others reach it: lines to all whose addresses are known. */
  private void reached(Spread spread, Spread.Carrier carrier, List<TrunkLine.Address> addresses) {
    carrier.addresses = addresses;
    for (Spread.Carrier other : spread.carriers()) {
      List<TrunkLine.Address> theirs = other.addresses;
      if (other != carrier && theirs != null && spread.link(carrier.node, other.node)) {
        link(spread.call(), carrier, addresses, other, theirs);
      }
    }
  }

  private void link(
      CallId call,
      Spread.Carrier one,
      List<TrunkLine.Address> ofOne,
      Spread.Carrier other,
      List<TrunkLine.Address> ofOther) {
    byte[] there = new byte[TrunkLine.KEY_BYTES];
    byte[] back = new byte[TrunkLine.KEY_BYTES];
    random.nextBytes(there);
    random.nextBytes(back);
    long id = random.nextLong();
    long otherId = random.nextLong();
    var line = new TrunkLine(other.node.value(), ofOther, otherId, there, id, back);
    var itsLine = new TrunkLine(one.node.value(), ofOne, id, back, otherId, there);
    boolean _ = tell(one, new RelayCommand.Link(call, line));
    boolean _ = tell(other, new RelayCommand.Link(call, itsLine));
  }

  // --- ends

  /** A node is dead: of our calls its legs are lost, its own calls are nobody's for a moment. */
  void died(NodeId node) {
    for (Spread spread : List.copyOf(spreads.values())) {
      lost(spread, node, "it is dead");
    }
    carried.died(node);
  }

  /**
   * What that node says to us, or we to it, begins anew: what was said before may be lost, and with
   * it what either believes of the other.
   */
  void anew(NodeId node) {
    for (Spread spread : List.copyOf(spreads.values())) {
      Spread.Carrier carrier = spread.carrier(node);
      if (carrier != null && !isHere(carrier)) {
        toFar(carrier, new RelayCommand.Close(spread.call(), "it is told anew"));
        lost(spread, node, "what was said to it may be lost");
      }
    }
    carried.anew(node);
  }

  private void lost(Spread spread, NodeId node, String why) {
    if (spread.carrier(node) == null) {
      return;
    }
    List<PeerId> there = spread.remove(node);
    log.warn(
        "call {} is not on {} any more ({}), {} devices offer again",
        spread.call().shortForm(),
        node,
        why,
        there.size());
    var unlink = new RelayCommand.Unlink(spread.call(), node.value());
    for (Spread.Carrier carrier : spread.carriers()) {
      boolean _ = tell(carrier, unlink);
    }
    told(spread, node);
    there.forEach(peer -> events.accept(new RelayEvent.Lost(spread.call(), peer)));
  }

  /** This node ends: devices with legs of others' calls offer again elsewhere. */
  void drain() {
    carried.drain();
  }

  void onTime() {
    carried.onTime();
  }

  long nextNs() {
    return carried.nextNs();
  }

  /** By how many more devices this node's relay has than calls of ours have; may be below 0. */
  int moreDevices() {
    NodeId self = members.self();
    return carried.devices()
        - spreads.values().stream().mapToInt(spread -> spread.elsewhere(self)).sum();
  }
}
