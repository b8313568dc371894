package parley.load.bench.talk;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import parley.load.audio.Synthesizer;

/**
 * What one microphone picks up.
 *
 * @param kind the row of the table that it belongs to
 * @param samples 48 kHz
 * @param speech where somebody speaks; none where there is only noise
 */
record Track(String kind, float[] samples, List<Span> speech) {

  /** Active level of all speech: what browsers' gain control brings a voice to. */
  static final double SPEECH_DBOV = -23;

  /** A pause that ends `talking` by any measure, so that the next sentence lights it up anew. */
  private static final int LEAST_PAUSE_MS = 1_600;

  private static final int PAUSE_SPREAD_MS = 1_400;

  Track {
    speech = List.copyOf(speech);
  }

  /** One voice and its sentences, without noise. */
  static Track speech(String voice, int wordsPerMinute, double seconds, Random random)
      throws IOException, InterruptedException {
    float[] out = new float[(int) (seconds * Noise.RATE_HZ)];
    List<Span> spans = new ArrayList<>();
    int at = 2 * Noise.RATE_HZ;
    int sentence = random.nextInt(Sentences.ALL.size());
    while (true) {
      String words = Sentences.ALL.get(sentence++ % Sentences.ALL.size());
      float[] said = Synthesizer.say(voice, wordsPerMinute, words).samples();
      if (at + said.length + LEAST_PAUSE_MS * Noise.RATE_HZ / 1000 > out.length) {
        return new Track("", out, spans);
      }
      double gainDb = SPEECH_DBOV - SpeechSpans.activeLevel(said);
      float gain = (float) Math.pow(10, gainDb / 20);
      for (int i = 0; i < said.length; i++) {
        said[i] *= gain;
      }
      System.arraycopy(said, 0, out, at, said.length);
      Span within = SpeechSpans.whole(said, SPEECH_DBOV);
      double startMs = at * 1000.0 / Noise.RATE_HZ;
      spans.add(new Span(startMs + within.fromMs(), startMs + within.toMs()));
      at += said.length + Noise.RATE_HZ / 1000 * (LEAST_PAUSE_MS + random.nextInt(PAUSE_SPREAD_MS));
    }
  }

  /** The same with noise under it. */
  Track with(String newKind, float[] noise) {
    float[] both = samples.clone();
    Noise.add(both, noise);
    return new Track(newKind, both, speech);
  }

  double lengthMs() {
    return samples.length * 1000.0 / Noise.RATE_HZ;
  }
}
