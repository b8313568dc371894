package parley.signalling.session;

import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import parley.relay.api.RelayEvent;
import parley.signalling.call.Call;
import parley.signalling.call.CallInput;
import parley.signalling.call.CallKey;
import parley.signalling.cluster.Leases;
import parley.signalling.cluster.Membership;
import parley.signalling.cluster.NodeMessage;
import parley.signalling.wire.ClientEvent;

/**
 * Tells the other nodes of the calls that this one owns, soon enough that they could go on with
 * them, and sees to it that it still owns them. Owned by the {@link CallLoop}.
 */
final class OwnCalls {

  private static final Logger log = LoggerFactory.getLogger(OwnCalls.class);

  /** As with the state that clients are told: a burst is told once. */
  private static final long MERGE_NS = TimeUnit.MILLISECONDS.toNanos(200);

  private static final long MERGE_PER_DEVICE_NS = TimeUnit.MILLISECONDS.toNanos(5);

  /** The store forgets after days what nobody writes. */
  private static final long LOOK_NS = TimeUnit.HOURS.toNanos(1);

  /** The store was away when a call began, or ended. */
  private static final long SETTLE_NS = TimeUnit.SECONDS.toNanos(1);

  private final Cluster cluster;
  private final Membership members;
  private final Calls calls;
  private final Claims claims;
  private final Floor floor;
  private final Moment moment;
  private final Deadlines<CallKey> untold = new Deadlines<>();
  private final Deadlines<CallKey> quiet = new Deadlines<>();
  private long lookNs = Long.MAX_VALUE;
  private long settleNs;

  OwnCalls(
      Cluster cluster, Membership members, Calls calls, Claims claims, Floor floor, Moment moment) {
    this.cluster = cluster;
    this.members = members;
    this.calls = calls;
    this.claims = claims;
    this.floor = floor;
    this.moment = moment;
  }

  /** Something has happened to a call; what only concerns the moment is nobody else's business. */
  void happened(Call call, CallInput input) {
    if (members.isAlone() || isPassing(input)) {
      return;
    }
    CallKey place = call.place().key();
    if (quiet.isSet(place)) {
      if (!untold.isSet(place)) {
        untold.set(place, quiet.at(place));
      }
    } else {
      tell(place);
    }
  }

  private static boolean isPassing(CallInput input) {
    return switch (input) {
      case CallInput.FromRelay told ->
          !(told.event() instanceof RelayEvent.Recording)
              && !(told.event() instanceof RelayEvent.Gone)
              && !(told.event() instanceof RelayEvent.Refused)
              && !(told.event() instanceof RelayEvent.Failed);
      case CallInput.FromClient said -> said.event() instanceof ClientEvent.CallTrickle;
      default -> false;
    };
  }

  private void tell(CallKey place) {
    Call call = calls.at(place);
    untold.remove(place);
    if (call != null) {
      NodeMessage.Running running = running(call);
      members.broadcast(running);
      quiet.set(
          place, moment.nowNs() + MERGE_NS + MERGE_PER_DEVICE_NS * running.call().seats().size());
    }
  }

  NodeMessage.Running running(Call call) {
    return new NodeMessage.Running(
        call.handover(moment.nowNs()), claims.revision(call.place().key()));
  }

  /** A call of ours is over. */
  void over(Call call) {
    CallKey place = call.place().key();
    untold.remove(place);
    quiet.remove(place);
    if (claims.holds(place)) {
      claims.release(place);
      members.broadcast(new NodeMessage.Over(place, call.uid()));
    }
  }

  /**
   * The store is there again, or has forgotten, or this node was taken for dead: whatever is ours
   * is claimed once more. What somebody else has taken over meanwhile is his.
   */
  void claimAgain() {
    lookNs = moment.nowNs() + LOOK_NS;
    claims.releaseAgain();
    claims.held().forEach(this::claimAgain);
  }

  private void claimAgain(CallKey place, Claims.Held held) {
    claimAgain(place, held, held.revision());
  }

  /**
   * @param seen the revision of the claim as it is in the store; 0: there is none
   */
  private void claimAgain(CallKey place, Claims.Held held, long seen) {
    Leases leases = cluster.bus().leases();
    String value = claims.owner(held.uid());
    moment.then(
        seen == 0
            ? leases.create(CallClaim.key(place), value)
            : leases.update(CallClaim.key(place), value, seen),
        (revision, e) -> {
          boolean isOurs = claims.holds(place);
          if (revision == null || !isOurs) {
            return; // the store is away again
          }
          if (revision != Leases.NOT_DONE) {
            claims.hold(place, held.uid(), revision);
            tell(place);
          } else {
            lookWhose(place, held);
          }
        });
  }

  private void lookWhose(CallKey place, Claims.Held held) {
    moment.then(
        cluster.bus().leases().get(CallClaim.key(place)),
        (found, e) -> {
          if (found == null || !claims.holds(place)) {
            return;
          }
          String now = found.map(Leases.Entry::value).orElse("");
          if (found.isEmpty()) {
            claims.hold(place, held.uid(), 0); // the store has forgotten
            claimAgain(place, new Claims.Held(held.uid(), 0));
          } else if (now.equals(claims.owner(held.uid()))) {
            claims.hold(place, held.uid(), found.get().revision()); // an answer got lost
            tell(place);
          } else if (claims.isByUs(now)) {
            claimAgain(place, held, found.get().revision()); // for another call, which is none
          } else {
            standDown(place, now.contains(held.uid().value()), "somebody else has claimed it");
          }
        });
  }

  /**
   * Somebody else owns the call at that place: there is none of ours any more.
   *
   * @param goesOn whether it is the same call; else another one began there
   */
  void standDown(CallKey place, boolean goesOn, String why) {
    Call call = calls.at(place);
    claims.forget(place);
    untold.remove(place);
    quiet.remove(place);
    if (call != null) {
      log.warn("call {} is not ours any more: {}", call.uid().shortForm(), why);
      floor.abandon(call, goesOn);
      if (!goesOn) {
        members.broadcast(new NodeMessage.Over(place, call.uid()));
      }
    }
  }

  void onTime() {
    long nowNs = moment.nowNs();
    for (CallKey place = untold.pollDue(nowNs); place != null; place = untold.pollDue(nowNs)) {
      tell(place);
    }
    while (quiet.pollDue(nowNs) != null) {
      // the next change is told at once
    }
    if (nowNs >= lookNs && !members.isAlone()) {
      claimAgain();
    } else if (nowNs >= settleNs && claims.isUnsettled()) {
      settleNs = nowNs + SETTLE_NS;
      claims.releaseAgain();
      claims
          .held()
          .forEach(
              (place, held) -> {
                if (held.revision() == 0) {
                  claimAgain(place, held);
                }
              });
    }
  }

  long nextNs() {
    long next = Math.min(untold.nextNs(), members.isAlone() ? Long.MAX_VALUE : lookNs);
    return claims.isUnsettled() ? Math.min(next, settleNs) : next;
  }
}
