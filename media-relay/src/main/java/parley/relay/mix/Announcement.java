package parley.relay.mix;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import parley.relay.opus.OpusEncoder;
import parley.relay.rtp.AudioCodec;

/**
 * A sound that is ready to be sent, in frames of 20 ms, to whoever understands one of the codecs.
 * Immutable.
 */
public final class Announcement {

  /** Longer ones keep people from talking. */
  public static final int MAX_SECONDS = 30;

  private static final int RATE_HZ = 48_000;

  /** 0.3 s on, 0.1 s off, twice, then 0.6 s: told apart from a line's other tones. */
  private static final int[][] BEEPS = {{0, 300}, {400, 700}, {800, 1400}};

  private static final double TONE_HZ = 1_000;

  /** −12 dB: heard, and not startling. */
  private static final double LOUDNESS = 0.25;

  /** Fades that keep it from clicking. */
  private static final int FADE = RATE_HZ / 200;

  private final List<byte[]> opus;
  private final List<byte[]> pcma;
  private final List<byte[]> pcmu;

  private Announcement(List<byte[]> opus, List<byte[]> pcma, List<byte[]> pcmu) {
    this.opus = opus;
    this.pcma = pcma;
    this.pcmu = pcmu;
  }

  /** Three beeps of 1,000 Hz in 1.4 s. Needs the Opus library. */
  public static Announcement tone() {
    float[] pcm = new float[RATE_HZ * 14 / 10];
    for (int[] beep : BEEPS) {
      int from = beep[0] * RATE_HZ / 1000;
      int to = beep[1] * RATE_HZ / 1000;
      for (int i = from; i < to; i++) {
        double fade = Math.min(1.0, Math.min(i - from, to - i) / (double) FADE);
        pcm[i] = (float) (LOUDNESS * fade * Math.sin(2 * Math.PI * TONE_HZ * i / RATE_HZ));
      }
    }
    return of(pcm);
  }

  /**
   * Any sound. Needs the Opus library.
   *
   * @param pcm mono, 48 kHz, between −1 and 1; at most {@link #MAX_SECONDS}
   */
  public static Announcement of(float[] pcm) {
    if (pcm.length > MAX_SECONDS * RATE_HZ) {
      throw new IllegalArgumentException("an announcement has " + MAX_SECONDS + " s at most");
    }
    var encoder = new OpusEncoder(OpusEncoder.Use.VOICE);
    var decimator = new Decimator();
    byte[] packet = new byte[OpusEncoder.MAX_BYTES];
    float[] low = new float[AudioCodec.PCMA.frameTicks()];
    int frames = (pcm.length + Mixer.FRAME - 1) / Mixer.FRAME;
    byte[][] opus = new byte[frames][];
    byte[][] pcma = new byte[frames][];
    byte[][] pcmu = new byte[frames][];
    for (int i = 0; i < frames; i++) {
      int from = i * Mixer.FRAME;
      float[] frame =
          Arrays.copyOf(
              Arrays.copyOfRange(pcm, from, Math.min(pcm.length, from + Mixer.FRAME)), Mixer.FRAME);
      int length = encoder.encode(frame, packet, 0);
      opus[i] = Arrays.copyOf(packet, length);
      decimator.process(frame, low);
      pcma[i] = law(AudioCodec.PCMA, low);
      pcmu[i] = law(AudioCodec.PCMU, low);
    }
    return new Announcement(List.of(opus), List.of(pcma), List.of(pcmu));
  }

  private static byte[] law(AudioCodec codec, float[] samples) {
    byte[] coded = new byte[samples.length];
    IntStream.range(0, coded.length).forEach(i -> coded[i] = G711.encode(codec, samples[i]));
    return coded;
  }

  /** How many frames of 20 ms. */
  public int frames() {
    return opus.size();
  }

  /** One of them; not to be changed. */
  public byte[] frame(AudioCodec codec, int index) {
    return switch (codec) {
      case OPUS -> opus.get(index);
      case PCMA -> pcma.get(index);
      case PCMU -> pcmu.get(index);
    };
  }
}
