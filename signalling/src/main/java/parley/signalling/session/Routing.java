package parley.signalling.session;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import parley.relay.api.CallId;
import parley.signalling.call.Call;
import parley.signalling.call.CallHandover;
import parley.signalling.call.CallKey;
import parley.signalling.call.CallPlace;
import parley.signalling.call.SessionId;
import parley.signalling.cluster.Membership;
import parley.signalling.cluster.NodeId;
import parley.signalling.cluster.NodeMessage;
import parley.signalling.directory.Contact;
import parley.signalling.directory.Team;
import parley.signalling.wire.ClientEvent;
import parley.signalling.wire.Decoded;
import parley.signalling.wire.EventCodec;
import parley.signalling.wire.ServerEvent;

/**
 * Brings what clients say about calls to the node that owns them. Owned by the {@link CallLoop}.
 */
final class Routing {

  private static final Logger log = LoggerFactory.getLogger(Routing.class);

  /** An event that finds no owner so often has had its time: clients offer again. */
  private static final int MAX_TRIES = 20;

  private final EventCodec codec;
  private final Sessions sessions;
  private final FarSessions far;
  private final Calls calls;
  private final FarCalls farCalls;
  private final Claims claims;
  private final Membership members;
  private final Audience audience;
  private final KnownTeams teams;
  private final Floor floor;
  private final Handovers handovers;
  private final Moment moment;

  Routing(
      EventCodec codec,
      Sessions sessions,
      FarSessions far,
      Calls calls,
      FarCalls farCalls,
      Claims claims,
      Membership members,
      Audience audience,
      KnownTeams teams,
      Floor floor,
      Handovers handovers,
      Moment moment) {
    this.codec = codec;
    this.sessions = sessions;
    this.far = far;
    this.calls = calls;
    this.farCalls = farCalls;
    this.claims = claims;
    this.members = members;
    this.audience = audience;
    this.teams = teams;
    this.floor = floor;
    this.handovers = handovers;
    this.moment = moment;
  }

  /** A client says something about the call of a place, which its owner is to serve. */
  void said(
      ClientSession session,
      CallPlace place,
      ClientEvent.OfCall event,
      JsonNode text,
      Runnable serve) {
    CallKey key = place.key();
    long number = session.spoken().add(key, event, text);
    var said = new NodeMessage.Said(key, session.id(), text, number, 0);
    if (handovers.holds(key, () -> again(said))) {
      return;
    }
    boolean isOurs = calls.at(key) != null && !claims.isPending(key);
    boolean isNobodys =
        farCalls.at(key) == null
            && !claims.isPending(key)
            && !(event instanceof ClientEvent.CallOffer);
    if (isOurs || isNobodys) {
      serve.run();
      return;
    }
    route(said, serve);
  }

  /**
   * Brings an event to whoever owns its call now, which another node was told or was to be told;
   * unless the client has thought better of it.
   */
  void again(NodeMessage.Said said) {
    ClientSession session = sessions.get(said.session());
    CallKey place = said.place();
    if (session == null || session.spoken().isVoid(place, said.number())) {
      return;
    }
    route(said, null);
    Spoken.Words sound = session.spoken().soundAfter(place, said.number());
    if (sound != null) {
      route(new NodeMessage.Said(place, said.session(), sound.text(), sound.number(), 0), null);
    }
  }

  /**
   * Brings an event to the owner of its call.
   *
   * @param serve when that is this node; null: as an event from elsewhere is served
   */
  private void route(NodeMessage.Said said, @Nullable Runnable serve) {
    claims.want(
        said.place(),
        new Claims.Waiting() {
          @Override
          public void here() {
            if (serve == null) {
              serveHere(said);
            } else if (sessions.get(said.session()) != null) {
              serve.run(); // else nobody would ever notice that the socket has gone
            }
          }

          @Override
          public void there(NodeId owner) {
            members.send(owner, said);
          }

          @Override
          public void nowhere(String why) {
            giveUp(said, why);
          }
        });
  }

  private void giveUp(NodeMessage.Said said, String why) {
    ClientSession session = sessions.get(said.session());
    if (session != null
        && codec.decode(said.event().toString()) instanceof Decoded.Accepted accepted
        && accepted.event() instanceof ClientEvent.OfCall event) {
      audience.sending(ServerEvent.Warning.about(event, why)).to(session, moment.nowNs());
      log.warn("an event of {} found no owner of its call: {}", session.id().shortForm(), why);
    }
  }

  /** Another node holds this call to be ours. */
  void onSaid(NodeId node, NodeMessage.Said said) {
    CallKey place = said.place();
    if (handovers.holds(place, () -> onSaid(node, said))) {
      return;
    }
    if (calls.at(place) == null && !claims.holds(place)) {
      members.send(node, new NodeMessage.Returned(said));
      claims.disown(place);
    } else {
      serveHere(said);
    }
  }

  /** Serves an event that did not come from a socket of this node, or came from one long ago. */
  private void serveHere(NodeMessage.Said said) {
    CallKey key = said.place();
    teams.with(
        key.team(),
        team -> {
          Caller caller = team == null ? null : caller(team, said.session());
          if (team == null
              || caller == null
              || !(codec.decode(said.event().toString()) instanceof Decoded.Accepted accepted)
              || !(accepted.event() instanceof ClientEvent.OfCall event)) {
            return; // the socket is gone
          }
          CallPlace place = team.place(caller.contact(), event.jid());
          if (place == null) {
            var voice = new Audience.Voice(team.uid(), uid(key), claims.revision(key));
            var denied = ServerEvent.Warning.about(event, "access denied");
            audience.toSessions(voice, List.of(caller.session()), denied, moment.nowNs());
          } else {
            floor.serve(caller, place, event, moment.nowNs());
          }
        });
  }

  private @Nullable Caller caller(Team team, SessionId id) {
    ClientSession session = sessions.get(id);
    if (session != null) {
      return session.caller();
    }
    FarSessions.Far there = far.get(id);
    Contact contact = there == null ? null : team.contact(there.opened().contact());
    return there == null || contact == null
        ? null
        : new Caller(team, contact.person(), there.device());
  }

  /**
   * A call goes on as a node knew it that was away while somebody left: his words were heard by an
   * owner that is none any more, and would never be said again.
   */
  void leaveAgain(NodeId owner, CallKey place, List<CallHandover.HeldSeat> seats) {
    for (CallHandover.HeldSeat seat : seats) {
      ClientSession session = sessions.get(seat.session());
      Spoken.Words leave = session == null ? null : session.spoken().left(place);
      if (leave != null) {
        log.info("session {} has left the call of {}", seat.session().shortForm(), owner);
        members.send(
            owner, new NodeMessage.Said(place, seat.session(), leave.text(), leave.number(), 0));
      }
    }
  }

  /** Whoever we thought owns the call does not. */
  void onReturned(NodeId node, NodeMessage.Said said) {
    FarCalls.FarCall known = farCalls.at(said.place());
    if (known != null && known.owner().equals(node)) {
      farCalls.remove(said.place(), known.uid());
    }
    if (said.tries() >= MAX_TRIES) {
      giveUp(said, Claims.NOT_REACHED);
    } else {
      again(
          new NodeMessage.Said(
              said.place(), said.session(), said.event(), said.number(), said.tries() + 1));
    }
  }

  /** The uid of the call at a place of ours, or of one that may begin there. */
  CallId uid(CallKey place) {
    Call running = calls.at(place);
    return running == null ? claims.uid(place) : running.uid();
  }
}
