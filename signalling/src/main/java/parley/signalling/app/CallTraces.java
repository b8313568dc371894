package parley.signalling.app;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Consumer;
import parley.relay.api.CallId;
import parley.relay.api.LegReport;
import parley.relay.api.RelayEvent;
import parley.signalling.session.CallEvent;
import parley.signalling.session.CallEvents;

/**
 * Spans of calls' set-up. A call's trace has its number from the call's uid, so that what several
 * nodes tell of one call is one trace, and nobody has to hand a context on.
 *
 * <pre>
 * call                          until it is over; its reason
 *   ring                        until somebody is reached
 *   join                        each leg, until media can flow, or until it is given up
 *     ice.check, dtls           its stages
 * </pre>
 *
 * <p>Everything is known by its end only, so every span is made then, with the times it had. Any
 * thread; never blocks.
 */
final class CallTraces implements CallEvents {

  private static final int TRACE_DIGITS = 32;
  private static final int SPAN_DIGITS = 16;

  private final Consumer<Span> spans;
  private final InstantSource clock;

  /**
   * @param spans takes them, and never blocks
   */
  CallTraces(Consumer<Span> spans, InstantSource clock) {
    this.spans = spans;
    this.clock = clock;
  }

  @Override
  public void happened(CallEvent event) {
    switch (event) {
      case CallEvent.Started started ->
          spans.accept(
              new Span(
                  started.uid(),
                  newId(),
                  callSpan(started.uid()),
                  "ring",
                  started.created().instant(),
                  started.at().instant(),
                  Map.of(),
                  ""));
      case CallEvent.Finished finished -> spans.accept(whole(finished));
      case CallEvent.Buzz _,
          CallEvent.Moved _,
          CallEvent.RecordingReady _,
          CallEvent.RecordingFailed _,
          CallEvent.RecordingDecided _,
          CallEvent.RecordingMissing _ -> {}
    }
  }

  private static Span whole(CallEvent.Finished finished) {
    var summary = finished.summary();
    return new Span(
        finished.uid(),
        callSpan(finished.uid()),
        "",
        "call",
        summary.created().instant(),
        summary.finish().instant(),
        Map.of(
            "parley.call", finished.uid().value(),
            "parley.answered", String.valueOf(summary.start() != null),
            "parley.participants", String.valueOf(summary.participants().size()),
            "parley.reason", summary.reason()),
        "");
  }

  /** The relay said something. */
  void onRelay(RelayEvent event) {
    if (event instanceof RelayEvent.Connected connected) {
      RelayEvent.SetUp took = connected.setUp();
      Instant began = clock.instant().minusMillis(took.connectedMs());
      Span join = join(connected.call(), connected.peer().value(), began, took.connectedMs(), "");
      spans.accept(join);
      stage(join, "ice.check", 0, took.checkedMs());
      stage(join, "dtls", took.handshakingMs(), took.connectedMs());
    } else if (event instanceof RelayEvent.LegEnded ended
        && ended.report().stage() != LegReport.Stage.CONNECTED) {
      LegReport report = ended.report();
      Instant began = clock.instant().minusMillis(report.ageMs());
      String fault = report.fault().label();
      spans.accept(join(ended.call(), report.peer().value(), began, report.ageMs(), fault));
    }
  }

  private static Span join(CallId call, String peer, Instant began, long tookMs, String fault) {
    return new Span(
        call,
        newId(),
        callSpan(call),
        "join",
        began,
        began.plusMillis(tookMs),
        Map.of("parley.peer", peer),
        fault);
  }

  private void stage(Span join, String name, long fromMs, long toMs) {
    if (fromMs >= 0 && toMs >= fromMs) {
      spans.accept(
          new Span(
              join.call(),
              newId(),
              join.id(),
              name,
              join.from().plusMillis(fromMs),
              join.from().plusMillis(toMs),
              Map.of(),
              ""));
    }
  }

  private static String newId() {
    // Zero is no number of a span; it comes once in 2^64.
    return HexFormat.of().toHexDigits(Math.max(1, ThreadLocalRandom.current().nextLong() >>> 1));
  }

  /** The number of a call's trace: 32 hexadecimal digits. */
  static String trace(CallId call) {
    return hash(call).substring(0, TRACE_DIGITS);
  }

  /** The number of the call's own span, which all its others name as their parent. */
  static String callSpan(CallId call) {
    return hash(call).substring(TRACE_DIGITS, TRACE_DIGITS + SPAN_DIGITS);
  }

  private static String hash(CallId call) {
    try {
      byte[] uid = call.value().getBytes(StandardCharsets.UTF_8);
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(uid));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
