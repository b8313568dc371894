package parley.signalling.session;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import parley.relay.api.CallId;
import parley.signalling.call.CallKey;
import parley.signalling.cluster.Leases;
import parley.signalling.cluster.Membership;
import parley.signalling.cluster.NodeCodec;
import parley.signalling.cluster.NodeFrame;
import parley.signalling.cluster.NodeId;
import parley.signalling.cluster.NodeStatus;
import parley.signalling.cluster.Placement;

/**
 * Who owns the call at a place. An owner has an entry in the store that he wrote himself, and its
 * revision is his claim: whoever takes the call over writes the same entry, which only one can who
 * has seen that revision. While the store is away a node serves what begins on it without a claim,
 * and gets one later. Owned by the {@link CallLoop}.
 */
final class Claims {

  private static final Logger log = LoggerFactory.getLogger(Claims.class);

  /**
   * A claim of ours.
   *
   * @param revision 0: the store was away
   */
  record Held(CallId uid, long revision) {}

  /** Somebody who has to know who owns the call of a place. */
  interface Waiting {
    void here();

    void there(NodeId owner);

    /**
     * Nobody does, or it could not be found out.
     *
     * @param why a sentence for who wanted to know
     */
    void nowhere(String why);
  }

  private static final class Claim {
    final List<Waiting> waiting = new ArrayList<>();

    /** Another node asks this one to own it. */
    boolean asked;

    int tries;
  }

  static final String NOT_REACHED = "the call could not be reached, try again";

  static final String NO_RELAY = "no node that could carry the call is there, try again later";

  /** More people than this do not begin the same call in a moment. */
  private static final int MAX_WAITING = 1_000;

  /** A node that is asked looks the team up, maybe at the chat server, and asks the store. */
  private static final Duration ASK = Duration.ofMillis(2_500);

  /** Whoever owned the call may be dead, which is certain only after its lease. */
  private static final long AGAIN_NS = TimeUnit.MILLISECONDS.toNanos(300);

  /** Twelve seconds: clients give up as well. */
  private static final int MAX_TRIES = 40;

  /**
   * A node without a relay cannot help itself when the one that it asks is silent: after four of
   * them, and as many times the patience for one, its clients have given up.
   */
  private static final int TRIES_OF_SILENCE = 10;

  /** No request takes longer; what came of it may have been lost in an overload. */
  private static final long LOST_NS = TimeUnit.SECONDS.toNanos(10);

  /** Who is just taking a call over holds it then. */
  private static final long STRAY_NS = TimeUnit.SECONDS.toNanos(1);

  /** Who asked for the claim says what it is for at once. */
  private static final long UNUSED_NS = TimeUnit.SECONDS.toNanos(10);

  private final Cluster cluster;
  private final Membership members;
  private final FarCalls far;
  private final Calls calls;
  private final NodeCodec codec;
  private final Supplier<CallId> ids;
  private final Supplier<NodeStatus> self;
  private final Moment moment;
  private final Map<CallKey, Held> held = new HashMap<>();
  private final Map<CallKey, Claim> pending = new HashMap<>();
  private final Map<CallKey, Held> unreleased = new HashMap<>();
  private final Set<CallKey> unclaimed = new HashSet<>();
  private final Deadlines<CallKey> lost = new Deadlines<>();
  private final Deadlines<CallKey> again = new Deadlines<>();
  private final Deadlines<CallKey> unused = new Deadlines<>();
  private final Deadlines<CallKey> strays = new Deadlines<>();

  Claims(
      Cluster cluster,
      Membership members,
      FarCalls far,
      Calls calls,
      NodeCodec codec,
      Supplier<CallId> ids,
      Supplier<NodeStatus> self,
      Moment moment) {
    this.cluster = cluster;
    this.members = members;
    this.far = far;
    this.calls = calls;
    this.codec = codec;
    this.ids = ids;
    this.self = self;
    this.moment = moment;
  }

  /** What is ours, as of now. */
  Map<CallKey, Held> held() {
    return Map.copyOf(held);
  }

  boolean holds(CallKey place) {
    return held.containsKey(place);
  }

  /** The uid of a call that begins at a place. */
  CallId uid(CallKey place) {
    Held mine = held.get(place);
    return mine == null ? ids.get() : mine.uid();
  }

  /** By what right a call of ours speaks; 0: none yet. */
  long revision(CallKey place) {
    Held mine = held.get(place);
    return mine == null ? 0 : mine.revision();
  }

  /** Whether somebody waits to know who owns the call there. */
  boolean isPending(CallKey place) {
    return pending.containsKey(place);
  }

  /** Finds out who owns the call there, or has somebody own it; when nobody else is, at once. */
  void want(CallKey place, Waiting waiting) {
    want(place, waiting, false);
  }

  /** Another node asks this one to own the call there. */
  void wantHere(CallKey place, Waiting waiting) {
    want(place, waiting, true);
  }

  private void want(CallKey place, Waiting waiting, boolean asked) {
    Claim before = pending.get(place);
    if (before == null && (holds(place) || calls.at(place) != null)) {
      waiting.here();
      return;
    }
    Claim claim = before == null ? new Claim() : before;
    if (claim.waiting.size() >= MAX_WAITING) {
      waiting.nowhere(NOT_REACHED);
      return;
    }
    claim.waiting.add(waiting);
    claim.asked |= asked;
    if (before == null) {
      pending.put(place, claim);
      begin(place, claim);
    }
  }

  private void begin(CallKey place, Claim claim) {
    FarCalls.FarCall known = far.at(place);
    if (holds(place) || calls.at(place) != null) {
      resolveHere(place);
    } else if (known != null && members.lives(known.owner())) {
      resolve(place, waiting -> waiting.there(known.owner()));
    } else if (known != null && claim.tries < MAX_TRIES / 2) {
      later(place, claim); // its owner is dead: somebody is about to take it over
    } else {
      boolean here = cluster.relay() && (claim.asked || members.isAlone());
      NodeId node = here ? members.self() : chosen(place);
      if (node == null) {
        resolve(place, waiting -> waiting.nowhere(NO_RELAY));
        return;
      }
      lost.set(place, moment.nowNs() + LOST_NS);
      if (node.equals(members.self())) {
        claimHere(place, claim);
      } else {
        ask(place, claim, node);
      }
    }
  }

  /** Null when neither another node takes calls nor this one could. */
  private @Nullable NodeId chosen(CallKey place) {
    Optional<Placement.Choice> choice = Placement.choose(self.get(), members.living());
    String nobody = cluster.relay() ? "here, as nobody takes calls" : "nowhere: no relay is there";
    log.info(
        "a call in {} is placed: {}",
        place.one().shortForm(),
        choice.map(Placement.Choice::why).orElse(nobody));
    return choice.map(Placement.Choice::node).orElse(cluster.relay() ? members.self() : null);
  }

  private void ask(CallKey place, Claim claim, NodeId node) {
    var ask = new CallClaim.Ask(NodeFrame.VERSION, place, null, 0);
    String subject = Membership.asking(cluster.prefix(), node);
    moment.then(
        cluster.bus().request(subject, codec.write(ask), ASK),
        (text, e) -> {
          CallClaim.Answer answer =
              text == null
                  ? CallClaim.Answer.NOBODY
                  : codec.read(text, CallClaim.Answer.class).orElse(CallClaim.Answer.NOBODY);
          NodeId owner = answer.owner();
          CallId uid = answer.uid();
          if ((owner == null || uid == null) && cluster.relay()) {
            claimHere(place, claim); // it does not answer: better here than not at all
          } else if (owner == null || uid == null) {
            claim.tries += TRIES_OF_SILENCE;
            later(place, claim);
          } else if (owner.equals(members.self())) {
            later(place, claim);
          } else {
            far.put(new FarCalls.FarCall(place, uid, owner, answer.revision(), null));
            resolve(place, waiting -> waiting.there(owner));
          }
        });
  }

  private void claimHere(CallKey place, Claim claim) {
    CallId uid = ids.get();
    moment.then(
        cluster.bus().leases().create(CallClaim.key(place), owner(uid)),
        (revision, e) -> {
          if (revision == null) {
            hold(place, uid, 0); // the store is away, and audio need not wait for it
            resolveHere(place);
          } else if (revision != Leases.NOT_DONE) {
            hold(place, uid, revision);
            resolveHere(place);
          } else {
            lookWhose(place, claim, uid);
          }
        });
  }

  /** What stands in the store of a call of ours. */
  String owner(CallId uid) {
    return codec.write(new CallClaim.Owner(members.self(), uid));
  }

  /** Whether what stands in the store is a claim of this node, for whichever call. */
  boolean isByUs(String value) {
    return codec
        .read(value, CallClaim.Owner.class)
        .filter(claim -> members.self().equals(claim.owner()))
        .isPresent();
  }

  /** Somebody has been there before. */
  private void lookWhose(CallKey place, Claim claim, CallId uid) {
    moment.then(
        cluster.bus().leases().get(CallClaim.key(place)),
        (found, e) -> {
          Leases.Entry entry = found == null ? null : found.orElse(null);
          CallClaim.Owner owner =
              entry == null ? null : codec.read(entry.value(), CallClaim.Owner.class).orElse(null);
          if (entry == null) {
            later(place, claim);
          } else if (owner == null || owner.owner().equals(members.self())) {
            takeAway(place, claim, uid, entry.revision()); // what an earlier call left behind
          } else if (members.lives(owner.owner())) {
            far.put(
                new FarCalls.FarCall(place, owner.uid(), owner.owner(), entry.revision(), null));
            resolve(place, waiting -> waiting.there(owner.owner()));
          } else {
            lookWhetherAlive(place, claim, uid, owner.owner(), entry.revision());
          }
        });
  }

  /** A node that this one does not know: it may have died before this one began. */
  private void lookWhetherAlive(
      CallKey place, Claim claim, CallId uid, NodeId owner, long revision) {
    moment.then(
        members.hasLease(owner),
        (alive, e) -> {
          if (alive == null || alive) {
            later(place, claim);
          } else {
            takeAway(place, claim, uid, revision);
          }
        });
  }

  private void takeAway(CallKey place, Claim claim, CallId uid, long revision) {
    moment.then(
        cluster.bus().leases().update(CallClaim.key(place), owner(uid), revision),
        (mine, e) -> {
          if (mine == null || mine == Leases.NOT_DONE) {
            later(place, claim);
          } else {
            hold(place, uid, mine);
            resolveHere(place);
          }
        });
  }

  private void later(CallKey place, Claim claim) {
    if (++claim.tries > MAX_TRIES) {
      resolve(place, waiting -> waiting.nowhere(NOT_REACHED));
    } else {
      again.set(place, moment.nowNs() + AGAIN_NS);
    }
  }

  /** Something is known of a place that may have been waited for. */
  void known(CallKey place) {
    Claim claim = pending.get(place);
    if (claim != null && again.isSet(place)) {
      again.remove(place);
      begin(place, claim);
    }
  }

  private void resolveHere(CallKey place) {
    Claim claim = pending.get(place);
    resolve(
        place,
        waiting -> {
          if (holds(place) || calls.at(place) != null) {
            waiting.here();
          } else {
            want(place, waiting); // somebody before him came and went: the claim went with the call
          }
        });
    if (claim != null && holds(place) && calls.at(place) == null) {
      if (claim.asked || !members.isAlone()) {
        unused.set(place, moment.nowNs() + UNUSED_NS);
      } else {
        release(place);
      }
    }
  }

  private void resolve(CallKey place, Consumer<Waiting> how) {
    Claim claim = pending.remove(place);
    again.remove(place);
    lost.remove(place);
    if (claim != null) {
      List.copyOf(claim.waiting).forEach(how);
    }
  }

  /** Whether something is to be settled with the store as soon as it is there again. */
  boolean isUnsettled() {
    return !unreleased.isEmpty() || !unclaimed.isEmpty();
  }

  /** The call there is ours from now on. */
  void hold(CallKey place, CallId uid, long revision) {
    held.put(place, new Held(uid, revision));
    if (revision == 0) {
      unclaimed.add(place);
    } else {
      unclaimed.remove(place);
    }
    far.claimed(uid, revision);
    FarCalls.FarCall before = far.at(place);
    if (before != null) {
      far.claimed(before.uid(), revision);
      far.remove(place, before.uid());
    }
  }

  /** The call there is over. */
  void release(CallKey place) {
    Held mine = held.remove(place);
    unclaimed.remove(place);
    unused.remove(place);
    if (mine != null && mine.revision() != 0) {
      moment.then(
          cluster.bus().leases().delete(CallClaim.key(place), mine.revision()),
          (done, e) -> {
            if (done == null) {
              unreleased.put(place, mine); // the store is away
            }
          });
    }
  }

  /** The call there is somebody else's from now on; the store knows. */
  void forget(CallKey place) {
    held.remove(place);
    unclaimed.remove(place);
    unused.remove(place);
  }

  /**
   * Others take this node for the owner of the call there, and it is none: the store's answer to a
   * claim may have got lost. A claim that nobody knows of would keep calls away from there for
   * good.
   */
  void disown(CallKey place) {
    if (!strays.isSet(place)) {
      strays.set(place, moment.nowNs() + STRAY_NS);
    }
  }

  private boolean isOurs(CallKey place) {
    return holds(place) || isPending(place) || calls.at(place) != null;
  }

  private void giveBackStray(CallKey place) {
    if (isOurs(place)) {
      return;
    }
    moment.then(
        cluster.bus().leases().get(CallClaim.key(place)),
        (found, e) -> {
          Leases.Entry entry = found == null ? null : found.orElse(null);
          if (entry != null && isByUs(entry.value()) && !isOurs(place)) {
            log.warn("a claim of ours in {} was nobody's", place.one().shortForm());
            var _ = cluster.bus().leases().delete(CallClaim.key(place), entry.revision());
          }
        });
  }

  /** The store is there again: what could not be given back is. */
  void releaseAgain() {
    Map<CallKey, Held> all = Map.copyOf(unreleased);
    unreleased.clear();
    all.forEach(
        (place, mine) -> {
          if (!holds(place)) {
            held.put(place, mine);
            release(place);
          }
        });
  }

  void onTime() {
    long nowNs = moment.nowNs();
    for (CallKey place = again.pollDue(nowNs); place != null; place = again.pollDue(nowNs)) {
      Claim claim = pending.get(place);
      if (claim != null) {
        begin(place, claim);
      }
    }
    for (CallKey place = lost.pollDue(nowNs); place != null; place = lost.pollDue(nowNs)) {
      Claim claim = pending.get(place);
      if (claim != null && !again.isSet(place)) {
        later(place, claim);
      }
    }
    for (CallKey place = strays.pollDue(nowNs); place != null; place = strays.pollDue(nowNs)) {
      giveBackStray(place);
    }
    for (CallKey place = unused.pollDue(nowNs); place != null; place = unused.pollDue(nowNs)) {
      if (calls.at(place) == null) {
        release(place);
      }
    }
  }

  long nextNs() {
    long next = Math.min(lost.nextNs(), Math.min(again.nextNs(), unused.nextNs()));
    return Math.min(next, strays.nextNs());
  }
}
