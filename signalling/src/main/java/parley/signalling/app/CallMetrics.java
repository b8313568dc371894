package parley.signalling.app;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import parley.signalling.session.CallEvent;
import parley.signalling.session.CallEvents;
import parley.signalling.wire.IsoTime;

/**
 * Counts calls as they come and go.
 *
 * <pre>
 * parley.signalling.calls.started                    somebody was reached
 * parley.signalling.calls.finished {answered yes|no}
 * parley.signalling.call.duration                    of those that were answered
 * parley.signalling.call.answering                   from the first ring to the start
 * </pre>
 */
final class CallMetrics implements CallEvents {

  private static final Duration[] DURATIONS = {
    Duration.ofSeconds(10),
    Duration.ofMinutes(1),
    Duration.ofMinutes(5),
    Duration.ofMinutes(30),
    Duration.ofHours(1),
    Duration.ofHours(4)
  };

  private static final Duration[] RINGING = {
    Duration.ofSeconds(1),
    Duration.ofSeconds(5),
    Duration.ofSeconds(10),
    Duration.ofSeconds(20),
    Duration.ofSeconds(45)
  };

  private final Counter started;
  private final Counter answered;
  private final Counter unanswered;
  private final Timer duration;
  private final Timer answering;

  CallMetrics(MeterRegistry metrics) {
    started = metrics.counter("parley.signalling.calls.started");
    answered = metrics.counter("parley.signalling.calls.finished", "answered", "yes");
    unanswered = metrics.counter("parley.signalling.calls.finished", "answered", "no");
    duration =
        Timer.builder("parley.signalling.call.duration")
            .serviceLevelObjectives(DURATIONS)
            .register(metrics);
    answering =
        Timer.builder("parley.signalling.call.answering")
            .serviceLevelObjectives(RINGING)
            .register(metrics);
  }

  @Override
  public void happened(CallEvent event) {
    if (event instanceof CallEvent.Started begun) {
      started.increment();
      answering.record(between(begun.created(), begun.at()));
    } else if (event instanceof CallEvent.Finished finished) {
      IsoTime start = finished.summary().start();
      if (start == null) {
        unanswered.increment();
      } else {
        answered.increment();
        duration.record(between(start, finished.summary().finish()));
      }
    }
  }

  private static Duration between(IsoTime from, IsoTime to) {
    return Duration.between(from.instant(), to.instant());
  }
}
