package parley.signalling.session;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import parley.relay.api.CallId;
import parley.signalling.call.CallHandover;
import parley.signalling.call.CallKey;
import parley.signalling.call.CallPlace;
import parley.signalling.cluster.NodeId;
import parley.signalling.directory.Team;
import parley.signalling.wire.Jid;
import parley.signalling.wire.OnlineCall;

/** The calls that other nodes own, as they tell. Owned by the {@link CallLoop}. */
final class FarCalls {

  /** Calls whose highest claim is remembered after they have moved or ended. */
  private static final int MAX_CLAIMS = 20_000;

  /**
   * A call of another node.
   *
   * @param call null: it is claimed, and nobody has told more
   */
  record FarCall(
      CallKey place, CallId uid, NodeId owner, long revision, @Nullable CallHandover call) {}

  private final Map<CallKey, FarCall> byPlace = new HashMap<>();
  private final Map<CallId, CallKey> places = new HashMap<>();
  private final Map<CallId, Long> highest =
      new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<CallId, Long> eldest) {
          return size() > MAX_CLAIMS;
        }
      };

  /** False: somebody with a higher claim is known. */
  boolean put(FarCall call) {
    if (isOutdated(call.uid(), call.revision())) {
      return false;
    }
    FarCall before = byPlace.get(call.place());
    if (before != null && !before.uid().equals(call.uid()) && before.revision() > call.revision()) {
      claimed(call.uid(), before.revision());
      return false; // its owner was away, and does not know yet that another one began there
    }
    if (before != null) {
      places.remove(before.uid());
      claimed(before.uid(), call.revision());
    }
    CallHandover told = call.call();
    if (told == null && before != null && before.uid().equals(call.uid())) {
      told = before.call(); // who was asked for the owner may answer later than the owner tells
    }
    byPlace.put(
        call.place(), new FarCall(call.place(), call.uid(), call.owner(), call.revision(), told));
    places.put(call.uid(), call.place());
    claimed(call.uid(), call.revision());
    return true;
  }

  /**
   * Somebody, maybe this node, owns a call by this claim; or another call at its place, which means
   * that it is over, whatever an owner still says of it who was away.
   */
  void claimed(CallId uid, long revision) {
    highest.merge(uid, revision, Math::max);
  }

  /** Whether whoever speaks by this claim does not own the call any more. */
  boolean isOutdated(CallId uid, long revision) {
    return highest.getOrDefault(uid, 0L) > revision;
  }

  void remove(CallKey place, CallId uid) {
    FarCall call = byPlace.get(place);
    if (call != null && call.uid().equals(uid)) {
      byPlace.remove(place);
      places.remove(uid);
    }
  }

  @Nullable FarCall at(CallKey place) {
    return byPlace.get(place);
  }

  @Nullable FarCall get(CallId uid) {
    CallKey place = places.get(uid);
    return place == null ? null : byPlace.get(place);
  }

  /** What a node owns, as of now. */
  List<FarCall> of(NodeId node) {
    return byPlace.values().stream().filter(call -> call.owner().equals(node)).toList();
  }

  /** Those of the viewer's chats. */
  List<OnlineCall> seenBy(Team team, Jid viewer) {
    List<OnlineCall> seen = new ArrayList<>();
    for (FarCall far : byPlace.values()) {
      CallHandover call = far.call();
      if (call == null || !far.place().team().equals(team.uid())) {
        continue;
      }
      Jid jid = seen(far.place(), viewer);
      CallPlace place = jid == null ? null : team.place(viewer, jid);
      if (jid != null && place != null) {
        seen.add(new OnlineCall(jid, far.uid(), call.start(), call.onlineCount()));
      }
    }
    return seen;
  }

  /** The chat as the viewer names it; null: it is a call of two others. */
  private static @Nullable Jid seen(CallKey place, Jid viewer) {
    Jid other = place.other();
    if (other == null) {
      return place.one();
    }
    if (viewer.equals(place.one())) {
      return other;
    }
    return viewer.equals(other) ? place.one() : null;
  }
}
