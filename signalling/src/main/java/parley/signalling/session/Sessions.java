package parley.signalling.session;

import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import parley.signalling.call.SessionId;
import parley.signalling.wire.Jid;
import parley.signalling.wire.TeamId;

/** Who is connected, by session, by contact and by team. Owned by the {@link CallLoop}. */
final class Sessions {

  private final Map<SessionId, ClientSession> byId = new HashMap<>();
  private final Map<TeamId, Map<Jid, Map<SessionId, ClientSession>>> byTeam = new HashMap<>();

  void add(ClientSession session) {
    byId.put(session.id(), session);
    byTeam
        .computeIfAbsent(session.team().uid(), team -> new LinkedHashMap<>())
        .computeIfAbsent(session.contact(), contact -> new LinkedHashMap<>())
        .put(session.id(), session);
  }

  @Nullable ClientSession remove(SessionId id) {
    ClientSession session = byId.remove(id);
    if (session == null) {
      return null;
    }
    var contacts = byTeam.getOrDefault(session.team().uid(), Map.of());
    var sessions = contacts.get(session.contact());
    if (sessions != null) {
      sessions.remove(id);
      if (sessions.isEmpty()) {
        contacts.remove(session.contact());
      }
    }
    if (contacts.isEmpty()) {
      byTeam.remove(session.team().uid());
    }
    return session;
  }

  @Nullable ClientSession get(SessionId id) {
    return byId.get(id);
  }

  Collection<ClientSession> of(TeamId team, Jid contact) {
    var sessions = byTeam.getOrDefault(team, Map.of()).get(contact);
    return sessions == null ? List.of() : sessions.values();
  }

  /** The contacts of a team who are online, each with at least one session. */
  Map<Jid, Map<SessionId, ClientSession>> contacts(TeamId team) {
    return byTeam.getOrDefault(team, Map.of());
  }

  /** Everyone of a team who is connected, as of now. */
  List<ClientSession> ofTeam(TeamId team) {
    return contacts(team).values().stream().flatMap(each -> each.values().stream()).toList();
  }

  /** How many sockets a team has. */
  int size(TeamId team) {
    int size = 0;
    for (Map<SessionId, ClientSession> devices : contacts(team).values()) {
      size += devices.size();
    }
    return size;
  }

  /** Everyone, as of now. */
  List<ClientSession> all() {
    return List.copyOf(byId.values());
  }

  int size() {
    return byId.size();
  }
}
