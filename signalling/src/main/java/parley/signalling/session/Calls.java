package parley.signalling.session;

import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
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
  private final Map<Member, Map<CallId, Call>> byMember = new HashMap<>();

  void add(Call call) {
    byPlace.put(call.place().key(), call);
    byId.put(call.uid(), call);
    for (Jid contact : call.place().members()) {
      byMember
          .computeIfAbsent(new Member(team(call), contact), m -> new LinkedHashMap<>())
          .put(call.uid(), call);
    }
  }

  void remove(Call call) {
    byPlace.remove(call.place().key(), call);
    byId.remove(call.uid());
    for (Jid contact : call.place().members()) {
      var member = new Member(team(call), contact);
      var calls = byMember.get(member);
      if (calls != null) {
        calls.remove(call.uid());
        if (calls.isEmpty()) {
          byMember.remove(member);
        }
      }
    }
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

  int size() {
    return byId.size();
  }

  static TeamId team(Call call) {
    return call.place().team().uid();
  }
}
