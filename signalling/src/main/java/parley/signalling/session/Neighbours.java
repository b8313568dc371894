package parley.signalling.session;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import parley.relay.api.CallId;
import parley.signalling.call.Call;
import parley.signalling.call.CallInput;
import parley.signalling.call.CallKey;
import parley.signalling.call.SessionId;
import parley.signalling.cluster.Membership;
import parley.signalling.cluster.NodeId;
import parley.signalling.cluster.NodeMessage;
import parley.signalling.wire.ServerEvent;
import parley.signalling.wire.TeamId;

/** What other nodes say, and what follows from their end. Owned by the {@link CallLoop}. */
final class Neighbours {

  private static final Logger log = LoggerFactory.getLogger(Neighbours.class);

  /** Every node that sees a team change says so; that is one change. */
  private static final long SAME_CHANGE_NS = TimeUnit.SECONDS.toNanos(5);

  /** What a node says again at a new beginning. */
  private static final class Retold {
    final Set<SessionId> sessions = new HashSet<>();
    final Set<CallKey> places = new HashSet<>();
  }

  private final Sessions sessions;
  private final FarSessions far;
  private final Calls calls;
  private final FarCalls farCalls;
  private final Claims claims;
  private final OwnCalls own;
  private final Successions successions;
  private final Routing routing;
  private final Membership members;
  private final Audience audience;
  private final Presence presence;
  private final Floor floor;
  private final Consumer<TeamId> teamChanged;
  private final Moment moment;
  private final Map<NodeId, Retold> retold = new HashMap<>();
  private final Map<TeamId, Long> changes = new HashMap<>();

  Neighbours(
      Sessions sessions,
      FarSessions far,
      Calls calls,
      FarCalls farCalls,
      Claims claims,
      OwnCalls own,
      Successions successions,
      Routing routing,
      Membership members,
      Audience audience,
      Presence presence,
      Floor floor,
      Consumer<TeamId> teamChanged,
      Moment moment) {
    this.sessions = sessions;
    this.far = far;
    this.calls = calls;
    this.farCalls = farCalls;
    this.claims = claims;
    this.own = own;
    this.successions = successions;
    this.routing = routing;
    this.members = members;
    this.audience = audience;
    this.presence = presence;
    this.floor = floor;
    this.teamChanged = teamChanged;
    this.moment = moment;
  }

  static NodeMessage.Opened opening(ClientSession session) {
    return new NodeMessage.Opened(
        session.id(),
        session.team().uid(),
        session.contact(),
        session.device().useragent(),
        session.device().instance(),
        session.mobile(),
        session.afk());
  }

  /** Whether a team's change is news to the others. */
  boolean isNews(TeamId team) {
    long nowNs = moment.nowNs();
    Long before = changes.put(team, nowNs);
    return before == null || nowNs - before > SAME_CHANGE_NS;
  }

  void appeared(NodeId node) {
    members.send(node, new NodeMessage.Hello());
    sessions.all().forEach(session -> members.send(node, opening(session)));
    calls.all().forEach(call -> members.send(node, own.running(call)));
    members.send(node, new NodeMessage.HelloEnd());
    floor.carrierAnew(node);
  }

  void said(NodeId node, NodeMessage message) {
    switch (message) {
      case NodeMessage.Hello hello -> {
        retold.put(node, new Retold());
        floor.carrierAnew(node);
      }
      case NodeMessage.HelloEnd end -> onRetold(node);
      case NodeMessage.Opened opened -> onOpened(node, opened);
      case NodeMessage.Closed closed -> onClosed(closed.session());
      case NodeMessage.Away away -> onAway(node, away);
      case NodeMessage.Running running -> onRunning(node, running);
      case NodeMessage.Over over -> onOver(node, over.place(), over.uid());
      case NodeMessage.Said said -> routing.onSaid(node, said);
      case NodeMessage.Returned returned -> routing.onReturned(node, returned.said());
      case NodeMessage.Agreed agreed ->
          floor.agreed(
              agreed.place(),
              agreed.contact(),
              new Consents.Given(agreed.agrees(), agreed.at(), agreed.from()));
      case NodeMessage.Tell tell -> onTell(node, tell);
      case NodeMessage.ToRelay to -> floor.askedToCarry(node, to);
      case NodeMessage.FromRelay from -> floor.carrierSaid(node, from);
      case NodeMessage.TeamChanged changed -> {
        changes.put(changed.team(), moment.nowNs());
        teamChanged.accept(changed.team());
      }
    }
  }

  private void onRetold(NodeId node) {
    Retold all = retold.remove(node);
    if (all == null) {
      return;
    }
    for (FarSessions.Far each : far.of(node)) {
      if (!all.sessions.contains(each.id())) {
        onClosed(each.id());
      }
    }
    for (FarCalls.FarCall each : farCalls.of(node)) {
      if (each.call() != null && !all.places.contains(each.place())) {
        onOver(node, each.place(), each.uid());
      }
    }
  }

  private void onOpened(NodeId node, NodeMessage.Opened opened) {
    Retold all = retold.get(node);
    if (all != null) {
      all.sessions.add(opened.session());
    }
    if (!far.put(new FarSessions.Far(node, opened))) {
      return;
    }
    var login = new ServerEvent.Login(DeviceName.of(opened.useragent()));
    for (ClientSession other : sessions.of(opened.team(), opened.contact())) {
      if (other.reach() == Reach.EVERYTHING) {
        audience.sending(login).to(other, moment.nowNs());
      }
    }
    for (Call call : List.copyOf(calls.of(opened.team(), opened.contact()))) {
      var input = new CallInput.SessionOpened(opened.contact(), opened.session());
      floor.handIn(call, input, moment.nowNs());
    }
    presence.changed(opened.team(), moment.nowNs());
  }

  private void onClosed(SessionId id) {
    FarSessions.Far gone = far.remove(id);
    if (gone == null) {
      return;
    }
    TeamId team = gone.opened().team();
    for (Call call : List.copyOf(calls.of(team, gone.opened().contact()))) {
      floor.handIn(call, new CallInput.SessionLost(id), moment.nowNs());
    }
    presence.changed(team, moment.nowNs());
  }

  private void onAway(NodeId node, NodeMessage.Away away) {
    FarSessions.Far known = far.get(away.session());
    if (known != null) {
      NodeMessage.Opened was = known.opened();
      var now =
          new NodeMessage.Opened(
              was.session(),
              was.team(),
              was.contact(),
              was.useragent(),
              was.instance(),
              was.mobile(),
              away.afk());
      far.put(new FarSessions.Far(node, now));
      presence.changed(was.team(), moment.nowNs());
    }
  }

  private void onRunning(NodeId node, NodeMessage.Running running) {
    CallKey place = running.call().place();
    Retold all = retold.get(node);
    if (all != null) {
      all.places.add(place);
    }
    CallId uid = running.call().uid();
    if (claims.holds(place)) {
      if (running.revision() <= claims.revision(place)) {
        return; // it will hear of ours
      }
      boolean isSame = uid.equals(routing.uid(place));
      own.standDown(place, isSame, node + " owns it by a later claim");
    }
    if (farCalls.put(new FarCalls.FarCall(place, uid, node, running.revision(), running.call()))) {
      claims.known(place);
      presence.changed(place.team(), moment.nowNs());
      routing.leaveAgain(node, place, running.call().seats());
    }
  }

  private void onOver(NodeId node, CallKey place, CallId uid) {
    FarCalls.FarCall known = farCalls.at(place);
    if (known == null || !known.owner().equals(node)) {
      return; // for that node it is; it goes on at another one
    }
    farCalls.remove(place, uid);
    claims.known(place);
    presence.changed(place.team(), moment.nowNs());
  }

  private void onTell(NodeId node, NodeMessage.Tell tell) {
    if (tell.revision() != 0 && farCalls.isOutdated(tell.uid(), tell.revision())) {
      log.warn(
          "node {} speaks for call {}, which somebody else owns", node, tell.uid().shortForm());
      return;
    }
    farCalls.claimed(tell.uid(), tell.revision());
    audience.deliver(tell, moment.nowNs());
  }

  void died(NodeId node, List<NodeMessage> unsaid) {
    retold.remove(node);
    far.of(node).forEach(each -> onClosed(each.id()));
    floor.carrierDied(node);
    successions.died(farCalls.of(node));
    for (NodeMessage message : unsaid) {
      if (message instanceof NodeMessage.Said said) {
        routing.again(said); // whoever goes on with the call shall hear it
      }
    }
  }
}
