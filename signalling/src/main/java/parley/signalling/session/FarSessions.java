package parley.signalling.session;

import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import parley.signalling.call.Device;
import parley.signalling.call.SessionId;
import parley.signalling.cluster.NodeId;
import parley.signalling.cluster.NodeMessage;
import parley.signalling.wire.Jid;
import parley.signalling.wire.TeamId;

/** Who is connected to other nodes, as they tell. Owned by the {@link CallLoop}. */
final class FarSessions {

  /** One socket of another node. */
  record Far(NodeId node, NodeMessage.Opened opened) {
    SessionId id() {
      return opened.session();
    }

    Device device() {
      return new Device(id(), opened.useragent(), opened.instance());
    }
  }

  private final Map<SessionId, Far> byId = new HashMap<>();
  private final Map<TeamId, Map<Jid, Map<SessionId, Far>>> byTeam = new HashMap<>();

  /** Whether it is new. */
  boolean put(Far far) {
    boolean isNew = byId.put(far.id(), far) == null;
    byTeam
        .computeIfAbsent(far.opened().team(), team -> new LinkedHashMap<>())
        .computeIfAbsent(far.opened().contact(), contact -> new LinkedHashMap<>())
        .put(far.id(), far);
    return isNew;
  }

  @Nullable Far remove(SessionId id) {
    Far far = byId.remove(id);
    if (far == null) {
      return null;
    }
    var contacts = byTeam.getOrDefault(far.opened().team(), Map.of());
    var sessions = contacts.get(far.opened().contact());
    if (sessions != null && sessions.remove(id) != null && sessions.isEmpty()) {
      contacts.remove(far.opened().contact());
    }
    if (contacts.isEmpty()) {
      byTeam.remove(far.opened().team());
    }
    return far;
  }

  @Nullable Far get(SessionId id) {
    return byId.get(id);
  }

  Collection<Far> of(TeamId team, Jid contact) {
    var sessions = byTeam.getOrDefault(team, Map.of()).get(contact);
    return sessions == null ? List.of() : sessions.values();
  }

  /** The contacts of a team who are online elsewhere, each with at least one session. */
  Map<Jid, Map<SessionId, Far>> contacts(TeamId team) {
    return byTeam.getOrDefault(team, Map.of());
  }

  /** What a node holds, as of now. */
  List<Far> of(NodeId node) {
    return byId.values().stream().filter(far -> far.node().equals(node)).toList();
  }
}
