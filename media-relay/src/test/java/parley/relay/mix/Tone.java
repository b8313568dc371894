package parley.relay.mix;

import parley.relay.opus.OpusEncoder;

/** A voice for tests: a tone of one frequency, as Opus packets of 20 ms. */
public final class Tone {

  public static final int FRAME = 960;
  private static final double RATE = 48_000;

  private final double hertz;
  private final double amplitude;
  private final OpusEncoder encoder = new OpusEncoder(OpusEncoder.Use.MIX);
  private final float[] pcm = new float[FRAME];
  private final byte[] packet = new byte[OpusEncoder.MAX_BYTES];
  private long samples;
  private int length;

  public Tone(double hertz, double amplitude) {
    this.hertz = hertz;
    this.amplitude = amplitude;
  }

  /** Makes the next packet; {@link #packet} has it. */
  public int next() {
    return next(amplitude);
  }

  /** The same, as loud as that. */
  public int next(double loudness) {
    for (int i = 0; i < FRAME; i++) {
      pcm[i] = (float) (loudness * Math.sin(2 * Math.PI * hertz * samples++ / RATE));
    }
    length = encoder.encode(pcm, packet, 0);
    return length;
  }

  public byte[] packet() {
    return packet;
  }

  public int length() {
    return length;
  }
}
