package parley.relay.mix;

import parley.relay.opus.OpusEncoder;
import parley.relay.rtp.AudioCodec;

/**
 * Turns a G.711 client's packets into Opus packets of the same length in time, one for one, so that
 * what was lost stays visible and all the rest of the relay knows one codec only.
 */
public final class TelephoneUplink {

  /** Each sample becomes six ticks of Opus' clock. */
  public static final int TICKS_A_SAMPLE = 6;

  /** 60 ms: the longest frame of Opus. */
  private static final int MAX_SAMPLES = 480;

  private final AudioCodec law;
  private final OpusEncoder encoder = new OpusEncoder(OpusEncoder.Use.TELEPHONE);
  private final float[] samples = new float[MAX_SAMPLES];
  private final byte[] packet = new byte[OpusEncoder.MAX_BYTES];
  private int level;

  public TelephoneUplink(AudioCodec law) {
    this.law = law;
  }

  /**
   * Encodes a packet; {@link #packet} and {@link #level} have the result.
   *
   * @return the length in bytes; 0 when it plays as long as no frame of Opus does (10, 20, 40, 60
   *     ms)
   */
  public int encode(byte[] data, int offset, int lengthBytes) {
    if (lengthBytes != 80 && lengthBytes != 160 && lengthBytes != 320 && lengthBytes != 480) {
      return 0;
    }
    for (int i = 0; i < lengthBytes; i++) {
      samples[i] = G711.decode(law, data[offset + i]);
    }
    level = LevelMeter.level(samples, lengthBytes);
    return encoder.encode(samples, lengthBytes, packet, 0);
  }

  /** From index 0. */
  public byte[] packet() {
    return packet;
  }

  /** −dBov. */
  public int level() {
    return level;
  }
}
