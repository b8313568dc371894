package parley.signalling.session;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import parley.signalling.call.Call;
import parley.signalling.call.CallKey;
import parley.signalling.cluster.Membership;
import parley.signalling.cluster.NodeCodec;
import parley.signalling.cluster.NodeFrame;
import parley.signalling.cluster.NodeId;
import parley.signalling.cluster.NodeStatus;
import parley.signalling.cluster.Placement;

/**
 * Hands this node's calls to others before it ends: one by one, each to where a new call would go.
 * Owned by the {@link CallLoop}.
 */
final class Draining {

  private static final Logger log = LoggerFactory.getLogger(Draining.class);

  /** At the same time; each of them makes all of its devices offer. */
  private static final int AT_ONCE = 8;

  private static final Duration ASK = Duration.ofMillis(2_500);

  private static final long AGAIN_NS = TimeUnit.MILLISECONDS.toNanos(500);

  private final Cluster cluster;
  private final Membership members;
  private final Calls calls;
  private final Claims claims;
  private final FarCalls far;
  private final Floor floor;
  private final NodeCodec codec;
  private final Moment moment;
  private final Handovers handovers;
  private @Nullable CompletableFuture<Void> done;
  private BooleanSupplier isQuiet = () -> true;
  private long nextNs = Long.MAX_VALUE;

  Draining(
      Cluster cluster,
      Membership members,
      Calls calls,
      Claims claims,
      FarCalls far,
      Floor floor,
      NodeCodec codec,
      Handovers handovers,
      Moment moment) {
    this.cluster = cluster;
    this.members = members;
    this.calls = calls;
    this.claims = claims;
    this.far = far;
    this.floor = floor;
    this.codec = codec;
    this.handovers = handovers;
    this.moment = moment;
  }

  boolean isOn() {
    return done != null;
  }

  /**
   * Takes no more calls, and hands over those there are.
   *
   * @param noMediaLeft whether the media of all that were handed over has ended, too
   */
  void begin(CompletableFuture<Void> whenDone, BooleanSupplier noMediaLeft) {
    done = whenDone;
    isQuiet = noMediaLeft;
    log.info("draining: {} calls are handed over", calls.size());
    goOn();
  }

  void onTime() {
    if (moment.nowNs() >= nextNs) {
      goOn();
    }
  }

  long nextNs() {
    return nextNs;
  }

  private void goOn() {
    CompletableFuture<Void> whenDone = done;
    nextNs = Long.MAX_VALUE;
    if (whenDone == null || whenDone.isDone()) {
      return;
    }
    if (members.isAlone() || (calls.size() == 0 && isQuiet.getAsBoolean())) {
      whenDone.complete(null);
      return;
    }
    nextNs = moment.nowNs() + AGAIN_NS;
    for (Call call : List.copyOf(calls.all())) {
      if (handovers.size() < AT_ONCE && claims.revision(call.place().key()) != 0) {
        handOver(call);
      }
    }
  }

  private void handOver(Call call) {
    Optional<NodeStatus> here =
        members.living().stream().filter(each -> each.id().equals(members.self())).findFirst();
    Optional<Placement.Choice> choice =
        here.flatMap(status -> Placement.choose(status, members.living()))
            .filter(chosen -> !chosen.node().equals(members.self()));
    CallKey place = call.place().key();
    if (choice.isEmpty() || !handovers.begin(place)) {
      return;
    }
    NodeId node = choice.get().node();
    long revision = claims.revision(place);
    var ask = new CallClaim.Ask(NodeFrame.VERSION, place, call.handover(moment.nowNs()), revision);
    log.info("call {} is handed over: {}", call.uid().shortForm(), choice.get().why());
    moment.then(
        cluster.bus().request(Membership.asking(cluster.prefix(), node), codec.write(ask), ASK),
        (text, e) -> {
          Optional<CallClaim.Answer> answer =
              text == null ? Optional.empty() : codec.read(text, CallClaim.Answer.class);
          boolean isTaken = answer.filter(given -> given.owner() != null).isPresent();
          if (isTaken && calls.get(call.uid()) == call) {
            handedOver(call, node, answer.orElseThrow().revision());
          }
          handovers.end(place);
          if (isTaken) {
            goOn(); // else it is tried again in a while
          }
        });
  }

  private void handedOver(Call call, NodeId node, long revision) {
    CallKey place = call.place().key();
    claims.forget(place);
    far.put(new FarCalls.FarCall(place, call.uid(), node, revision, call.handover(moment.nowNs())));
    floor.handedOver(call);
  }
}
