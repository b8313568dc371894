package parley.relay.call;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class TalkDetectorTest {

  private static final int FRAME = 960;
  private static final long FRAME_NS = 20_000_000L;
  private static final int SPEECH = 30;
  private static final int BETWEEN = TalkDetector.ON_LEVEL + 3;
  private static final int QUIET = 80;

  private final TalkDetector talk = new TalkDetector();
  private long nowNs = 5_000_000_000L;

  @Test
  void twoFramesOfSoundAreSpeech() {
    assertThat(hear(SPEECH)).isFalse();
    assertThat(hear(SPEECH)).isTrue();
    assertThat(talk.talking()).isTrue();
    assertThat(hear(SPEECH)).as("no change, no event").isFalse();
  }

  @Test
  void aLongFrameIsEnoughByItself() {
    assertThat(talk.onLevel(SPEECH, 2880, nowNs)).isTrue();
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
      assertThat(hear(BETWEEN)).isFalse();
    }
    hear(SPEECH);
    hear(SPEECH);
    for (int i = 0; i < 200; i++) {
      hear(BETWEEN);
      assertThat(talk.talking()).isTrue();
    }
  }

  @Test
  void staysOnOverAPauseAndEndsAfterTheHold() {
    hear(SPEECH);
    hear(SPEECH);
    for (int i = 0; i < 30; i++) {
      assertThat(hear(QUIET)).isFalse();
    }
    assertThat(hear(QUIET)).isTrue();
    assertThat(talk.talking()).isFalse();
    assertThat(hear(QUIET)).isFalse();
  }

  @Test
  void endsWithoutAnyPacket() {
    hear(SPEECH);
    hear(SPEECH);
    assertThat(talk.onTick(nowNs + TalkDetector.HOLD_NS / 2)).isFalse();
    assertThat(talk.onTick(nowNs + TalkDetector.HOLD_NS + 1)).isTrue();
    assertThat(talk.onTick(nowNs + 2 * TalkDetector.HOLD_NS)).isFalse();
  }

  @Test
  void everySecondPacketLostMakesNoDifference() {
    hear(SPEECH);
    nowNs += FRAME_NS;
    assertThat(hear(SPEECH)).isTrue();
    for (int i = 0; i < 100; i++) {
      nowNs += FRAME_NS;
      assertThat(hear(SPEECH)).isFalse();
    }
    assertThat(talk.talking()).isTrue();
  }

  @Test
  void isOffAtOnceWhenTold() {
    hear(SPEECH);
    hear(SPEECH);
    assertThat(talk.off()).isTrue();
    assertThat(talk.off()).isFalse();
    assertThat(hear(SPEECH)).as("begins anew").isFalse();
    assertThat(hear(SPEECH)).isTrue();
  }

  private boolean hear(int level) {
    nowNs += FRAME_NS;
    return talk.onLevel(level, FRAME, nowNs);
  }
}
