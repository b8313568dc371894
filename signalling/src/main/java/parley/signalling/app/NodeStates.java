package parley.signalling.app;

import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Statistic;
import java.lang.management.ManagementFactory;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;
import parley.relay.api.RecordingHealth;
import parley.relay.net.InProcessRelay;
import parley.relay.recording.RecorderMeter;
import parley.relay.recording.RecorderMeter.Result;
import parley.relay.store.S3Uploads;
import parley.signalling.servers.NodeState;
import parley.signalling.servers.NodeState.Sample;
import parley.signalling.session.CallLoop;

/** What the node is busy with, now and in the last hour. Any thread. */
final class NodeStates implements Supplier<NodeState>, AutoCloseable {

  private static final Duration STEP = Duration.ofSeconds(10);

  /** An hour: as far as a plot beside live calls has to reach. */
  private static final int SAMPLES = 360;

  /** Of a node without a relay: that it does not record is nobody's trouble. */
  private static final RecordingHealth NOTHING_TO_RECORD = RecordingHealth.GOOD;

  private final String version;
  private final MeterRegistry metrics;
  private final @Nullable InProcessRelay relay;
  private final RecorderMeter recorder;
  private final CallLoop loop;
  private final @Nullable S3Uploads uploads;
  private final boolean turn;
  private final Clock clock;
  private final CountDownLatch stop = new CountDownLatch(1);
  private final Deque<Sample> history = new ArrayDeque<>();
  private double packets;

  /**
   * @param relay null: calls run on other nodes
   * @param uploads null: recordings stay here
   */
  NodeStates(
      String version,
      MeterRegistry metrics,
      @Nullable InProcessRelay relay,
      RecorderMeter recorder,
      CallLoop loop,
      @Nullable S3Uploads uploads,
      boolean turn,
      Clock clock) {
    this.version = version;
    this.metrics = metrics;
    this.relay = relay;
    this.recorder = recorder;
    this.loop = loop;
    this.uploads = uploads;
    this.turn = turn;
    this.clock = clock;
    Thread.ofVirtual().name("node-history").start(this::run);
  }

  private void run() {
    try {
      do {
        sample();
      } while (!stop.await(STEP.toMillis(), TimeUnit.MILLISECONDS));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void sample() {
    double now = sum("parley.relay.packets");
    long perSecond = Math.round((now - packets) / STEP.toSeconds());
    packets = now;
    Sample sample =
        new Sample(
            clock.millis(),
            sum("process.cpu.usage"),
            loop.calls(),
            count("parley.relay.peers"),
            perSecond,
            loopLagMs());
    synchronized (history) {
      history.addLast(sample);
      if (history.size() > SAMPLES) {
        history.removeFirst();
      }
    }
  }

  @Override
  public NodeState get() {
    var runtime = Runtime.getRuntime();
    return new NodeState(
        version,
        ManagementFactory.getRuntimeMXBean().getUptime() / 1000,
        runtime.availableProcessors(),
        sum("process.cpu.usage"),
        sum("system.cpu.usage"),
        runtime.totalMemory() - runtime.freeMemory(),
        runtime.maxMemory(),
        count("jvm.buffer.memory.used"),
        loop.sessions(),
        count("parley.relay.peers"),
        loopLagMs(),
        loop.waiting(),
        byTag("parley.relay.paths", "kind"),
        byTag("parley.relay.legs", "outcome"),
        recording(),
        turn
            ? new NodeState.Turn(count("parley.turn.allocations"), count("parley.turn.bytes"))
            : null,
        samples());
  }

  private NodeState.Recording recording() {
    RecordingHealth health = relay == null ? NOTHING_TO_RECORD : relay.recordingHealth();
    double missingS = RecorderMeter.causes().stream().mapToDouble(recorder::missingS).sum();
    return new NodeState.Recording(
        health.possible(),
        health.reason(),
        recorder.running(),
        ms(Duration.ofNanos(recorder.lagNs())),
        recorder.closed(Result.COMPLETE),
        recorder.closed(Result.STOPPED),
        Math.round(missingS * 10) / 10.0,
        recorder.packetsDropped(),
        uploads == null ? -1 : uploads.waiting());
  }

  private List<Sample> samples() {
    synchronized (history) {
      return new ArrayList<>(history);
    }
  }

  private double loopLagMs() {
    return relay == null ? 0 : ms(relay.loopLag());
  }

  private static double ms(Duration time) {
    return Math.round(time.toNanos() / 1e5) / 10.0;
  }

  private Map<String, Long> byTag(String name, String tag) {
    Map<String, Long> values = new TreeMap<>();
    for (Meter meter : metrics.find(name).meters()) {
      String value = meter.getId().getTag(tag);
      if (value != null) {
        values.merge(value, Math.round(value(meter)), Long::sum);
      }
    }
    return values;
  }

  private long count(String name) {
    return Math.round(sum(name));
  }

  private double sum(String name) {
    Collection<Meter> meters = metrics.find(name).meters();
    return meters.stream().mapToDouble(NodeStates::value).sum();
  }

  private static double value(Meter meter) {
    return StreamSupport.stream(meter.measure().spliterator(), false)
        .filter(each -> each.getStatistic() != Statistic.MAX)
        .mapToDouble(each -> each.getValue())
        .filter(Double::isFinite)
        .findFirst()
        .orElse(0);
  }

  @Override
  public void close() {
    stop.countDown();
  }
}
