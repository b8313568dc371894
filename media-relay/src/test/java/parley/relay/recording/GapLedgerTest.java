package parley.relay.recording;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class GapLedgerTest {

  private final GapLedger ledger = new GapLedger();

  @Test
  void tellsTimeSpentMutedFromTheRestOfAGap() {
    ledger.muted(true, 1000);
    ledger.muted(false, 2000);
    ledger.missing(500, 3000, Gap.Why.LOSS);

    assertThat(ledger.gaps())
        .containsExactly(
            new Gap(500, 1000, Gap.Why.LOSS),
            new Gap(1000, 2000, Gap.Why.MUTE),
            new Gap(2000, 3000, Gap.Why.LOSS));
  }

  @Test
  void tellsWhatWasMaskedFromWhatWasMuted() {
    ledger.masked(true, 1000, "card number");
    ledger.muted(true, 1500);
    ledger.masked(false, 2000, "");
    ledger.muted(false, 2500);
    ledger.missing(500, 3000, Gap.Why.SILENCE);

    assertThat(ledger.gaps())
        .containsExactly(
            new Gap(500, 1000, Gap.Why.SILENCE),
            new Gap(1000, 2000, Gap.Why.MASK),
            new Gap(2000, 2500, Gap.Why.MUTE),
            new Gap(2500, 3000, Gap.Why.SILENCE));
    assertThat(ledger.masks(9000)).containsExactly(new Withheld.Stretch(1000, 2000, "card number"));
  }

  @Test
  void countsAMuteThatStillLasts() {
    ledger.muted(true, 1000);
    ledger.missing(0, 5000, Gap.Why.SILENCE);

    assertThat(ledger.gaps())
        .containsExactly(new Gap(0, 1000, Gap.Why.SILENCE), new Gap(1000, 5000, Gap.Why.MUTE));
    assertThat(ledger.mutes(5000)).containsExactly(new long[] {1000, 5000});
  }

  @Test
  void joinsSilenceAcrossComfortNoiseButNotLosses() {
    ledger.missing(0, 9600, Gap.Why.SILENCE);
    ledger.missing(10560, 19200, Gap.Why.SILENCE);
    ledger.missing(20000, 20960, Gap.Why.LOSS);
    ledger.missing(21920, 22880, Gap.Why.LOSS);

    assertThat(ledger.gaps())
        .containsExactly(
            new Gap(0, 19200, Gap.Why.SILENCE),
            new Gap(20000, 20960, Gap.Why.LOSS),
            new Gap(21920, 22880, Gap.Why.LOSS));
  }

  @Test
  void staysBoundedAndSaysHowMuchItLeftOut() {
    for (int i = 0; i < GapLedger.MAX_GAPS + 10; i++) {
      ledger.missing(i * 2000L, i * 2000L + 960, Gap.Why.LOSS);
    }
    assertThat(ledger.gaps()).hasSize(GapLedger.MAX_GAPS);
    assertThat(ledger.omitted()).isEqualTo(10);
  }
}
