package parley.signalling.session;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import parley.relay.api.CallId;
import parley.signalling.call.SessionId;
import parley.signalling.cluster.Membership;
import parley.signalling.cluster.NodeCodec;
import parley.signalling.cluster.NodeId;
import parley.signalling.cluster.NodeMessage;
import parley.signalling.wire.EventCodec;
import parley.signalling.wire.Jid;
import parley.signalling.wire.ServerEvent;
import parley.signalling.wire.TeamId;

/**
 * Brings events to clients, whichever nodes hold their sockets: to each of these an event goes
 * once, for all of its sockets. Owned by the {@link CallLoop}.
 */
final class Audience {

  /** By what right a call speaks. */
  record Voice(TeamId team, CallId uid, long revision) {}

  private final Sessions sessions;
  private final FarSessions far;
  private final Membership members;
  private final EventCodec codec;
  private final NodeCodec nodeCodec;
  private final Deadlines<ClientSession> deadlines;

  Audience(
      Sessions sessions,
      FarSessions far,
      Membership members,
      EventCodec codec,
      NodeCodec nodeCodec,
      Deadlines<ClientSession> deadlines) {
    this.sessions = sessions;
    this.far = far;
    this.members = members;
    this.codec = codec;
    this.nodeCodec = nodeCodec;
    this.deadlines = deadlines;
  }

  /** An event on its way to sockets of this node. */
  Sending sending(ServerEvent event) {
    return new Sending(event, codec, deadlines);
  }

  /** Those that are gone are skipped. */
  void toSessions(Voice voice, Collection<SessionId> ids, ServerEvent event, long nowNs) {
    Sending sending = sending(event);
    Map<NodeId, List<SessionId>> elsewhere = new LinkedHashMap<>();
    for (SessionId id : ids) {
      ClientSession session = sessions.get(id);
      FarSessions.Far there = session == null ? far.get(id) : null;
      if (session != null) {
        sending.to(session, nowNs);
      } else if (there != null) {
        elsewhere.computeIfAbsent(there.node(), node -> new ArrayList<>()).add(id);
      }
    }
    elsewhere.forEach(
        (node, named) -> members.send(node, tell(voice, named, List.of(), null, event)));
  }

  void toContacts(
      Voice voice,
      Collection<Jid> contacts,
      @Nullable SessionId except,
      ServerEvent event,
      long nowNs) {
    Sending sending = sending(event);
    Map<NodeId, Set<Jid>> elsewhere = new LinkedHashMap<>();
    for (Jid contact : contacts) {
      sending.to(sessions.of(voice.team(), contact), except, nowNs);
      for (FarSessions.Far there : far.of(voice.team(), contact)) {
        elsewhere.computeIfAbsent(there.node(), node -> new TreeSet<>()).add(contact);
      }
    }
    elsewhere.forEach(
        (node, named) ->
            members.send(node, tell(voice, List.of(), List.copyOf(named), except, event)));
  }

  private NodeMessage.Tell tell(
      Voice voice,
      List<SessionId> ids,
      List<Jid> contacts,
      @Nullable SessionId except,
      ServerEvent event) {
    return new NodeMessage.Tell(
        voice.uid(),
        voice.revision(),
        voice.team(),
        ids,
        contacts,
        except,
        event.name(),
        nodeCodec.tree(event));
  }

  /** Another node says something to sockets of this one. */
  void deliver(NodeMessage.Tell tell, long nowNs) {
    nodeCodec
        .event(tell.event(), tell.params())
        .ifPresent(
            event -> {
              Sending sending = sending(event);
              for (SessionId id : tell.sessions()) {
                ClientSession session = sessions.get(id);
                if (session != null) {
                  sending.to(session, nowNs);
                }
              }
              for (Jid contact : tell.contacts()) {
                sending.to(sessions.of(tell.team(), contact), tell.except(), nowNs);
              }
            });
  }

  /** Whether a contact has no socket anywhere. */
  boolean isAbsent(TeamId team, Jid contact) {
    return sessions.of(team, contact).isEmpty() && far.of(team, contact).isEmpty();
  }
}
