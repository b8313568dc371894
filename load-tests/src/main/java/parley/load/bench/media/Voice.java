package parley.load.bench.media;

import java.util.Arrays;
import parley.relay.mix.LevelMeter;
import parley.relay.opus.OpusEncoder;

/**
 * What one microphone has to say, as real Opus: a packet for each 20 ms, and how loud it is.
 *
 * @param packets as an encoder of browsers' settings makes them
 * @param levels −dBov of each (RFC 6464)
 */
public record Voice(byte[][] packets, int[] levels) {

  /** Samples in a packet at 48 kHz. */
  public static final int FRAME = 960;

  /** Encodes sound at 48 kHz. */
  public static Voice encode(float[] samples) {
    OpusEncoder encoder = new OpusEncoder(OpusEncoder.Use.VOICE);
    int count = samples.length / FRAME;
    byte[][] packets = new byte[count][];
    int[] levels = new int[count];
    float[] frame = new float[FRAME];
    byte[] packet = new byte[OpusEncoder.MAX_BYTES];
    for (int i = 0; i < count; i++) {
      System.arraycopy(samples, i * FRAME, frame, 0, FRAME);
      packets[i] = Arrays.copyOf(packet, encoder.encode(frame, packet, 0));
      levels[i] = LevelMeter.level(frame, FRAME);
    }
    return new Voice(packets, levels);
  }

  public int length() {
    return packets.length;
  }
}
