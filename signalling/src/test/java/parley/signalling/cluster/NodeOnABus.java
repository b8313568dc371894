package parley.signalling.cluster;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;

/** A node that does nothing but live, in real time. */
final class NodeOnABus {

  static final Duration LEASE = Duration.ofMillis(600);

  final NodeId id;
  final ConcurrentLinkedQueue<NodeId> died = new ConcurrentLinkedQueue<>();
  final ConcurrentLinkedQueue<NodeMessage> heard = new ConcurrentLinkedQueue<>();
  private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor();
  private final AtomicInteger known = new AtomicInteger();
  private final AtomicInteger returned = new AtomicInteger();
  private final AtomicReference<List<NodeStatus>> living = new AtomicReference<>(List.of());
  private final Membership members;

  NodeOnABus(Bus bus, String name) {
    this(bus, name, false);
  }

  NodeOnABus(Bus bus, String name, boolean mediaLess) {
    id = NodeId.of(name, new Random());
    members =
        new Membership(
            id,
            bus,
            new NodeCodec(),
            "test",
            LEASE,
            () ->
                new NodeStatus(id, NodeFrame.VERSION, "", false, false, -1, 0, 0, 0, 0, mediaLess),
            this::run,
            new Membership.Listener() {
              @Override
              public void appeared(NodeId node) {}

              @Override
              public void said(NodeId node, NodeMessage message) {
                heard.add(message);
              }

              @Override
              public void died(NodeId node, List<NodeMessage> unsaid) {
                died.add(node);
              }

              @Override
              public void returned() {
                returned.incrementAndGet();
              }
            });
    members
        .subjects()
        .forEach(
            subject ->
                bus.subscribe(
                    subject, heard -> run(() -> members.on(heard.text(), System.nanoTime()))));
    thread.execute(() -> members.begin(System.nanoTime()));
    thread.scheduleAtFixedRate(
        () -> {
          members.onTime(System.nanoTime());
          known.set(members.living().size() - 1);
          living.set(List.copyOf(members.living()));
        },
        5,
        5,
        TimeUnit.MILLISECONDS);
  }

  /** Nobody hears what is said to a process that is gone. */
  private void run(Runnable step) {
    if (!thread.isShutdown()) {
      thread.execute(step);
    }
  }

  void says(NodeId node, NodeMessage message) {
    run(() -> members.send(node, message));
  }

  boolean knows(int others) {
    return known.get() == others;
  }

  /** Where a call that begins here would go. */
  Optional<NodeId> placed() {
    return living.get().stream()
        .filter(status -> status.id().equals(id))
        .findFirst()
        .flatMap(here -> Placement.choose(here, living.get()))
        .map(Placement.Choice::node);
  }

  /** How often the store was there again. */
  int returned() {
    return returned.get();
  }

  /** Says nothing any more, as a process that was killed. */
  void stop() {
    thread.shutdownNow();
  }
}
