package parley.relay.call;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class TalkDetectorTest {

  private static final int FRAME = 960;
  private static final long FRAME_NS = 20_000_000L;
  private static final int SPEECH = 30;
  private static final int BETWEEN = TalkDetector.ON_LEVEL + 3;
  private static final int QUIET = 80;
  private static final int NOISE = 40;

  private final TalkDetector talk = new TalkDetector();
  private long nowNs = 5_000_000_000L;

  @Test
  void aHundredMillisecondsOfSoundAreSpeech() {
    for (int i = 0; i < 4; i++) {
      assertThat(hear(SPEECH)).isFalse();
    }
    assertThat(hear(SPEECH)).isTrue();
    assertThat(talk.talking()).isTrue();
    assertThat(hear(SPEECH)).as("no change, no event").isFalse();
  }

  @Test
  void longFramesCountForAsLongAsTheyPlay() {
    assertThat(talk.onLevel(SPEECH, 2880, nowNs)).isFalse();
    assertThat(talk.onLevel(SPEECH, 2880, nowNs + 3 * FRAME_NS)).isTrue();
  }

  @Test
  void typingIsNoSpeech() {
    // Down and up of a key, twelve keys a second, each loud for two frames.
    int[] keystrokes = {SPEECH, SPEECH, QUIET, QUIET, SPEECH, QUIET, SPEECH, QUIET, QUIET};
    for (int i = 0; i < 500; i++) {
      assertThat(hear(keystrokes[i % keystrokes.length])).isFalse();
    }
  }

  @Test
  void breathIsNoSpeech() {
    for (int i = 0; i < 100; i++) {
      assertThat(hear(i % 50 < 20 ? TalkDetector.ON_LEVEL + 1 : QUIET)).isFalse();
    }
  }

  @Test
  void noiseIsNoSpeechOnceItHasLastedForAWhile() {
    for (int i = 0; i < 200; i++) {
      hear(NOISE + i % 3);
    }
    assertThat(talk.talking()).isFalse();
    for (int i = 0; i < 1000; i++) {
      assertThat(hear(NOISE + i % 3)).isFalse();
    }
  }

  @Test
  void noiseThatBeginsLaterEndsAsSpeechWithinFourSeconds() {
    for (int i = 0; i < 500; i++) {
      hear(QUIET);
    }
    for (int i = 0; i < 200; i++) {
      hear(NOISE + i % 3);
    }
    assertThat(talk.talking()).isFalse();
  }

  @Test
  void speechIsHeardAboveNoise() {
    for (int i = 0; i < 500; i++) {
      hear(NOISE + i % 3);
    }
    speak();
    assertThat(talk.talking()).isTrue();
    int frames = 0;
    while (talk.talking()) {
      hear(NOISE + frames++ % 3);
    }
    assertThat(frames * FRAME_NS).isBetween(400_000_000L, 560_000_000L);
  }

  @Test
  void aSteadyToneIsNoNoise() {
    for (int i = 0; i < 1000; i++) {
      hear(20);
    }
    assertThat(talk.talking()).isTrue();
  }

  @Test
  void wordsWithShortStopsAreSpeechSoon() {
    int[] word = {SPEECH, SPEECH, QUIET, SPEECH, SPEECH, SPEECH, SPEECH, SPEECH};
    int frames = 0;
    while (!talk.talking()) {
      hear(word[frames++]);
    }

    assertThat(frames * FRAME_NS).isLessThanOrEqualTo(160_000_000L);
  }

  @Test
  void aClickIsNoSpeech() {
    for (int i = 0; i < 100; i++) {
      assertThat(hear(i % 15 == 0 ? SPEECH : QUIET)).isFalse();
    }
  }

  @Test
  void whatIsBetweenTheLevelsKeepsOnButDoesNotBegin() {
    for (int i = 0; i < 50; i++) {
      assertThat(hear(i % 5 == 0 ? QUIET : BETWEEN)).isFalse();
    }
    speak();
    for (int i = 0; i < 50; i++) {
      hear(BETWEEN);
      assertThat(talk.talking()).isTrue();
    }
  }

  @Test
  void staysOnOverAPauseAndEndsAfterTheHold() {
    speak();
    for (int i = 0; i < 23; i++) {
      assertThat(hear(QUIET)).isFalse();
    }
    assertThat(hear(QUIET)).isTrue();
    assertThat(talk.talking()).isFalse();
    assertThat(hear(QUIET)).isFalse();
  }

  @Test
  void endsWithoutAnyPacket() {
    speak();
    assertThat(talk.onTick(nowNs + TalkDetector.HOLD_NS / 2)).isFalse();
    assertThat(talk.onTick(nowNs + TalkDetector.HOLD_NS + 1)).isTrue();
    assertThat(talk.onTick(nowNs + 2 * TalkDetector.HOLD_NS)).isFalse();
  }

  @Test
  void everySecondPacketLostMakesNoDifference() {
    for (int i = 0; i < 5; i++) {
      nowNs += FRAME_NS;
      hear(SPEECH);
    }
    assertThat(talk.talking()).isTrue();
    for (int i = 0; i < 100; i++) {
      nowNs += FRAME_NS;
      assertThat(hear(SPEECH)).isFalse();
    }
    assertThat(talk.talking()).isTrue();
  }

  @Test
  void isOffAtOnceWhenTold() {
    speak();
    assertThat(talk.off()).isTrue();
    assertThat(talk.off()).isFalse();
    assertThat(hear(SPEECH)).as("begins anew").isFalse();
    speak();
    assertThat(talk.talking()).isTrue();
  }

  private void speak() {
    for (int i = 0; i < 5; i++) {
      hear(SPEECH);
    }
  }

  private boolean hear(int level) {
    nowNs += FRAME_NS;
    return talk.onLevel(level, FRAME, nowNs);
  }
}
