package parley.load.model;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import parley.load.Eventually;
import parley.load.bench.kernel.CpuTime;
import parley.load.chaos.NatsProcess;
import parley.signalling.call.SessionId;
import parley.signalling.cluster.Bus;
import parley.signalling.cluster.Leases;
import parley.signalling.cluster.NodeCodec;
import parley.signalling.cluster.NodeFrame;
import parley.signalling.cluster.NodeId;
import parley.signalling.cluster.NodeMessage;
import parley.signalling.cluster.NodeStatus;
import parley.signalling.cluster.nats.NatsBus;
import parley.signalling.cluster.nats.NatsSettings;
import parley.signalling.wire.Jid;
import parley.signalling.wire.TeamId;

/** Measures on this machine what nodes and a NATS server spend on telling each other something. */
final class BusMeasure {

  private static final String SOURCE = "model --measure";
  private static final Duration SOON = Duration.ofSeconds(20);

  /** Until the JVM has compiled what is measured, and while it is measured. */
  private static final long WARM_NS = TimeUnit.SECONDS.toNanos(3);

  private static final long MEASURED_NS = TimeUnit.SECONDS.toNanos(3);

  /** As many nodes hear each message. */
  private static final int LISTENERS = 8;

  /** What a burst may leave lying before the next one follows; far below what a bus drops. */
  private static final int BURST = 200;

  /** As many changes of leases are under way at a time. */
  private static final int WRITERS = 64;

  private static final int HOPS = 1_000;

  private final NodeCodec codec = new NodeCodec();
  private final ThreadMXBean threads = ManagementFactory.getThreadMXBean();
  private final NodeMessage message =
      new NodeMessage.Opened(
          new SessionId("0d6f1c1e-2b7a-4c55-9c58-5b8f0d1f6a11"),
          new TeamId("0f3c5a52-8d8e-4a38-9f0a-3a8e6b8e7d10"),
          Jid.of("d-4b4c1f8e-7b0c-4a6d-8a53-6d8cf2a7c9b3"),
          "Mozilla/5.0 (X11; Linux x86_64; rv:153.0) Gecko/20100101 Firefox/153.0",
          "0a1b2c3d4e5f",
          false,
          false);
  private final NodeId node = new NodeId("east-1-09af3c");
  private final String status =
      codec.write(
          new NodeStatus(
              node, NodeFrame.VERSION, "east", false, false, .4, 90, 360, 3600, 7, false));

  /** The figures, with those that could be measured here. */
  Figures over(Figures figures, Path folder) throws IOException, InterruptedException {
    Figures found =
        figures
            .with(Quantity.MESSAGE_WRITTEN, cpuUs(this::write), SOURCE)
            .with(Quantity.MESSAGE_READ, cpuUs(reading()), SOURCE)
            .with(
                Quantity.STATUS_READ,
                cpuUs(() -> check(codec.read(status, NodeStatus.class).isPresent())),
                SOURCE);
    try (var nats = new NatsProcess(folder);
        Bus bus = open(nats, "one")) {
      found = leases(found, bus.leases());
      found = hops(found, nats, bus);
      return deliveries(found, nats, bus);
    }
  }

  private String write() {
    return codec.write(
        new NodeFrame(NodeFrame.VERSION, node, 1, 17, 1, 16, false, codec.tree(message)));
  }

  private Runnable reading() {
    String text = write();
    return () ->
        check(
            codec
                .read(text, NodeFrame.class)
                .map(NodeFrame::m)
                .flatMap(codec::message)
                .isPresent());
  }

  private static void check(boolean isRight) {
    if (!isRight) {
      throw new IllegalStateException("what was said or changed did not arrive");
    }
  }

  private double cpuUs(Runnable step) {
    repeat(step, WARM_NS);
    long before = threads.getCurrentThreadCpuTime();
    long times = repeat(step, MEASURED_NS);
    return (threads.getCurrentThreadCpuTime() - before) / 1000.0 / times;
  }

  private static long repeat(Runnable step, long forNs) {
    long endNs = System.nanoTime() + forNs;
    long times = 0;
    while (System.nanoTime() < endNs) {
      for (int i = 0; i < 100; i++) {
        step.run();
      }
      times += 100;
    }
    return times;
  }

  private static Bus open(NatsProcess nats, String name) throws IOException, InterruptedException {
    String url = "nats://" + nats.address().getHostString() + ":" + nats.address().getPort();
    Bus bus =
        NatsBus.open(
            new NatsSettings(List.of(url), name, "model", 1, "", "", Optional.empty()),
            new SimpleMeterRegistry());
    Eventually.until("the bus to be there", SOON, bus::isUp);
    return bus;
  }

  /** Each writer changes its own key as soon as the change before has been answered. */
  private Figures leases(Figures figures, Leases leases) throws InterruptedException {
    ConcurrentLinkedQueue<Long> alone = new ConcurrentLinkedQueue<>();
    changes(leases, 1, WARM_NS, alone);
    alone.clear();
    changes(leases, 1, MEASURED_NS, alone);
    ConcurrentLinkedQueue<Long> together = new ConcurrentLinkedQueue<>();
    changes(leases, WRITERS, WARM_NS, together);
    together.clear();
    changes(leases, WRITERS, MEASURED_NS, together);
    return figures
        .with(Quantity.LEASE_WRITE, median(alone) / 1e6, SOURCE + ", one server")
        .with(
            Quantity.LEASE_WRITES, together.size() / (MEASURED_NS / 1e9), SOURCE + ", one server");
  }

  private static void changes(
      Leases leases, int writers, long forNs, ConcurrentLinkedQueue<Long> took)
      throws InterruptedException {
    long endNs = System.nanoTime() + forNs;
    List<Thread> all = new ArrayList<>();
    for (int i = 0; i < writers; i++) {
      String key = "call." + writers + "." + forNs + "." + i + "." + System.nanoTime();
      all.add(Thread.ofVirtual().start(() -> change(leases, key, endNs, took)));
    }
    for (Thread each : all) {
      each.join();
    }
  }

  private static void change(
      Leases leases, String key, long endNs, ConcurrentLinkedQueue<Long> took) {
    try {
      long revision = leases.create(key, "0").get();
      for (long nowNs = System.nanoTime(); nowNs < endNs; nowNs = System.nanoTime()) {
        revision = leases.update(key, "x".repeat(STATUS_CHARS), revision).get();
        check(revision != Leases.NOT_DONE);
        took.add(System.nanoTime() - nowNs);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (ExecutionException e) {
      throw new IllegalStateException("the store did not answer", e);
    }
  }

  private static final int STATUS_CHARS = 200;

  private Figures hops(Figures figures, NatsProcess nats, Bus bus)
      throws IOException, InterruptedException {
    ConcurrentLinkedQueue<Long> took = new ConcurrentLinkedQueue<>();
    try (Bus other = open(nats, "other")) {
      other.subscribe("hop", asked -> asked.reply("back"));
      Eventually.until("the other to listen", SOON, () -> isAnswered(bus));
      for (int i = 0; i < HOPS; i++) {
        long beganNs = System.nanoTime();
        check(isAnswered(bus));
        took.add((System.nanoTime() - beganNs) / 2);
      }
    }
    return figures.with(Quantity.NATS_HOP, median(took) / 1e6, SOURCE + ", one machine");
  }

  private static boolean isAnswered(Bus bus) {
    try {
      return "back".equals(bus.request("hop", "there", SOON).get(2, TimeUnit.SECONDS));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    } catch (ExecutionException | TimeoutException e) {
      return false;
    }
  }

  private Figures deliveries(Figures figures, NatsProcess nats, Bus bus)
      throws IOException, InterruptedException {
    var heard = new AtomicLong();
    List<Bus> listeners = new ArrayList<>();
    try {
      for (int i = 0; i < LISTENERS; i++) {
        Bus listener = open(nats, "listener-" + i);
        listeners.add(listener);
        listener.subscribe("everyone", received -> heard.incrementAndGet());
      }
      Eventually.until("all to listen", SOON, () -> isHeardByAll(bus, heard));
      publish(bus, heard, WARM_NS);
      long before = heard.get();
      CpuTime spent = CpuTime.ofProcess(nats.pid());
      CpuTime ours = CpuTime.ofProcess(ProcessHandle.current().pid());
      publish(bus, heard, MEASURED_NS);
      double delivered = heard.get() - before;
      double natsNs = CpuTime.ofProcess(nats.pid()).minus(spent).totalNs();
      double oursNs = CpuTime.ofProcess(ProcessHandle.current().pid()).minus(ours).totalNs();
      double clientUs = oursNs / 1000 / delivered; // the library's and the kernel's part
      String source = SOURCE + ", " + LISTENERS + " listeners";
      return figures
          .with(Quantity.NATS_DELIVERY, natsNs / 1000 / delivered, source)
          .with(Quantity.MESSAGE_READ, figures.get(Quantity.MESSAGE_READ) + clientUs, source)
          .with(Quantity.STATUS_READ, figures.get(Quantity.STATUS_READ) + clientUs, source);
    } finally {
      listeners.forEach(Bus::close);
    }
  }

  private static boolean isHeardByAll(Bus bus, AtomicLong heard) {
    long before = heard.get();
    bus.publish("everyone", "?");
    Eventually.until("it to be heard", SOON, () -> heard.get() > before);
    return heard.get() - before >= LISTENERS;
  }

  private void publish(Bus bus, AtomicLong heard, long forNs) {
    String text = write();
    long endNs = System.nanoTime() + forNs;
    while (System.nanoTime() < endNs) {
      long wanted = heard.get() + (long) BURST * LISTENERS;
      for (int i = 0; i < BURST; i++) {
        bus.publish("everyone", text);
      }
      Eventually.until("the burst to be heard", SOON, () -> heard.get() >= wanted);
    }
  }

  private static double median(ConcurrentLinkedQueue<Long> values) {
    long[] sorted = values.stream().mapToLong(Long::longValue).sorted().toArray();
    return Arrays.stream(sorted).skip(sorted.length / 2).findFirst().orElseThrow();
  }
}
