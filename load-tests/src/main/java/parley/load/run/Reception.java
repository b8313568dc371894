package parley.load.run;

import org.jspecify.annotations.Nullable;
import parley.relay.quality.EModel;

/**
 * One stream as somebody hears it: what is lost, by gaps in the sequence numbers of what could be
 * decrypted (RFC 3550 A.3), how late it is and how evenly it comes. Owned by the swarm's thread.
 */
final class Reception {

  /** Half a second: of less no opinion is formed. */
  private static final int LEAST_PACKETS = 25;

  final int ssrc;
  int spurt;
  private boolean begun;
  private long highest;
  private long base;
  private long received;
  private long timed;
  private long latencyNs;
  private double jitterNs;
  private long lastTransitNs;

  Reception(int ssrc) {
    this.ssrc = ssrc;
  }

  /**
   * @param sequence 16 bits
   * @param transitNs from the sender to here
   */
  void onPacket(int sequence, long transitNs) {
    onNumber(sequence);
    // RFC 3550 §6.4.1
    long difference = lastTransitNs == 0 ? 0 : Math.abs(transitNs - lastTransitNs);
    jitterNs += (difference - jitterNs) / 16;
    lastTransitNs = transitNs;
    latencyNs += transitNs;
    timed++;
  }

  /** A packet of the server's own, of which nobody knows when it was sent. */
  void onNumber(int sequence) {
    if (!begun) {
      begun = true;
      highest = sequence;
      base = sequence - 1;
    }
    int step = (short) (sequence - (int) highest);
    if (step > 0) {
      highest += step;
    }
    received++;
  }

  /**
   * What came since the last time.
   *
   * @param lost negative when what was missing then has come since
   * @param mos null: too few packets
   */
  record Stretch(long expected, long lost, @Nullable Double mos) {}

  Stretch take() {
    long expected = highest - base;
    long lost = expected - received;
    Double mos = null;
    if (timed > 0 && expected >= LEAST_PACKETS) {
      double lossPercent = Math.clamp(100.0 * lost / expected, 0, 100);
      // The E-model takes a round trip; both ways of this path are one way of the talk.
      mos = EModel.mos(2 * latencyNs / 1e6 / timed, jitterNs / 1e6, lossPercent);
    }
    base = highest;
    received = 0;
    timed = 0;
    latencyNs = 0;
    return new Stretch(expected, lost, mos);
  }
}
