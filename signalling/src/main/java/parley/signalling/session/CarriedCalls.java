package parley.signalling.session;

import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import parley.relay.api.CallId;
import parley.relay.api.LegReport;
import parley.relay.api.MediaRelay;
import parley.relay.api.PeerId;
import parley.relay.api.RelayCommand;
import parley.relay.api.RelayEvent;
import parley.signalling.cluster.Membership;
import parley.signalling.cluster.NodeId;
import parley.signalling.cluster.NodeMessage;

/**
 * Calls of other nodes of which legs are here: hands what their owners say to the relay, and what
 * it tells to them. Only who opened the call here is obeyed, and nobody whose claim is known to be
 * over: all that such a one may do is take away what he brought. Owned by the {@link CallLoop}.
 *
 * <pre>
 * from other nodes:     asked, died, anew
 * from the relay:       on
 * from whoever stops us: drain
 * from time:            onTime
 * </pre>
 */
final class CarriedCalls {

  private static final Logger log = LoggerFactory.getLogger(CarriedCalls.class);

  /**
   * Legs in one message of a report: with their curves some hundred kilobytes, where NATS takes one
   * megabyte. A message with fewer is the last.
   */
  static final int PART = 16;

  /** Legs of a call whose owner has died are heard on until their devices have gone elsewhere. */
  private static final long OWNERLESS_NS = TimeUnit.SECONDS.toNanos(5);

  /**
   * A call of another node.
   *
   * @param opening as its owner counts
   * @param peers whose legs are here
   */
  private record Carried(NodeId owner, long opening, Set<PeerId> peers) {}

  private final MediaRelay relay;
  private final Membership members;
  private final FarCalls far;
  private final boolean takes;
  private final Moment moment;
  private final Map<CallId, Carried> carried = new HashMap<>();
  private final Deadlines<CallId> ending = new Deadlines<>();
  private boolean draining;

  /**
   * @param far knows who owns a call by the latest claim
   * @param takes whether there is a relay here at all
   */
  CarriedCalls(MediaRelay relay, Membership members, FarCalls far, boolean takes, Moment moment) {
    this.relay = relay;
    this.members = members;
    this.far = far;
    this.takes = takes;
    this.moment = moment;
  }

  boolean has(CallId call) {
    return carried.containsKey(call);
  }

  /** How many devices of others' calls are here. */
  int devices() {
    return carried.values().stream().mapToInt(each -> each.peers.size()).sum();
  }

  /** A node that owns a call, or believes so, wants something of the relay here. */
  void asked(NodeId owner, NodeMessage.ToRelay asked) {
    RelayCommand command = asked.command();
    CallId call = command.call();
    if (isOutdated(asked) && !takesAway(command)) {
      log.warn("node {} asks for call {}, which somebody else owns", owner, call.shortForm());
      refuse(owner, asked, "somebody else owns the call");
      return;
    }
    if (command instanceof RelayCommand.Open open) {
      open(owner, asked, open);
      return;
    }
    Carried here = carried.get(call);
    if (here == null || !here.owner.equals(owner) || here.opening != asked.opening()) {
      refuse(owner, asked, "that node does not carry it");
      return;
    }
    switch (command) {
      case RelayCommand.Offer offer -> here.peers.add(offer.peer());
      case RelayCommand.Leave leave -> here.peers.remove(leave.peer());
      case RelayCommand.Close _ -> forget(call);
      case RelayCommand _ -> {}
    }
    if (!relay.submit(command)) {
      forget(call);
      close(call, "it is overloaded");
      refuse(owner, asked, "that node is overloaded");
    }
  }

  /** Who was asked before and has no claim now may just have lost it with the store. */
  private boolean isOutdated(NodeMessage.ToRelay asked) {
    boolean mayLack = asked.revision() == 0 && !(asked.command() instanceof RelayCommand.Open);
    return !mayLack && far.isOutdated(asked.command().call(), asked.revision());
  }

  /** What whoever owned a call may do with what he left here. */
  private static boolean takesAway(RelayCommand command) {
    return command instanceof RelayCommand.Close || command instanceof RelayCommand.Leave;
  }

  private void open(NodeId owner, NodeMessage.ToRelay asked, RelayCommand.Open open) {
    CallId call = open.call();
    if (!takes || draining) {
      refuse(owner, asked, "that node takes no calls");
      return;
    }
    far.claimed(call, asked.revision());
    if (has(call)) {
      forget(call);
      close(call, "it begins anew");
    }
    carried.put(call, new Carried(owner, asked.opening(), new LinkedHashSet<>()));
    log.info("call {} of {} has legs here", call.shortForm(), owner);
    if (!relay.submit(open)) {
      forget(call);
      refuse(owner, asked, "that node is overloaded");
    }
  }

  /** Says so to whoever waits for something: else his devices would wait for good. */
  void refuse(NodeId owner, NodeMessage.ToRelay asked, String why) {
    RelayCommand command = asked.command();
    if (command instanceof RelayCommand.Open || command instanceof RelayCommand.Offer) {
      tell(owner, asked.opening(), new RelayEvent.Failed(command.call(), why));
    }
  }

  private void tell(NodeId owner, long opening, RelayEvent event) {
    members.send(owner, new NodeMessage.FromRelay(event, opening));
  }

  private void forget(CallId call) {
    carried.remove(call);
    ending.remove(call);
  }

  private void close(CallId call, String why) {
    boolean _ = relay.submit(new RelayCommand.Close(call, why));
  }

  /** The call is owned here now: what was carried for another owner makes room. */
  void letGo(CallId call) {
    if (has(call)) {
      forget(call);
      close(call, "it is owned here now");
    }
  }

  /** Whether the event was of a call that somebody else owns. */
  boolean on(RelayEvent event) {
    Carried here = carried.get(event.call());
    if (here == null || isOfRecordings(event)) {
      return false;
    }
    if (event instanceof RelayEvent.Reported reported) {
      report(here, reported);
      return true;
    }
    tell(here.owner, here.opening, event);
    if (event instanceof RelayEvent.Gone gone) {
      here.peers.remove(gone.peer());
    } else if (event instanceof RelayEvent.Failed) {
      forget(event.call());
    }
    return true;
  }

  private void report(Carried here, RelayEvent.Reported reported) {
    List<LegReport> legs = reported.legs();
    for (int from = 0; from <= legs.size(); from += PART) {
      List<LegReport> part = legs.subList(from, Math.min(from + PART, legs.size()));
      tell(here.owner, here.opening, new RelayEvent.Reported(reported.call(), part));
    }
  }

  /** What each node keeps, and tells, of the recordings of its own legs. */
  private static boolean isOfRecordings(RelayEvent event) {
    return event instanceof RelayEvent.RecordingReady || event instanceof RelayEvent.RecordingFound;
  }

  /** A node is dead: its calls are nobody's until somebody goes on with them. */
  void died(NodeId node) {
    carried.forEach(
        (call, here) -> {
          if (here.owner.equals(node)) {
            ending.set(call, moment.nowNs() + OWNERLESS_NS);
          }
        });
  }

  /** What that node says to us, or we to it, begins anew: what was said before may be lost. */
  void anew(NodeId node) {
    List<CallId> its =
        carried.entrySet().stream()
            .filter(each -> each.getValue().owner.equals(node))
            .map(Map.Entry::getKey)
            .toList();
    for (CallId call : its) {
      forget(call);
      close(call, "its owner begins anew");
    }
  }

  /** This node ends: devices with legs here offer again elsewhere, and hear us until they have. */
  void drain() {
    draining = true;
    carried.forEach(
        (call, here) -> {
          here.peers.forEach(
              peer -> tell(here.owner, here.opening, new RelayEvent.Lost(call, peer)));
          ending.set(call, moment.nowNs() + OWNERLESS_NS);
        });
  }

  void onTime() {
    long nowNs = moment.nowNs();
    for (CallId call = ending.pollDue(nowNs); call != null; call = ending.pollDue(nowNs)) {
      forget(call);
      close(call, "its owner is dead, or this node ends");
    }
  }

  long nextNs() {
    return ending.nextNs();
  }
}
