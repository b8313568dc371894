package parley.relay.mix;

import parley.relay.rtp.AudioCodec;

/** The other end of a G.711 line, for tests. */
public final class Telephone {

  private static final int SAMPLES = 160;

  private final AudioCodec law;
  private final double hertz;
  private long at;

  public Telephone(AudioCodec law, double hertz) {
    this.law = law;
    this.hertz = hertz;
  }

  /** 20 ms of its tone. */
  public byte[] speak(double loudness) {
    byte[] packet = new byte[SAMPLES];
    for (int i = 0; i < SAMPLES; i++) {
      packet[i] =
          G711.encode(law, (float) (loudness * Math.sin(2 * Math.PI * hertz * at++ / 8_000)));
    }
    return packet;
  }

  /** What it hears, at 48 kHz as other listeners have it. */
  public float[] hear(byte[] data, int offset, int length) {
    float[] samples = new float[6 * length];
    for (int i = 0; i < samples.length; i++) {
      samples[i] = G711.decode(law, data[offset + i / 6]);
    }
    return samples;
  }
}
