package parley.relay.net;

import java.util.concurrent.TimeUnit;
import parley.relay.api.Fault;
import parley.relay.api.LegFigures;
import parley.relay.api.LegReport.Stage;
import parley.relay.call.Figures;
import parley.relay.call.RelayPeer;
import parley.relay.dtls.DtlsOutcome;
import parley.relay.quality.LegWatch;
import parley.relay.quality.Observation;

/** What one leg counts: a plain addition a packet. Owned by its {@link Leg}. */
final class LegMeter {

  private final LegWatch watch;
  private long checks;
  private long packets;
  private long refused;
  private long controls;

  LegMeter(long nowNs) {
    this.watch = new LegWatch(nowNs);
  }

  LegWatch watch() {
    return watch;
  }

  /** An authenticated connectivity check. */
  void check() {
    checks++;
  }

  /** RTP that authenticated. */
  void packet() {
    packets++;
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
    return new Observation(nowNs, stage, stageMs, keyless, figures);
  }

  static Fault fault(DtlsOutcome.Why why) {
    return switch (why) {
      case FINGERPRINT -> Fault.WRONG_FINGERPRINT;
      case TIMEOUT -> Fault.HANDSHAKE_STUCK;
      case OTHER -> Fault.HANDSHAKE_FAILED;
    };
  }
}
