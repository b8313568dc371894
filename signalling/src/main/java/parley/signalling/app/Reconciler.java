package parley.signalling.app;

import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import parley.relay.api.CallId;
import parley.relay.reconcile.CallLog;
import parley.relay.reconcile.Reconciliation;
import parley.relay.reconcile.ReconciliationReport;
import parley.relay.reconcile.Shortfall;
import parley.signalling.session.CallEvent;
import parley.signalling.session.CallEvents;
import parley.signalling.session.RecordedPlace;
import parley.signalling.wire.IsoTime;

/**
 * Once a day holds the calls of the day before against their recordings, and raises the alarm for
 * each that is not as it should be: in the log, as a metric, by webhook. Days that it slept through
 * it makes up for.
 */
final class Reconciler implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(Reconciler.class);

  /** After a week somebody has asked where the reports are. */
  private static final int DAYS_BACK = 7;

  private static final Duration LOOK = Duration.ofMinutes(1);

  private final Reconciliation reconciliation;
  private final Path recordings;
  private final LocalTime at;
  private final CallEvents events;
  private final MeterRegistry metrics;
  private final Clock clock;
  private final CountDownLatch closing = new CountDownLatch(1);
  private final Thread thread;

  /**
   * Begins to wait.
   *
   * @param recordings the folder for recordings
   * @param at time of day in UTC
   * @param events told of every shortfall
   */
  Reconciler(
      Reconciliation reconciliation,
      Path recordings,
      LocalTime at,
      CallEvents events,
      MeterRegistry metrics,
      Clock clock) {
    this.reconciliation = reconciliation;
    this.recordings = recordings;
    this.at = at;
    this.events = events;
    this.metrics = metrics;
    this.clock = clock;
    this.thread = Thread.ofPlatform().name("reconciliation").daemon().start(this::run);
  }

  private void run() {
    try {
      while (!closing.await(LOOK.toMillis(), TimeUnit.MILLISECONDS)) {
        look();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void look() {
    LocalDateTime now = LocalDateTime.ofInstant(clock.instant(), ZoneOffset.UTC);
    boolean yesterdayIsDue = !now.toLocalTime().isBefore(at);
    for (int back = DAYS_BACK; back >= 1; back--) {
      LocalDate day = now.toLocalDate().minusDays(back);
      try {
        if ((back > 1 || yesterdayIsDue)
            && CallLog.knows(recordings, day)
            && ReconciliationReport.read(recordings, day).isEmpty()) {
          reconcile(day);
        }
      } catch (IOException | RuntimeException e) {
        if (closing.getCount() > 0) {
          log.error("the calls of {} are not held against their recordings yet: {}", day, e);
        }
        return;
      }
    }
  }

  private void reconcile(LocalDate day) throws IOException {
    ReconciliationReport report =
        reconciliation.run(
            day,
            (done, of) -> {
              if (closing.getCount() == 0) {
                throw new IOException("the process ends");
              }
            });
    report.shortfalls().forEach(this::alarm);
    log.info(
        "{}: {} calls, {} of them had to be recorded, {} things are wrong",
        day,
        report.calls(),
        report.due(),
        report.shortfalls().size());
    report.write(recordings);
  }

  private void alarm(Shortfall shortfall) {
    metrics.counter("parley.recordings.shortfalls", "kind", shortfall.kind().word()).increment();
    CallId uid = new CallId(shortfall.call());
    log.error(
        "recording {} of call {}: {}",
        shortfall.kind().word(),
        uid.shortForm(),
        shortfall.sentence());
    var now = new IsoTime(clock.instant());
    RecordedPlace.of(shortfall.team(), shortfall.chat(), shortfall.title())
        .ifPresent(
            place ->
                events.happened(
                    new CallEvent.RecordingMissing(
                        uid,
                        place,
                        now,
                        shortfall.kind().word(),
                        shortfall.recording().replaceFirst("^.*/", ""),
                        shortfall.sentence())));
  }

  @Override
  public void close() {
    closing.countDown();
    try {
      thread.join(LOOK.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
