package parley.signalling.app;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.TimeGauge;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.function.IntSupplier;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import parley.relay.api.RecordingHealth;
import parley.relay.net.InProcessRelay;
import parley.relay.recording.RecorderMeter;
import parley.relay.store.S3Uploads;
import parley.signalling.health.Check;
import parley.signalling.health.Subject;
import parley.signalling.session.CallLoop;
import parley.stun.StunQuery;

/** What is looked after on a running node, and when it counts as trouble. */
final class NodeChecks {

  /** Five packets: more than most receivers have in their buffers, so people hear gaps. */
  private static final Duration LATE_LOOP = Duration.ofMillis(100);

  /** So long a thread that has work and does none has stopped for good. */
  private static final Duration STUCK = Duration.ofSeconds(30);

  /** Of a loop without calls: it does something every 20 ms, whatever else is to be done. */
  private static final Duration IDLE_LOOP = Duration.ofSeconds(1);

  /** A tap's ring holds three seconds. */
  private static final Duration LATE_RECORDER = Duration.ofSeconds(1);

  /** Recordings that wait for the bucket for so long are told of. */
  private static final Duration STORE_AWAY = Duration.ofMinutes(5);

  private static final Duration CERTIFICATE_ENDS = Duration.ofDays(14);

  private NodeChecks() {}

  /** Whether a thread has stopped without which no call goes on. */
  static boolean isStuck(@Nullable InProcessRelay relay, CallLoop loop) {
    boolean isRelayStuck = relay != null && relay.loopSilence().compareTo(STUCK) > 0;
    return isRelayStuck || loop.overdue().compareTo(STUCK) > 0;
  }

  /**
   * @param relay null: calls run on other nodes
   * @param uploads null: recordings stay here
   */
  static List<Check> of(
      AppConfig config,
      @Nullable InProcessRelay relay,
      RecorderMeter recorder,
      CallLoop loop,
      @Nullable S3Uploads uploads) {
    List<Check> checks = new ArrayList<>();
    if (relay != null) {
      checks.add(recording(Subject.DISK, RecordingHealth.Subject.DISK, relay::recordingHealth));
      checks.add(recording(Subject.KEY, RecordingHealth.Subject.KEY, relay::recordingHealth));
      checks.add(recording(Subject.CLOCK, RecordingHealth.Subject.CLOCK, relay::recordingHealth));
      checks.add(check(Subject.RECORDER, () -> recorder(recorder)));
      checks.add(
          check(Subject.MEDIA, () -> media(relay.loopLag(), relay.loopSilence(), relay.peers())));
    }
    checks.add(check(Subject.SIGNALLING, () -> signalling(loop)));
    if (uploads != null) {
      checks.add(new Store(uploads::waiting, System::nanoTime));
    }
    if (config.runsTurn()) {
      checks.addAll(ofTurn(config));
    }
    return checks;
  }

  /** Those of the TURN server. */
  static List<Check> ofTurn(AppConfig config) {
    TurnRole turn = config.turn();
    List<Check> checks = new ArrayList<>();
    checks.add(check(Subject.TURN, () -> turn(turnAddress(config))));
    if (turn.hasTls()) {
      checks.add(
          check(
              Subject.CERTIFICATE,
              () -> certificate(certificateEnds(turn.certificate()), Instant.now())));
    }
    return checks;
  }

  private static Check check(Subject subject, Callable<Optional<String>> look) {
    return new Check() {
      @Override
      public Subject subject() {
        return subject;
      }

      @Override
      public Optional<String> trouble() throws Exception {
        return look.call();
      }
    };
  }

  private static Check recording(
      Subject subject, RecordingHealth.Subject of, Supplier<RecordingHealth> health) {
    return check(
        subject,
        () -> {
          RecordingHealth now = health.get();
          return now.possible() || now.subject() != of
              ? Optional.empty()
              : Optional.of(now.reason());
        });
  }

  private static Optional<String> recorder(RecorderMeter recorder) {
    Duration lag = Duration.ofNanos(recorder.lagNs());
    return lag.compareTo(LATE_RECORDER) < 0
        ? Optional.empty()
        : Optional.of(
            "The recorder is "
                + lag.toMillis()
                + " ms behind: the disk is too slow, and after three seconds audio is lost.");
  }

  /**
   * @param peers devices in calls: where nobody listens, nobody hears a gap, and a program that has
   *     just begun is late now and then
   */
  static Optional<String> media(Duration lag, Duration silence, long peers) {
    if (peers == 0 && silence.compareTo(IDLE_LOOP) < 0) {
      return Optional.empty();
    }
    Duration worst = lag.compareTo(silence) > 0 ? lag : silence;
    return worst.compareTo(LATE_LOOP) < 0
        ? Optional.empty()
        : Optional.of(
            "A media loop was "
                + worst.toMillis()
                + " ms late: people hear gaps; the processors are too busy, or the process is"
                + " stopped now and then.");
  }

  private static Optional<String> signalling(CallLoop loop) {
    if (loop.isCrowded()) {
      return Optional.of(
          "Signalling has more to do than it gets done: " + loop.waiting() + " inputs wait.");
    }
    Duration overdue = loop.overdue();
    return overdue.toSeconds() < 1
        ? Optional.empty()
        : Optional.of("Signalling has done nothing for " + overdue.toSeconds() + " s.");
  }

  private static Optional<String> turn(InetSocketAddress server) {
    try {
      InetSocketAddress _ = StunQuery.ask(server);
      return Optional.empty();
    } catch (IOException e) {
      String why = e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
      return Optional.of("The TURN server of this node does not answer: " + why + ".");
    }
  }

  private static InetSocketAddress turnAddress(AppConfig config) throws IOException {
    TurnRole turn = config.turn();
    InetAddress address =
        turn.addresses().isEmpty()
            ? InProcessRelay.addresses(config.relay()).getFirst()
            : InetAddress.getByName(turn.addresses().getFirst());
    return new InetSocketAddress(address, turn.port());
  }

  /** When the server's own certificate ends. */
  static Instant certificateEnds(String file) throws IOException, CertificateException {
    try (InputStream in = Files.newInputStream(Path.of(file))) {
      return CertificateFactory.getInstance("X.509").generateCertificates(in).stream()
          .map(each -> ((X509Certificate) each).getNotAfter().toInstant())
          .findFirst()
          .orElseThrow(() -> new IOException(file + " holds no certificate"));
    }
  }

  /** How long the certificate of the TLS port is still good, as a metric. */
  static void countDown(TurnRole turn, MeterRegistry metrics) {
    if (turn.hasTls()) {
      TimeGauge.builder(
              "parley.certificate.remaining",
              () -> remainingS(turn.certificate()),
              TimeUnit.SECONDS)
          .register(metrics);
    }
  }

  private static double remainingS(String file) {
    try {
      return Duration.between(Instant.now(), certificateEnds(file)).toSeconds();
    } catch (IOException | CertificateException e) {
      return Double.NaN;
    }
  }

  static Optional<String> certificate(Instant ends, Instant now) {
    if (ends.isAfter(now.plus(CERTIFICATE_ENDS))) {
      return Optional.empty();
    }
    return Optional.of(
        ends.isAfter(now)
            ? "The certificate of the TLS port ends in "
                + Duration.between(now, ends).toDays()
                + " days: renew it; it is read again by itself."
            : "The certificate of the TLS port ended on " + ends + ": browsers refuse it.");
  }

  /** Whether recordings get into the bucket. */
  static final class Store implements Check {
    private final IntSupplier waiting;
    private final LongSupplier nanoTime;
    private int before;
    private long sinceNs;

    Store(IntSupplier waiting, LongSupplier nanoTime) {
      this.waiting = waiting;
      this.nanoTime = nanoTime;
      this.sinceNs = nanoTime.getAsLong();
    }

    @Override
    public Subject subject() {
      return Subject.STORE;
    }

    @Override
    public Optional<String> trouble() {
      int now = waiting.getAsInt();
      long nowNs = nanoTime.getAsLong();
      if (now == 0 || now < before) {
        sinceNs = nowNs;
      }
      before = now;
      long forNs = nowNs - sinceNs;
      return forNs < STORE_AWAY.toNanos()
          ? Optional.empty()
          : Optional.of(
              "For %d minutes no recording has got into the bucket, and %d wait on the disk."
                  .formatted(Duration.ofNanos(forNs).toMinutes(), now));
    }
  }
}
