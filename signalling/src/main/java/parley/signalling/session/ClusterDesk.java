package parley.signalling.session;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import parley.relay.api.CallId;
import parley.signalling.call.Call;
import parley.signalling.call.CallHandover;
import parley.signalling.call.CallInput;
import parley.signalling.call.CallKey;
import parley.signalling.call.CallPlace;
import parley.signalling.call.SessionId;
import parley.signalling.cluster.Bus;
import parley.signalling.cluster.Membership;
import parley.signalling.cluster.NodeCodec;
import parley.signalling.cluster.NodeFrame;
import parley.signalling.cluster.NodeId;
import parley.signalling.cluster.NodeMessage;
import parley.signalling.cluster.NodeStatus;
import parley.signalling.directory.Team;
import parley.signalling.wire.ClientEvent;
import parley.signalling.wire.EventCodec;
import parley.signalling.wire.Jid;
import parley.signalling.wire.TeamId;

/**
 * This node among others: puts together what has to do with them, and tells them what happens here.
 * A node that is alone runs the same code, and has nothing to wait for. Owned by the {@link
 * CallLoop}.
 *
 * <pre>
 * from the loop:    opened, closed, away, said, happened, over, agreed, changed
 * from other nodes: appeared, said (NodeMessage), died; asked (to own a call, to go on with one)
 * from the store:   returned
 * </pre>
 */
final class ClusterDesk implements Membership.Listener {

  final FarSessions far = new FarSessions();
  final FarCalls farCalls = new FarCalls();
  final Claims claims;
  final Audience audience;
  private final Cluster cluster;
  private final NodeCodec nodeCodec = new NodeCodec();
  private final Membership members;
  private final Sessions sessions;
  private final Calls calls;
  private final Presence presence;
  private final Moment moment;
  private final KnownTeams teams;
  private final OwnCalls own;
  private final Successions successions;
  private final Draining draining;
  private final Routing routing;
  private final Neighbours neighbours;
  private final Floor floor;

  ClusterDesk(
      Cluster cluster,
      Sessions sessions,
      Calls calls,
      ChangedTeams changed,
      Deadlines<ClientSession> sessionDeadlines,
      EventCodec codec,
      SessionSettings settings,
      Supplier<CallId> ids,
      InstantSource clock,
      Floor floor,
      Moment moment) {
    this.cluster = cluster;
    this.sessions = sessions;
    this.calls = calls;
    this.moment = moment;
    this.floor = floor;
    Supplier<NodeStatus> self = this::status;
    this.members =
        new Membership(
            cluster.self(),
            cluster.bus(),
            nodeCodec,
            cluster.prefix(),
            cluster.lease(),
            self,
            moment.loop(),
            this);
    this.audience = new Audience(sessions, far, members, codec, nodeCodec, sessionDeadlines);
    this.presence = new Presence(sessions, calls, far, farCalls, codec);
    this.claims = new Claims(cluster, members, farCalls, calls, nodeCodec, ids, self, moment);
    this.teams = new KnownTeams(cluster.teams(), sessions, changed, moment);
    this.own = new OwnCalls(cluster, members, calls, claims, floor, moment);
    this.successions =
        new Successions(
            cluster,
            members,
            farCalls,
            calls,
            claims,
            teams,
            presence,
            floor,
            settings,
            id -> sessions.get(id) != null || far.get(id) != null,
            clock,
            moment);
    var handovers = new Handovers();
    this.draining =
        new Draining(
            cluster, members, calls, claims, farCalls, floor, nodeCodec, handovers, moment);
    this.routing =
        new Routing(
            codec, sessions, far, calls, farCalls, claims, members, audience, teams, floor,
            handovers, moment);
    this.neighbours =
        new Neighbours(
            sessions,
            far,
            calls,
            farCalls,
            claims,
            own,
            successions,
            routing,
            members,
            audience,
            presence,
            floor,
            cluster.changed(),
            moment);
  }

  Membership members() {
    return members;
  }

  Presence presence() {
    return presence;
  }

  /** Listens to the bus from now on. */
  void begin() {
    members.begin(moment.nowNs());
    for (String subject : members.subjects()) {
      cluster
          .bus()
          .subscribe(
              subject,
              heard -> {
                String text = heard.text();
                moment.loop().execute(() -> members.on(text, moment.nowNs()));
              });
    }
    String asked = Membership.asking(cluster.prefix(), cluster.self());
    cluster.bus().subscribe(asked, heard -> moment.loop().execute(() -> onAsked(heard)));
  }

  private NodeStatus status() {
    int devices = 0;
    for (Call call : calls.all()) {
      devices += call.participants().size();
    }
    devices = Math.max(0, devices + floor.moreDevices());
    return new NodeStatus(
        cluster.self(),
        NodeFrame.VERSION,
        cluster.region(),
        draining.isOn(),
        false,
        cluster.cpu().getAsDouble(),
        calls.size(),
        devices,
        sessions.size(),
        0,
        !cluster.relay());
  }

  void onTime() {
    members.onTime(moment.nowNs());
    claims.onTime();
    teams.onTime();
    own.onTime();
    successions.onTime();
    draining.onTime();
    presence.onTime(moment.nowNs());
  }

  long nextNs() {
    long next = Math.min(members.nextDeadlineNs(), claims.nextNs());
    next = Math.min(next, Math.min(teams.nextNs(), own.nextNs()));
    next = Math.min(next, Math.min(successions.nextNs(), draining.nextNs()));
    return Math.min(next, presence.nextNs());
  }

  // --- what happens on this node

  void opened(ClientSession session) {
    members.broadcast(Neighbours.opening(session));
  }

  void closed(SessionId id) {
    members.broadcast(new NodeMessage.Closed(id));
  }

  void away(ClientSession session) {
    members.broadcast(new NodeMessage.Away(session.id(), session.afk()));
  }

  /** A client says something about the call of a place, which its owner is to serve. */
  void said(
      ClientSession session,
      CallPlace place,
      ClientEvent.OfCall event,
      JsonNode text,
      Runnable serve) {
    routing.said(session, place, event, text, serve);
  }

  /** Something has happened to a call of ours. */
  void happened(Call call, CallInput input) {
    own.happened(call, input);
  }

  /** A call of ours is over. */
  void over(Call call) {
    own.over(call);
  }

  void agreed(CallKey place, Jid contact, Consents.Given given) {
    members.broadcast(
        new NodeMessage.Agreed(place, contact, given.agrees(), given.at(), given.from()));
  }

  /** A team has changed here; others may not have noticed. */
  void changed(Team team) {
    teams.changed(team);
    if (neighbours.isNews(team.uid())) {
      members.broadcast(new NodeMessage.TeamChanged(team.uid()));
    }
  }

  /** By what right a call of ours speaks. */
  Audience.Voice voice(Call call) {
    return new Audience.Voice(Calls.team(call), call.uid(), claims.revision(call.place().key()));
  }

  /** Who owns a call, if it is another node. */
  FarCalls.@Nullable FarCall elsewhere(TeamId team, CallId uid) {
    FarCalls.FarCall call = farCalls.get(uid);
    return call != null && call.place().team().equals(team) ? call : null;
  }

  boolean isAlone() {
    return members.isAlone();
  }

  int otherNodes() {
    return members.living().size() - 1;
  }

  void drain(CompletableFuture<Void> done, BooleanSupplier noMediaLeft) {
    draining.begin(done, noMediaLeft);
  }

  /** Nothing of this node is needed any more. */
  void leave() {
    claims.held().keySet().forEach(claims::release);
    members.leave();
  }

  // --- what other nodes ask

  private void onAsked(Bus.Received heard) {
    nodeCodec
        .read(heard.text(), CallClaim.Ask.class)
        .filter(ask -> NodeFrame.understands(ask.v()) && ask.place() != null)
        .ifPresent(ask -> onAsked(ask, heard));
  }

  private void onAsked(CallClaim.Ask ask, Bus.Received heard) {
    if (draining.isOn() || !cluster.relay()) {
      heard.reply(nodeCodec.write(CallClaim.Answer.NOBODY));
      return;
    }
    CallHandover take = ask.take();
    if (take != null) {
      successions.handedOver(
          take,
          ask.revision(),
          revision ->
              heard.reply(
                  nodeCodec.write(
                      revision == null
                          ? CallClaim.Answer.NOBODY
                          : new CallClaim.Answer(members.self(), take.uid(), revision))));
      return;
    }
    CallKey place = ask.place();
    claims.wantHere(
        place,
        new Claims.Waiting() {
          @Override
          public void here() {
            heard.reply(
                nodeCodec.write(
                    new CallClaim.Answer(
                        members.self(), routing.uid(place), claims.revision(place))));
          }

          @Override
          public void there(NodeId owner) {
            FarCalls.FarCall call = farCalls.at(place);
            heard.reply(
                nodeCodec.write(
                    call == null
                        ? CallClaim.Answer.NOBODY
                        : new CallClaim.Answer(owner, call.uid(), call.revision())));
          }

          @Override
          public void nowhere(String why) {
            heard.reply(nodeCodec.write(CallClaim.Answer.NOBODY));
          }
        });
  }

  // --- what other nodes say

  @Override
  public void appeared(NodeId node) {
    neighbours.appeared(node);
  }

  @Override
  public void said(NodeId node, NodeMessage message) {
    neighbours.said(node, message);
  }

  @Override
  public void died(NodeId node, List<NodeMessage> unsaid) {
    neighbours.died(node, unsaid);
  }

  @Override
  public void returned() {
    own.claimAgain();
  }
}
