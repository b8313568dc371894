package parley.load.bench.sweep;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class PlayoutTest {

  private static final int FRAMES = 1_000;
  private final Playout playout = new Playout(FRAMES);

  @Test
  void whatComesInTimeIsHeard() {
    for (int i = 0; i < FRAMES; i++) {
      arrive(i, 30 + i % 2 * 5);
    }
    playAll();
    assertThat(playout.heardShare()).isEqualTo(1);
    assertThat(playout.delayMs()).isBetween(10.0, 60.0);
  }

  @Test
  void whatNeverComesIsMadeUp() {
    for (int i = 0; i < FRAMES; i++) {
      if (i % 10 != 9) {
        arrive(i, 30);
      }
    }
    playAll();
    assertThat(playout.concealedShare()).isBetween(0.09, 0.11);
    assertThat(playout.longestGapMs()).isEqualTo(20);
  }

  @Test
  void aCopyIsTakenWhereNothingBetterIs() {
    for (int i = 0; i < FRAMES; i++) {
      if (i % 10 != 9) {
        arrive(i, 30);
        playout.onCopy(i - 1);
      }
    }
    playAll();
    assertThat(playout.heardShare()).isGreaterThan(0.99);
  }

  @Test
  void theBufferGrowsWithWhatIsLate() {
    for (int i = 0; i < FRAMES; i++) {
      arrive(i, i % 10 == 9 ? 150 : 30);
    }
    playAll();
    assertThat(playout.delayMs()).isGreaterThan(90);
    assertThat(playout.heardShare()).isGreaterThan(0.95);
  }

  private void arrive(int frame, int transitMs) {
    long sentNs = frame * Playout.FRAME_NS;
    long nowNs = sentNs + transitMs * 1_000_000L;
    playout.play(nowNs);
    playout.onFrame(frame, sentNs, nowNs);
  }

  private void playAll() {
    playout.play((FRAMES + 100) * Playout.FRAME_NS);
  }
}
