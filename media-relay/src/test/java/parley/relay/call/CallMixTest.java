package parley.relay.call;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import parley.relay.api.PeerId;
import parley.relay.mix.Sound;

/** Who hears a mix, and that nobody hears how it comes and goes. */
class CallMixTest {

  private static final int SECOND = 48_000;

  private final MixStage stage = new MixStage();

  @Test
  void whoHasOneSectionHearsThreeVoicesAtOnce() {
    MixStage.Client listener = stage.join("a", 300);
    double[] hertz = {440, 1010, 1730};
    for (int i = 0; i < 3; i++) {
      stage.join(Character.toString('b' + i), hertz[i]).loudness = 0.2;
    }
    stage.join("e", 600);
    stage.join("f", 700);
    stage.pass(150);

    for (double tone : hertz) {
      assertThat(listener.sound.amplitude(tone, SECOND)).isBetween(0.18, 0.22);
    }
    assertThat(listener.csrcs).hasSize(3);
  }

  @Test
  void noPacketIsForwardedWhereEveryoneHearsAMix() {
    stage.join("a", 440).loudness = 0.2;
    stage.join("b", 600);
    stage.pass(20);
    assertThat(stage.call.isOnlyMixed()).isFalse();

    stage.join("c", 700);
    assertThat(stage.call.isOnlyMixed()).isFalse(); // until the mix has settled
    stage.pass(20);
    assertThat(stage.call.isOnlyMixed()).isTrue();

    stage.call.leave(new PeerId("c"), "test", stage.nowNs);
    assertThat(stage.call.isOnlyMixed()).isFalse();
  }

  @Test
  void whoSpeaksInAMixDoesNotHearHimself() {
    MixStage.Client alice = stage.join("a", 440);
    MixStage.Client bob = stage.join("b", 1010);
    MixStage.Client carol = stage.join("c", 1730);
    alice.loudness = 0.2;
    bob.loudness = 0.2;
    stage.pass(150);

    assertThat(alice.sound.amplitude(1010, SECOND)).isBetween(0.18, 0.22);
    assertThat(alice.sound.amplitude(440, SECOND)).isLessThan(0.0005);
    assertThat(bob.sound.amplitude(440, SECOND)).isBetween(0.18, 0.22);
    assertThat(bob.sound.amplitude(1010, SECOND)).isLessThan(0.0005);
    assertThat(carol.sound.amplitude(440, SECOND)).isBetween(0.18, 0.22);
    assertThat(carol.sound.amplitude(1010, SECOND)).isBetween(0.18, 0.22);
  }

  @Test
  void whoSpeaksAmongMoreThanAreHeardAtOnceHearsAsManyOthersAsEveryone() {
    double[] hertz = {440, 1010, 1730, 2690};
    MixStage.Client[] speakers = new MixStage.Client[4];
    for (int i = 0; i < 4; i++) {
      speakers[i] = stage.join(Character.toString('a' + i), hertz[i]);
      speakers[i].loudness = 0.2;
    }
    MixStage.Client listener = stage.join("e", 600);
    stage.pass(150);

    for (MixStage.Client speaker : speakers) {
      assertThat(speaker.sound.amplitude(speaker.hertz, SECOND)).isLessThan(0.0005);
      assertThat(heard(speaker, hertz)).as("%s hears", speaker.name).hasSize(3);
    }
    assertThat(heard(listener, hertz)).containsExactly(440.0, 1010.0, 1730.0);
  }

  @Test
  void oneWhoBecomesLouderThanTheOthersTakesTheirPlaceInTheSharedMixWithoutAClick() {
    double[] hertz = {440, 1010, 1730, 2690};
    MixStage.Client[] speakers = new MixStage.Client[4];
    for (int i = 0; i < 4; i++) {
      speakers[i] = stage.join(Character.toString('a' + i), hertz[i]);
      speakers[i].loudness = 0.05;
    }
    MixStage.Client listener = stage.join("e", 600);
    stage.pass(100);
    for (int i = 0; i < 50; i++) { // slowly, so that he makes no edge himself
      speakers[3].loudness *= 1.03;
      stage.pass(1);
    }
    stage.pass(100);

    assertThat(listener.sound.amplitude(2690, listener.sound.count() - SECOND)).isGreaterThan(0.15);
    assertThat(heard(listener, hertz)).hasSize(3).contains(2690.0);
    assertThat(listener.sound.largestEdge(SECOND, listener.sound.count())).isLessThan(0.02);
  }

  /** Which of these tones are in the last second. */
  private static List<Double> heard(MixStage.Client client, double[] hertz) {
    int from = client.sound.count() - SECOND;
    return Arrays.stream(hertz)
        .filter(tone -> client.sound.amplitude(tone, from) > 0.02)
        .boxed()
        .toList();
  }

  @Test
  void aTwoPartyCallIsForwardedUntouched() {
    MixStage.Client alice = stage.join("a", 440);
    MixStage.Client bob = stage.join("b", 1010);
    alice.loudness = 0.2;
    stage.pass(50);

    assertThat(stage.mixersOpened).isZero();
    assertThat(bob.packets).isEqualTo(50);
    assertThat(bob.jumps).isEmpty();
  }

  @Test
  void nobodyHearsHowAMixBegins() {
    MixStage.Client alice = stage.join("a", 440);
    MixStage.Client bob = stage.join("b", 1010);
    alice.loudness = 0.2;
    stage.pass(75);
    stage.join("c", 1730);
    stage.pass(75);

    assertThat(stage.mixersOpened).isOne();
    assertUnbroken(bob.sound, SECOND / 2);
    assertThat(bob.jumps).isEmpty();
  }

  @Test
  void nobodyHearsHowAMixEnds() {
    MixStage.Client alice = stage.join("a", 440);
    MixStage.Client bob = stage.join("b", 1010);
    MixStage.Client carol = stage.join("c", 1730);
    alice.loudness = 0.2;
    stage.pass(75);
    int before = bob.packets;
    stage.leave(carol);
    stage.pass(75);

    assertThat(stage.mixer).isNull();
    assertThat(bob.packets - before).isBetween(75, 78);
    assertUnbroken(bob.sound, SECOND / 2);
    assertThat(bob.jumps).isEmpty();
  }

  @Test
  void nobodyHearsThatHeLeavesTheSharedMixToSpeak() {
    MixStage.Client alice = stage.join("a", 440);
    MixStage.Client bob = stage.join("b", 1010);
    stage.join("c", 1730);
    alice.loudness = 0.2;
    stage.pass(75);
    bob.loudness = 0.2;
    stage.pass(50);
    bob.loudness = 0;
    stage.pass(100);

    assertUnbroken(bob.sound, SECOND / 2);
    assertThat(bob.jumps).isEmpty();
    assertThat(bob.sound.amplitude(1010, SECOND)).isLessThan(0.0005);
  }

  /** A tone of 440 Hz without a step, a hole or an edge. */
  private static void assertUnbroken(Sound sound, int from) {
    assertThat(sound.largestStep(from, sound.count())).isLessThan(0.0145); // of the tone: 0.0115
    assertThat(sound.largestEdge(from, sound.count())).isLessThan(0.004);
    for (int at = from; at + 480 <= sound.count(); at += 240) {
      assertThat(sound.rms(at, 480)).as("loudness at sample %d", at).isGreaterThan(0.09);
    }
  }

  @Test
  void aSyllableKeepsItsStartInTheMix() {
    MixStage.Client alice = stage.join("a", 440);
    MixStage.Client bob = stage.join("b", 1010);
    stage.join("c", 1730);
    stage.pass(100);
    int before = bob.sound.count();
    alice.loudness = 0.2;
    stage.pass(6);
    alice.loudness = 0;
    stage.pass(60);

    double sum = 0;
    for (int i = before - 960; i < bob.sound.count(); i++) {
      sum += bob.sound.samples()[i] * bob.sound.samples()[i];
    }
    // 120 ms of a tone of that strength, whole.
    assertThat(sum / (0.2 * 0.2 / 2)).isBetween(0.93 * 6 * 960, 1.05 * 6 * 960);
  }

  @Test
  void whoIsMutedIsNotInTheMix() {
    MixStage.Client alice = stage.join("a", 440);
    MixStage.Client bob = stage.join("b", 1010);
    stage.join("c", 1730);
    alice.loudness = 0.2;
    stage.pass(50);
    stage.call.mute(new PeerId("a"), true, stage.nowNs);
    stage.pass(5);
    int from = bob.sound.count();
    stage.pass(100);

    assertThat(bob.packets).isLessThan(80);
    assertThat(bob.sound.rms(from, bob.sound.count() - from)).isLessThan(0.001);
  }

  @Test
  void whoHasSeveralSectionsIsForwardedTo() {
    MixStage.Client alice = stage.join("a", 440);
    MixStage.Client bob = stage.join("b", 1010, Offers.client(3));
    MixStage.Client carol = stage.join("c", 1730);
    alice.loudness = 0.2;
    stage.pass(50);

    assertThat(bob.peer.slots().mixed()).isFalse();
    assertThat(carol.peer.slots().mixed()).isTrue();
    assertThat(bob.csrcs).hasSize(1);
  }

  @Test
  void whenTheMixerIsLostOneVoiceIsForwardedUntilThereIsAnother() {
    MixStage.Client alice = stage.join("a", 440);
    MixStage.Client bob = stage.join("b", 1010);
    stage.join("c", 1730);
    alice.loudness = 0.2;
    stage.pass(50);
    stage.call.onMixerLost(stage.nowNs);
    assertThat(stage.mixer).isNull();
    stage.pass(100);

    assertThat(bob.peer.slots().mixed()).isFalse();
    assertThat(bob.sound.amplitude(440, 2 * SECOND)).isBetween(0.18, 0.22);

    stage.pass(200);
    assertThat(stage.mixersOpened).isEqualTo(2);
    assertThat(bob.peer.slots().mixed()).isTrue();
    assertThat(bob.sound.amplitude(440, bob.sound.count() - SECOND)).isBetween(0.18, 0.22);
  }

  @Test
  void withoutAMixerTheLoudestVoiceIsForwarded() {
    stage.mixerAvailable = false;
    MixStage.Client alice = stage.join("a", 440);
    MixStage.Client bob = stage.join("b", 1010);
    stage.join("c", 1730);
    alice.loudness = 0.2;
    stage.pass(75);

    assertThat(bob.sound.amplitude(440, SECOND / 2)).isBetween(0.18, 0.22);
  }
}
