package parley.relay.rtp;

/** The first byte of an Opus packet says how long it plays (RFC 6716 §3.1). */
public final class OpusToc {

  /** Opus over RTP always runs at 48 kHz (RFC 7587 §4.1). */
  public static final int CLOCK_HZ = 48_000;

  /** A packet never plays longer (RFC 6716 §3.2.5). */
  public static final int MAX_TICKS = CLOCK_HZ * 120 / 1000;

  /**
   * The longest packet that is discontinuous transmission: a TOC byte, and at most one more (RFC
   * 6716 §2.1.9, RFC 7587 §3.1.3).
   */
  public static final int DTX_BYTES = 2;

  private static final int[] SILK_TICKS = {480, 960, 1920, 2880};
  private static final int[] HYBRID_TICKS = {480, 960};
  private static final int[] CELT_TICKS = {120, 240, 480, 960};

  private OpusToc() {}

  /** How long the packet plays, in ticks of 48 kHz; 0 when it is not an Opus packet. */
  public static int ticks(byte[] data, int offset, int lengthBytes) {
    if (lengthBytes < 1) {
      return 0;
    }
    int config = (data[offset] & 0xF8) >>> 3;
    int frame;
    if (config < 12) {
      frame = SILK_TICKS[config & 3];
    } else if (config < 16) {
      frame = HYBRID_TICKS[config & 1];
    } else {
      frame = CELT_TICKS[config & 3];
    }
    int frames =
        switch (data[offset] & 3) {
          case 0 -> 1;
          case 1, 2 -> 2;
          default -> lengthBytes < 2 ? 0 : data[offset + 1] & 0x3F;
        };
    int ticks = frame * frames;
    return ticks > MAX_TICKS ? 0 : ticks;
  }
}
