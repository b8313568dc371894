package parley.relay.mix;

import parley.relay.opus.OpusDecoder;
import parley.relay.rtp.AudioLevel;
import parley.relay.rtp.OpusToc;

/**
 * Measures how loud one stream's packets are, for a client that does not say. Decodes at 8 kHz:
 * speech has its strength there, and it costs a third of decoding everything.
 */
public final class LevelMeter {

  private static final int RATE_HZ = 8_000;

  private final OpusDecoder decoder = new OpusDecoder(RATE_HZ);
  private final float[] samples = new float[OpusDecoder.MAX_SAMPLES];

  /** −dBov of a packet; silence for discontinuous transmission and for what is no Opus. */
  public int level(byte[] data, int offset, int lengthBytes) {
    if (lengthBytes <= OpusToc.DTX_BYTES) {
      return AudioLevel.SILENCE;
    }
    int count = decoder.decode(data, offset, lengthBytes, samples);
    return count <= 0 ? AudioLevel.SILENCE : level(samples, count);
  }

  /** −dBov of samples between −1 and 1: 0 is a square wave of full scale (RFC 6464 §3). */
  public static int level(float[] samples, int count) {
    float squares = 0;
    for (int i = 0; i < count; i++) {
      squares += samples[i] * samples[i];
    }
    double rms = Math.sqrt(squares / count);
    return rms < 1e-6
        ? AudioLevel.SILENCE
        : Math.clamp(Math.round(-20 * Math.log10(rms)), 0, AudioLevel.SILENCE);
  }
}
