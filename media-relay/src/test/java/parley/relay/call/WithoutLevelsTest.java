package parley.relay.call;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Clients that do not say how loud they are: the relay listens itself. */
class WithoutLevelsTest {

  private static final int SECOND = 48_000;

  private final MixStage stage = new MixStage();

  private MixStage.Client join(String name, double hertz) {
    MixStage.Client client = stage.join(name, hertz, Offers.parsed(Offers.clientSdp(1, 111, 0)));
    client.levels = false;
    return client;
  }

  @Test
  void talksWhileItIsLoudHoweverLargeItsPacketsAre() {
    MixStage.Client alice = join("a", 440);
    stage.join("b", 1010);
    alice.loudness = 0.0004; // a quiet room, in packets as large as those of speech
    stage.pass(50);
    assertThat(stage.talking).isEmpty();

    alice.loudness = 0.1;
    stage.pass(5);
    assertThat(stage.talking).containsExactly("a+");

    alice.loudness = 0.0004;
    stage.pass(40);
    assertThat(stage.talking).containsExactly("a+", "a-");
  }

  @Test
  void theLoudestAreChosenAmongThemToo() {
    MixStage.Client listener = join("a", 300);
    double[] hertz = {440, 550, 660, 1010, 1730};
    double[] loudness = {0.01, 0.01, 0.2, 0.2, 0.2};
    for (int i = 0; i < hertz.length; i++) {
      join(Character.toString('b' + i), hertz[i]).loudness = loudness[i];
    }
    stage.pass(150);

    assertThat(listener.sound.amplitude(660, SECOND)).isBetween(0.18, 0.22);
    assertThat(listener.sound.amplitude(1010, SECOND)).isBetween(0.18, 0.22);
    assertThat(listener.sound.amplitude(1730, SECOND)).isBetween(0.18, 0.22);
    assertThat(listener.sound.amplitude(440, SECOND)).isLessThan(0.002);
  }
}
