package parley.relay.net;

import java.util.concurrent.TimeUnit;
import parley.relay.LegMetrics;
import parley.relay.SetUpStage;
import parley.relay.api.Fault;
import parley.relay.api.LegCourse;
import parley.relay.api.LegFigures;
import parley.relay.api.LegReport.Stage;
import parley.relay.api.RelayEvent;
import parley.relay.call.Figures;
import parley.relay.call.RelayPeer;
import parley.relay.dtls.DtlsOutcome;
import parley.relay.quality.LegWatch;
import parley.relay.quality.Milestones;
import parley.relay.quality.Observation;

/** What one leg counts: a plain addition a packet. Owned by its {@link Leg}. */
final class LegMeter {

  private final LegWatch watch;
  private final long beganNs;
  private final LegMetrics metrics;
  private long checks;
  private long packets;
  private long refused;
  private long controls;

  private long checkedMs = LegCourse.NEVER;
  private long handshakingMs = LegCourse.NEVER;
  private long connectedMs = LegCourse.NEVER;
  private long audioMs = LegCourse.NEVER;

  LegMeter(LegMetrics metrics, long nowNs) {
    this.metrics = metrics;
    this.beganNs = nowNs;
    this.watch = new LegWatch(nowNs);
  }

  /** The leg has come this far. */
  void became(Leg.State state, long nowNs) {
    switch (state) {
      case CHECKING -> {
        checkedMs = sinceMs(nowNs);
        metrics.setUp(SetUpStage.CHECKED, nowNs - beganNs);
      }
      case HANDSHAKING -> handshakingMs = sinceMs(nowNs);
      case CONNECTED -> {
        connectedMs = sinceMs(nowNs);
        metrics.setUp(SetUpStage.CONNECTED, nowNs - beganNs);
      }
      case NEW, CLOSED -> {}
    }
  }

  /** Of a leg that is connected. */
  RelayEvent.SetUp setUp() {
    return new RelayEvent.SetUp(checkedMs, handshakingMs, connectedMs);
  }

  private long sinceMs(long nowNs) {
    return TimeUnit.NANOSECONDS.toMillis(nowNs - beganNs);
  }

  LegWatch watch() {
    return watch;
  }

  /** An authenticated connectivity check. */
  void check() {
    checks++;
  }

  /** RTP that authenticated. */
  void packet(long nowNs) {
    if (packets++ == 0) {
      audioMs = sinceMs(nowNs);
      metrics.setUp(SetUpStage.AUDIO, nowNs - beganNs);
    }
  }

  /** RTCP that authenticated. */
  void control() {
    controls++;
  }

  /** SRTP or SRTCP that did not. */
  void refused() {
    refused++;
  }

  Observation observation(
      Stage stage, long enteredNs, boolean keyless, long heardNs, RelayPeer peer, long nowNs) {
    LegFigures figures =
        new LegFigures(
            checks,
            packets,
            refused,
            controls,
            TimeUnit.NANOSECONDS.toMillis(nowNs - heardNs),
            Figures.up(peer),
            Figures.down(peer, nowNs));
    long stageMs = TimeUnit.NANOSECONDS.toMillis(nowNs - enteredNs);
    Milestones milestones = new Milestones(checkedMs, handshakingMs, connectedMs, audioMs);
    return new Observation(nowNs, stage, stageMs, keyless, figures, milestones);
  }

  static Fault fault(DtlsOutcome.Why why) {
    return switch (why) {
      case FINGERPRINT -> Fault.WRONG_FINGERPRINT;
      case TIMEOUT -> Fault.HANDSHAKE_STUCK;
      case OTHER -> Fault.HANDSHAKE_FAILED;
    };
  }
}
