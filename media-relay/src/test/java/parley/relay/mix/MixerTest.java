package parley.relay.mix;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** A mixer with real Opus on both sides of it, in virtual time. */
class MixerTest {

  private static final long FRAME_NS = 20_000_000L;
  private static final int SECOND = 48_000;
  private static final double[] HERTZ = {440, 1010, 1730};

  private final Map<Integer, Sound> heard = new HashMap<>();
  private final Map<Integer, Integer> frames = new HashMap<>();
  private final Mixer mixer = new Mixer(this::onFrame);
  private final Tone[] tones = new Tone[3];
  private final boolean[] sends = new boolean[3];
  private final double[] amplitudes = new double[3];
  private long nowNs = 1_000_000_000L;
  private int sequence = 100;
  private int newest = -1;
  private double loudness = 0.2;

  private void onFrame(MixedFrame frame) {
    heard.computeIfAbsent(frame.stream, _ -> new Sound()).packet(frame.data, 0, frame.length);
    frames.merge(frame.stream, 1, Integer::sum);
    newest = frame.number;
  }

  private void begin(int voices) {
    for (int i = 0; i < voices; i++) {
      tones[i] = new Tone(HERTZ[i], loudness);
      amplitudes[i] = loudness;
      sends[i] = true;
      mixer.beginTrack(i, true);
    }
  }

  /** So many frames of 20 ms pass, in which every voice sends a packet. */
  private void speak(int count) {
    for (int n = 0; n < count; n++) {
      sequence++;
      for (int i = 0; i < tones.length; i++) {
        if (sends[i]) {
          tones[i].next(amplitudes[i]);
          mixer.packet(
              i,
              sequence & 0xFFFF,
              sequence * 960,
              false,
              tones[i].packet(),
              0,
              tones[i].length(),
              nowNs);
        }
      }
      nowNs += FRAME_NS;
      mixer.onTick(nowNs);
    }
  }

  private Sound sound(int stream) {
    return Objects.requireNonNull(heard.get(stream), "nothing was heard");
  }

  @Test
  void threeTonesAreFoundInOneMix() {
    mixer.beginStream(0, 0, 0);
    begin(3);
    speak(120);

    for (double hertz : HERTZ) {
      assertThat(sound(0).amplitude(hertz, SECOND)).isBetween(0.19, 0.21);
    }
  }

  @Test
  void theMixIsHardlyDistorted() {
    mixer.beginStream(0, 0, 0);
    begin(3);
    speak(120);

    for (double hertz : HERTZ) {
      double squares = 0;
      for (int harmonic = 2; harmonic <= 6; harmonic++) {
        squares += Math.pow(sound(0).amplitude(hertz * harmonic, SECOND), 2);
      }
      assertThat(Math.sqrt(squares) / sound(0).amplitude(hertz, SECOND)).isLessThan(0.01);
    }
  }

  @Test
  void aSumThatIsTooLoudIsTurnedDownAndKeepsItsShape() {
    loudness = 0.6;
    mixer.beginStream(0, 0, 0);
    begin(3);
    speak(160);

    for (double hertz : HERTZ) {
      double squares = 0;
      for (int harmonic = 2; harmonic <= 6; harmonic++) {
        squares += Math.pow(sound(0).amplitude(hertz * harmonic, SECOND), 2);
      }
      assertThat(sound(0).amplitude(hertz, SECOND)).isGreaterThan(0.25);
      assertThat(Math.sqrt(squares) / sound(0).amplitude(hertz, SECOND)).isLessThan(0.01);
    }
  }

  @Test
  void whoSpeaksHearsTheOthersButNotHimself() {
    mixer.beginStream(0, 0, 0);
    begin(3);
    mixer.beginStream(2, 1 << 1, 0);
    speak(120);

    assertThat(sound(2).amplitude(HERTZ[0], SECOND)).isBetween(0.19, 0.21);
    assertThat(sound(2).amplitude(HERTZ[2], SECOND)).isBetween(0.19, 0.21);
    assertThat(sound(2).amplitude(HERTZ[1], SECOND)).isLessThan(0.0005);
  }

  @Test
  void aVoiceComesAndGoesWithoutAClick() {
    mixer.beginStream(0, 0, 0);
    begin(2);
    speak(50);
    mixer.endTrack(1);
    speak(50);
    mixer.beginTrack(1, false);
    speak(50);

    // A tone of 1010 Hz of that strength has third differences of 0.0005.
    assertThat(sound(0).largestEdge(SECOND / 2, sound(0).count())).isLessThan(0.01);
    assertThat(sound(0).amplitude(HERTZ[1], SECOND + SECOND / 4, SECOND / 2)).isLessThan(0.002);
  }

  @Test
  void aListenerWhoBeginsToSpeakHearsNoChange() {
    mixer.beginStream(0, 0, 0);
    begin(1);
    speak(50);
    Sound listener = sound(0);
    // He speaks: he leaves the shared mix, which goes on for the others, and keeps his decoder.
    mixer.beginTrack(1, true);
    tones[1] = new Tone(HERTZ[1], loudness);
    amplitudes[1] = loudness;
    sends[1] = true;
    mixer.beginStream(2, 1 << 1, 0);
    heard.put(0, new Sound());
    heard.put(2, listener);
    speak(50);
    // And back again, when he has been silent for a while.
    amplitudes[1] = 0;
    speak(40);
    mixer.endTrack(1);
    mixer.joinStream(0);
    mixer.endStream(2);
    sends[1] = false;
    heard.put(0, listener);
    speak(50);

    assertThat(listener.largestEdge(SECOND / 2, listener.count())).isLessThan(0.005);
    assertThat(listener.largestStep(SECOND / 2, listener.count())).isLessThan(0.014);
    assertThat(listener.amplitude(HERTZ[1], SECOND)).isLessThan(0.001);
    assertThat(listener.amplitude(HERTZ[0], SECOND)).isBetween(0.19, 0.21);
  }

  @Test
  void nothingIsSentInSilenceButAFrameNowAndThen() {
    mixer.beginStream(0, 0, 0);
    begin(1);
    speak(50);
    mixer.endTrack(0);
    sends[0] = false;
    speak(10);
    frames.clear();
    speak(100);

    assertThat(frames.get(0)).isEqualTo(5);
  }

  @Test
  void aLateTickIsMadeUpForAndAVeryLateOneIsNot() {
    mixer.beginStream(0, 0, 0);
    begin(1);
    speak(20);
    int before = frames.getOrDefault(0, 0);
    int number = newest;

    nowNs += 3 * FRAME_NS;
    mixer.onTick(nowNs);

    assertThat(frames.get(0)).isEqualTo(before + 3);
    assertThat(newest).isEqualTo(number + 3);

    nowNs += 500 * FRAME_NS;
    mixer.onTick(nowNs);
    assertThat(mixer.skipped()).isGreaterThan(490);
    assertThat(newest - number).isEqualTo(503);
  }

  @Test
  void brokenPacketsAreConcealed() {
    mixer.beginStream(0, 0, 0);
    begin(1);
    speak(50);
    mixer.packet(0, sequence + 1, (sequence + 1) * 960, false, new byte[] {3}, 0, 1, nowNs);
    sequence++;
    nowNs += FRAME_NS;
    mixer.onTick(nowNs);
    speak(50);

    assertThat(mixer.concealed()).isEqualTo(1);
    assertThat(sound(0).largestEdge(SECOND / 2, sound(0).count())).isLessThan(0.03);
  }
}
