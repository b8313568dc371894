package parley.signalling.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which nodes live, and a stream to each. Owned by one thread, which is also {@code owner}'s.
 *
 * <p>Every node says how it is every third of a lease, and renews an entry of its own in the store.
 * A node that has not been heard for a lease, and has not renewed its entry either, is dead as soon
 * as somebody has ended its entry: of this and of a renewal that comes at last, the store lets one
 * succeed. So nobody is dead because somebody else's clock runs fast, and nobody is declared dead
 * by a node that cannot reach the store itself.
 */
public final class Membership {

  private static final Logger log = LoggerFactory.getLogger(Membership.class);

  /** The subject that every node listens to. */
  static final String EVERYONE = ".status";

  /** More are said in smaller parts than a third of a lease. */
  private static final int BEATS_PER_LEASE = 3;

  private static final String ENDED = "ended";

  /** What is told of other nodes, on the owner's thread. */
  public interface Listener {
    /** Another node is there, or is there again: it is to be told all that there is. */
    void appeared(NodeId node);

    void said(NodeId node, NodeMessage message);

    /**
     * A node is dead, or has left.
     *
     * @param unsaid what it may not have heard
     */
    void died(NodeId node, List<NodeMessage> unsaid);

    /** The store is there again, or had taken us for dead: what is ours may not be any more. */
    void returned();
  }

  private record Silence(long revision, long sinceNs) {}

  /** Nodes that were asked about and never heard: those of a cluster that was killed as a whole. */
  private static final int MAX_STRANGERS = 1_000;

  private static final class Peer {
    final NodeStream stream;
    NodeStatus status;
    long heardNs;
    boolean judging;

    /** A revision that this peer's entry had, and has had since: it did not renew it. */
    long silentRevision;

    long silentSinceNs;

    Peer(NodeStream stream, NodeStatus status, long nowNs) {
      this.stream = stream;
      this.status = status;
      this.heardNs = nowNs;
    }
  }

  private final NodeId self;
  private final Bus bus;
  private final NodeCodec codec;
  private final String prefix;
  private final long leaseNs;
  private final Supplier<NodeStatus> status;
  private final Executor owner;
  private final Listener listener;
  private final Map<NodeId, Peer> peers = new LinkedHashMap<>();
  private final Map<NodeId, Silence> strangers =
      new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<NodeId, Silence> eldest) {
          return size() > MAX_STRANGERS;
        }
      };
  private long lastEpoch;
  private long beatAtNs = Long.MAX_VALUE;
  private long leaseRevision;
  private long renewedNs = Long.MIN_VALUE / 2;
  private long certainSinceNs = Long.MAX_VALUE;
  private boolean renewing;
  private long renewingSinceNs;
  private boolean left;
  private long nowNs;

  /**
   * @param prefix of all subjects
   * @param status how this node is; the lease is filled in here
   * @param owner runs on the thread that owns this
   */
  public Membership(
      NodeId self,
      Bus bus,
      NodeCodec codec,
      String prefix,
      Duration lease,
      Supplier<NodeStatus> status,
      Executor owner,
      Listener listener) {
    this.self = self;
    this.bus = bus;
    this.codec = codec;
    this.prefix = prefix;
    this.leaseNs = lease.toNanos();
    this.status = status;
    this.owner = owner;
    this.listener = listener;
  }

  /** From now on this node is one of them. */
  public void begin(long now) {
    nowNs = now;
    beatAtNs = now;
  }

  public NodeId self() {
    return self;
  }

  /** The subject of one node, for requests. */
  public static String asking(String prefix, NodeId node) {
    return prefix + ".ask." + node;
  }

  /** The subjects whose messages have to be handed to {@link #on}. */
  public List<String> subjects() {
    return List.of(prefix + EVERYONE, prefix + ".node." + self);
  }

  /** Something came on one of {@link #subjects()}. */
  public void on(String text, long now) {
    nowNs = now;
    if (left) {
      return;
    }
    Optional<NodeFrame> frame = codec.read(text, NodeFrame.class).filter(f -> f.from() != null);
    if (frame.isPresent()) {
      onFrame(frame.get());
      return;
    }
    codec
        .read(text, NodeStatus.class)
        .filter(said -> said.id() != null && !said.id().equals(self))
        .ifPresent(this::onStatus);
  }

  private void onStatus(NodeStatus said) {
    if (!NodeFrame.understands(said.version())) {
      return; // too old or too new: as if it were not there
    }
    Peer peer = peers.get(said.id());
    if (said.leaving()) {
      if (peer != null) {
        gone(said.id(), "has left");
      }
      return;
    }
    if (peer != null) {
      peer.status = said;
      peer.heardNs = nowNs;
      return;
    }
    String subject = prefix + ".node." + said.id();
    var stream =
        new NodeStream(self, ++lastEpoch, frame -> bus.publish(subject, codec.write(frame)));
    peers.put(said.id(), new Peer(stream, said, nowNs));
    log.info("node {} is there", said.id());
    beat(); // it shall know of us as well, and soon
    listener.appeared(said.id());
  }

  private void onFrame(NodeFrame frame) {
    Peer peer = peers.get(frame.from());
    if (peer == null || !NodeFrame.understands(frame.v())) {
      return; // its status comes first; what it said it will say again
    }
    peer.heardNs = nowNs;
    switch (peer.stream.on(frame, nowNs)) {
      case NOTHING -> {}
      case MESSAGE -> {
        JsonNode tree = frame.m();
        if (tree != null) {
          codec.message(tree).ifPresent(message -> listener.said(frame.from(), message));
        }
      }
      case BEGIN_ANEW -> beginAnew(frame.from(), peer);
    }
    if (peer.stream.pollForgotten()) {
      beginAnew(frame.from(), peer);
    }
  }

  /** All that there is is said again, then what waited and is about more than that. */
  private void beginAnew(NodeId node, Peer peer) {
    log.info("what {} knows of us is said anew", node);
    List<JsonNode> unsaid = peer.stream.beginAnew(++lastEpoch);
    listener.appeared(node);
    for (JsonNode tree : unsaid) {
      if (codec.message(tree).filter(Membership::isNoGossip).isPresent()) {
        peer.stream.send(tree, tree.toString().length(), nowNs);
      }
    }
  }

  private static boolean isNoGossip(NodeMessage message) {
    return switch (message) {
      case NodeMessage.Said said -> true;
      case NodeMessage.Returned returned -> true;
      case NodeMessage.Tell tell -> true;
      case NodeMessage.Agreed agreed -> true;
      case NodeMessage.TeamChanged changed -> true;
      case NodeMessage.ToRelay to -> true;
      case NodeMessage.FromRelay from -> true;
      case NodeMessage.Hello hello -> false;
      case NodeMessage.HelloEnd end -> false;
      case NodeMessage.Opened opened -> false;
      case NodeMessage.Closed closed -> false;
      case NodeMessage.Away away -> false;
      case NodeMessage.Running running -> false;
      case NodeMessage.Over over -> false;
    };
  }

  /** Says something to one node; nothing when it is not there. */
  public void send(NodeId node, NodeMessage message) {
    Peer peer = peers.get(node);
    if (peer != null) {
      send(node, peer, codec.tree(message));
    }
  }

  /** Says something to every other node. */
  public void broadcast(NodeMessage message) {
    if (!peers.isEmpty()) {
      JsonNode tree = codec.tree(message);
      new ArrayList<>(peers.entrySet())
          .forEach(entry -> send(entry.getKey(), entry.getValue(), tree));
    }
  }

  private void send(NodeId node, Peer peer, JsonNode tree) {
    int chars = tree.toString().length();
    if (!peer.stream.send(tree, chars, nowNs)) {
      log.warn("too much waits for {}: it is told anew what there is", node);
      List<JsonNode> _ = peer.stream.beginAnew(++lastEpoch);
      listener.appeared(node);
    }
  }

  /** Whether another node is alive, as far as is known. */
  public boolean lives(NodeId node) {
    return node.equals(self) || peers.containsKey(node);
  }

  public boolean isAlone() {
    return peers.isEmpty();
  }

  /** This node, and the others that are alive. */
  public Collection<NodeStatus> living() {
    List<NodeStatus> all = new ArrayList<>();
    all.add(status.get());
    peers.values().forEach(peer -> all.add(peer.status));
    return all;
  }

  /** Whether the store was reached within the last lease: only then may others be judged. */
  public boolean isCertain() {
    return nowNs - renewedNs < leaseNs;
  }

  public void onTime(long now) {
    nowNs = now;
    if (left) {
      return;
    }
    if (now >= beatAtNs) {
      beatAtNs = now + leaseNs / BEATS_PER_LEASE;
      if (renewing && now - renewingSinceNs < leaseNs) {
        beat(); // the store takes its time
      } else {
        renew();
      }
    }
    for (Map.Entry<NodeId, Peer> each : new ArrayList<>(peers.entrySet())) {
      Peer peer = each.getValue();
      peer.stream.onTime(now);
      if (now - peer.heardNs >= leaseNs) {
        judge(each.getKey(), peer);
      }
    }
  }

  public long nextDeadlineNs() {
    long next = beatAtNs;
    for (Peer peer : peers.values()) {
      next = Math.min(next, peer.stream.nextDeadlineNs());
      if (!peer.judging) {
        long silentNs = peer.heardNs + leaseNs;
        next = Math.min(next, silentNs > nowNs ? silentNs : Long.MAX_VALUE);
      }
    }
    return next;
  }

  private void beat() {
    bus.publish(prefix + EVERYONE, codec.write(status.get().withLease(leaseRevision)));
  }

  // --- our own lease

  private String key(NodeId node) {
    return "node." + node;
  }

  private void renew() {
    renewing = true;
    renewingSinceNs = nowNs;
    long before = leaseRevision;
    String value = codec.write(status.get());
    var asked =
        before == 0
            ? bus.leases().create(key(self), value)
            : bus.leases().update(key(self), value, before);
    asked.whenComplete((revision, e) -> owner.execute(() -> onRenewed(revision, e)));
  }

  private void onRenewed(@Nullable Long revision, @Nullable Throwable e) {
    renewing = false;
    if (revision == null) {
      log.debug("the lease was not renewed: {}", e == null ? "" : e.getMessage());
      certainSinceNs = Long.MAX_VALUE;
    } else if (revision != Leases.NOT_DONE) {
      boolean wasAway = !isCertain();
      leaseRevision = revision;
      renewedNs = nowNs;
      if (wasAway) {
        certainSinceNs = nowNs;
        listener.returned();
      } else if (certainSinceNs == Long.MAX_VALUE) {
        certainSinceNs = nowNs; // away for less than a lease: what is ours is ours
      }
    } else if (!left) {
      lookForOurLease();
    }
    if (!left) {
      beat(); // with the lease as it is now: who does not hear of a renewal knows the last one
    }
  }

  /** Somebody has taken us for dead, or the store has forgotten, or an answer got lost. */
  private void lookForOurLease() {
    bus.leases()
        .get(key(self))
        .whenComplete(
            (found, e) ->
                owner.execute(
                    () -> {
                      if (found != null && e == null) {
                        leaseRevision = found.map(Leases.Entry::revision).orElse(0L);
                        renewedNs = Long.MIN_VALUE / 2; // what is ours has to be looked at
                        beatAtNs = nowNs;
                        boolean wasEnded = found.filter(f -> f.value().equals(ENDED)).isPresent();
                        log.warn(
                            "our lease {}",
                            wasEnded
                                ? "was ended: we were taken for dead"
                                : "was not as we left it");
                      }
                    }));
  }

  // --- the others'

  /**
   * Whether a node's lease runs, of one that was never heard, too: it may have died before this one
   * began. Asked again and again, it comes to an end. Fails when the store is away.
   */
  public CompletableFuture<Boolean> hasLease(NodeId node) {
    return bus.leases()
        .get(key(node))
        .thenComposeAsync(
            found ->
                found.isEmpty() || found.get().value().equals(ENDED)
                    ? CompletableFuture.completedFuture(false)
                    : endIfSilent(node, found.get().revision()),
            owner);
  }

  private CompletableFuture<Boolean> endIfSilent(NodeId node, long revision) {
    Silence silence = strangers.get(node);
    if (silence == null || silence.revision != revision) {
      strangers.put(node, new Silence(revision, nowNs));
      return CompletableFuture.completedFuture(true);
    }
    if (nowNs - silence.sinceNs < leaseNs || !isCertain()) {
      return CompletableFuture.completedFuture(true);
    }
    strangers.remove(node);
    return bus.leases()
        .update(key(node), ENDED, revision)
        .thenApply(done -> done == Leases.NOT_DONE);
  }

  /** Not heard for a lease. */
  private void judge(NodeId node, Peer peer) {
    boolean mayJudge = isCertain() && nowNs - certainSinceNs >= leaseNs;
    if (peer.judging || !mayJudge) {
      return;
    }
    peer.judging = true;
    bus.leases()
        .get(key(node))
        .whenComplete((found, e) -> owner.execute(() -> onEntry(node, peer, found, e)));
  }

  private void onEntry(
      NodeId node, Peer peer, @Nullable Optional<Leases.Entry> found, @Nullable Throwable e) {
    peer.judging = false;
    if (found == null || e != null || peers.get(node) != peer || nowNs - peer.heardNs < leaseNs) {
      return;
    }
    if (found.isEmpty() || found.get().value().equals(ENDED)) {
      gone(node, "is dead: its lease was ended");
      return;
    }
    long revision = found.get().revision();
    if (peer.silentRevision != revision && peer.status.lease() != revision) {
      peer.silentRevision = revision; // it has renewed it since we heard it last: seen from now on
      peer.silentSinceNs = nowNs;
      return;
    }
    if (peer.silentRevision == revision && nowNs - peer.silentSinceNs < leaseNs) {
      return;
    }
    peer.judging = true;
    bus.leases()
        .update(key(node), ENDED, revision)
        .whenComplete(
            (done, failed) ->
                owner.execute(
                    () -> {
                      peer.judging = false;
                      boolean isEnded = failed == null && done != null && done != Leases.NOT_DONE;
                      if (isEnded && peers.get(node) == peer) {
                        gone(node, "is dead: its lease was not renewed");
                      }
                    }));
  }

  private void gone(NodeId node, String why) {
    Peer peer = peers.remove(node);
    if (peer != null) {
      log.warn("node {} {}", node, why);
      List<NodeMessage> unsaid = new ArrayList<>();
      peer.stream.unacknowledged().forEach(tree -> codec.message(tree).ifPresent(unsaid::add));
      listener.died(node, unsaid);
    }
  }

  /** Says good-bye: what this node owned is free at once. */
  public void leave() {
    left = true;
    NodeStatus now = status.get();
    bus.publish(
        prefix + EVERYONE,
        codec.write(
            new NodeStatus(
                self,
                now.version(),
                now.region(),
                true,
                true,
                now.cpu(),
                0,
                0,
                0,
                leaseRevision,
                now.mediaLess())));
    if (leaseRevision != 0) {
      var _ = bus.leases().delete(key(self), leaseRevision);
    }
  }
}
