package parley.load.bench.mix;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import parley.load.audio.Pcm;
import parley.load.audio.Spectrum;
import parley.load.bench.media.Voice;
import parley.relay.opus.OpusDecoder;

/**
 * What everybody in a room says: some a tone of their own, the others what a microphone in a quiet
 * room sends; and whether what one hears is what it should be.
 */
public final class Chorus {

  private static final int RATE_HZ = 48_000;

  /** No harmonic of one lies near another, and all within what is left of 16 kHz. */
  private static final List<Integer> TONES_HZ = List.of(440, 673, 1030, 1576, 2411);

  /** dBov of a tone: three of them stay below full scale. */
  private static final double TONE_AMPLITUDE = 0.2;

  private static final double ROOM_AMPLITUDE = 0.0004;

  /** Settled by then: codecs, fades, jitter buffers. */
  private static final double SKIP_MS = 1_000;

  private final int people;
  private final int speakers;
  private final List<Voice> voices = new ArrayList<>();

  public Chorus(int people, int speakers, double seconds) {
    if (speakers > TONES_HZ.size() || speakers >= people) {
      throw new IllegalArgumentException(
          "no such room: " + speakers + " of " + people + " speaking");
    }
    this.people = people;
    this.speakers = speakers;
    int samples = (int) (seconds * RATE_HZ);
    Random random = new Random(people);
    for (int i = 0; i < people; i++) {
      voices.add(
          Voice.encode(i < speakers ? tone(samples, TONES_HZ.get(i)) : room(samples, random)));
    }
  }

  /** The voices in the order of people. */
  public List<Voice> voices() {
    return List.copyOf(voices);
  }

  private static float[] tone(int samples, int hertz) {
    float[] out = new float[samples];
    for (int i = 0; i < samples; i++) {
      out[i] = (float) (TONE_AMPLITUDE * Math.sin(2 * Math.PI * hertz * i / RATE_HZ));
    }
    return out;
  }

  private static float[] room(int samples, Random random) {
    float[] out = new float[samples];
    for (int i = 0; i < samples; i++) {
      out[i] = (float) (ROOM_AMPLITUDE * random.nextGaussian());
    }
    return out;
  }

  /** How many heard exactly the tones of the others. */
  int contented(List<List<byte[]>> heard) {
    int contented = 0;
    for (int person = 0; person < people; person++) {
      if (Spectrum.of(decode(heard.get(person)))
          .tonesAmong(toBeHeard(speakers))
          .equals(due(person))) {
        contented++;
      }
    }
    return contented;
  }

  private static List<Integer> toBeHeard(int speakers) {
    return TONES_HZ.subList(0, speakers);
  }

  private List<Integer> due(int person) {
    List<Integer> due = new ArrayList<>(toBeHeard(speakers));
    if (person < speakers) {
      due.remove(/* element */ TONES_HZ.get(person));
    }
    return due;
  }

  private static Pcm decode(List<byte[]> packets) {
    OpusDecoder decoder = new OpusDecoder(RATE_HZ);
    float[] out = new float[OpusDecoder.MAX_SAMPLES];
    float[] all = new float[packets.size() * OpusDecoder.MAX_SAMPLES];
    int size = 0;
    for (byte[] packet : packets) {
      int count = Math.max(0, decoder.decode(packet, 0, packet.length, out));
      System.arraycopy(out, 0, all, size, count);
      size += count;
    }
    Pcm pcm = new Pcm(all, RATE_HZ, 0);
    return pcm.between(SKIP_MS, size * 1000.0 / RATE_HZ);
  }
}
