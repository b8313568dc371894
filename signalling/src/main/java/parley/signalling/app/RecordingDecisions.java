package parley.signalling.app;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import parley.relay.api.RecordingPolicy;
import parley.signalling.audit.Access;
import parley.signalling.audit.AccessLog;
import parley.signalling.call.RecordingDecision;
import parley.signalling.session.CallEvent;
import parley.signalling.session.CallEvents;

/**
 * Writes down, in the audit log, what became of each call's recording and by which policy, on a
 * thread of its own: the calls' thread waits for no disk.
 */
final class RecordingDecisions implements CallEvents, AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(RecordingDecisions.class);

  /** Some for each call; a disk that hangs for as long as so many take is a broken one. */
  private static final int MAX_WAITING = 10_000;

  private static final long CLOSE_MS = 10_000;

  private final AccessLog accesses;
  private final MeterRegistry metrics;
  private final Counter lost;
  private final BlockingQueue<CallEvent.RecordingDecided> waiting =
      new ArrayBlockingQueue<>(MAX_WAITING);
  private final Thread thread;
  private volatile boolean closing;

  RecordingDecisions(AccessLog accesses, MeterRegistry metrics) {
    this.accesses = accesses;
    this.metrics = metrics;
    this.lost = metrics.counter("parley.recording.decisions.lost");
    for (RecordingDecision decision : RecordingDecision.values()) {
      for (RecordingPolicy.Mode mode : RecordingPolicy.Mode.values()) {
        Counter _ = counter(decision, mode); // there from the start, for who scrapes
      }
    }
    this.thread = Thread.ofPlatform().name("recording-decisions").daemon().start(this::run);
  }

  private Counter counter(RecordingDecision decision, RecordingPolicy.Mode mode) {
    return metrics.counter(
        "parley.recording.decisions", "decision", decision.word(), "mode", mode.word());
  }

  @Override
  public void happened(CallEvent event) {
    if (event instanceof CallEvent.RecordingDecided decided) {
      counter(decided.decision(), decided.policy().mode()).increment();
      if (!decided.reason().isEmpty()) {
        log.error(
            "call {} {} by policy {}: {}",
            decided.uid().shortForm(),
            decided.decision().word(),
            decided.policy().title(),
            decided.reason());
      }
      if (!waiting.offer(decided)) {
        lost.increment();
      }
    }
  }

  private void run() {
    try {
      while (!closing || !waiting.isEmpty()) {
        CallEvent.RecordingDecided next = waiting.poll(100, TimeUnit.MILLISECONDS);
        if (next != null) {
          write(next);
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void write(CallEvent.RecordingDecided decided) {
    var access =
        Access.allowed(
            "parley", "call." + decided.decision().word(), decided.uid().value(), why(decided), "");
    try {
      accesses.write(access);
    } catch (IOException e) {
      lost.increment();
      log.error(
          "call {} {}: this is not in the audit log: {}",
          decided.uid().shortForm(),
          decided.decision().word(),
          e.getMessage());
    }
  }

  private static String why(CallEvent.RecordingDecided decided) {
    String policy = "policy " + decided.policy().title() + ", " + decided.policy().mode().word();
    return decided.reason().isEmpty() ? policy : policy + ": " + decided.reason();
  }

  /** Returns when all is written. */
  @Override
  public void close() {
    closing = true;
    try {
      thread.join(CLOSE_MS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
