package parley.relay.quality;

/**
 * The E-model (ITU-T G.107, 06/2015): how people would judge a conversation over a path with this
 * delay and loss, as a mean opinion score.
 *
 * <p>All parameters have the recommendation's defaults but three. Delay is that of the path, the
 * receiver's buffer and the codec. ITU-T G.113 has no impairment factors for Opus; this takes what
 * it has for a codec that impairs nothing by itself and conceals loss, G.711 with its Appendix I
 * (Ie = 0, Bpl = 25.1), which is on the careful side for Opus.
 */
public final class EModel {

  /** Ro − Is with every parameter at its default (§7, Table 2): the best there is. */
  static final double BEST = 93.2;

  /** Packet-loss robustness factor (G.113 Appendix I, Table I.4). */
  private static final double BPL = 25.1;

  /** Below it delay goes unnoticed (§7.4). */
  private static final double UNNOTICED_MS = 100;

  /** A frame of 20 ms, and the 6.5 ms that Opus looks ahead (RFC 6716 §2). */
  private static final double CODEC_MS = 26.5;

  /** What a receiver's buffer holds at least: two frames. */
  private static final double LEAST_BUFFER_MS = 40;

  /** A buffer that follows the jitter holds about twice as much of it. */
  private static final double BUFFER_OF_JITTER = 2;

  private EModel() {}

  /**
   * Mean opinion score, 1 (bad) to about 4.4: the best that narrow-band G.107 knows.
   *
   * @param roundTripMs of the network; half of it counts as one way
   * @param jitterMs as RTCP reports it
   * @param lossPercent of packets, 0–100, without those that were repaired in time
   */
  public static double mos(double roundTripMs, double jitterMs, double lossPercent) {
    double oneWayMs =
        Math.max(0, roundTripMs) / 2
            + Math.max(LEAST_BUFFER_MS, BUFFER_OF_JITTER * jitterMs)
            + CODEC_MS;
    return ofRating(rating(oneWayMs, lossPercent));
  }

  /** R, by formula 7-1, of a mouth-to-ear delay and a loss. */
  static double rating(double oneWayMs, double lossPercent) {
    return BEST - delayImpairment(oneWayMs) - lossImpairment(lossPercent);
  }

  /** Idd, by formulas 7-27 and 7-28. */
  static double delayImpairment(double oneWayMs) {
    if (oneWayMs <= UNNOTICED_MS) {
      return 0;
    }
    double x = Math.log(oneWayMs / UNNOTICED_MS) / Math.log(2);
    return 25
        * (Math.pow(1 + Math.pow(x, 6), 1.0 / 6)
            - 3 * Math.pow(1 + Math.pow(x / 3, 6), 1.0 / 6)
            + 2);
  }

  /** Ie,eff, by formula 7-29, for random loss (BurstR = 1). */
  static double lossImpairment(double lossPercent) {
    double loss = Math.clamp(lossPercent, 0, 100);
    return 95 * loss / (loss + BPL);
  }

  /** Annex B, formula B-4. */
  static double ofRating(double rating) {
    if (rating <= 0) {
      return 1;
    }
    if (rating >= 100) {
      return 4.5;
    }
    // The polynomial dips below 1 for ratings under 6.5.
    return Math.max(1, 1 + 0.035 * rating + rating * (rating - 60) * (100 - rating) * 7e-6);
  }
}
