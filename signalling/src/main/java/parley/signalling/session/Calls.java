package parley.signalling.session;

import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import parley.relay.api.CallId;
import parley.signalling.call.Call;
import parley.signalling.call.CallKey;
import parley.signalling.wire.Jid;
import parley.signalling.wire.TeamId;

/** The running calls, by place, by uid and by who may see them. Owned by the {@link CallLoop}. */
final class Calls {

  private record Member(TeamId team, Jid contact) {}

  private final Map<CallKey, Call> byPlace = new HashMap<>();
  private final Map<CallId, Call> byId = new HashMap<>();
  private final Map<CallId, Set<Jid>> members = new HashMap<>();
  private final Map<Member, Map<CallId, Call>> byMember = new HashMap<>();

  void add(Call call) {
    byPlace.put(call.place().key(), call);
    byId.put(call.uid(), call);
    members(call, call.place().members());
  }

  void remove(Call call) {
    byPlace.remove(call.place().key(), call);
    byId.remove(call.uid());
    members(call, Set.of());
    members.remove(call.uid());
  }

  /** Who may see the call. */
  Set<Jid> members(Call call) {
    return members.getOrDefault(call.uid(), Set.of());
  }

  /** These may see the call from now on, and nobody else. */
  void members(Call call, Set<Jid> now) {
    for (Jid contact : members(call)) {
      var member = new Member(team(call), contact);
      var calls = byMember.get(member);
      if (!now.contains(contact) && calls != null) {
        calls.remove(call.uid());
        if (calls.isEmpty()) {
          byMember.remove(member);
        }
      }
    }
    for (Jid contact : now) {
      byMember
          .computeIfAbsent(new Member(team(call), contact), m -> new LinkedHashMap<>())
          .put(call.uid(), call);
    }
    members.put(call.uid(), Set.copyOf(now));
  }

  /** The running calls of a team. */
  List<Call> of(TeamId team) {
    return byId.values().stream().filter(call -> team(call).equals(team)).toList();
  }

  @Nullable Call at(CallKey place) {
    return byPlace.get(place);
  }

  @Nullable Call get(CallId uid) {
    return byId.get(uid);
  }

  /** The running calls of the chats that a contact is a member of. */
  Collection<Call> of(TeamId team, Jid contact) {
    var calls = byMember.get(new Member(team, contact));
    return calls == null ? List.of() : calls.values();
  }

  Collection<Call> all() {
    return byId.values();
  }

  int size() {
    return byId.size();
  }

  static TeamId team(Call call) {
    return call.place().team().uid();
  }
}
