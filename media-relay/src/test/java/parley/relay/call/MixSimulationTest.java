package parley.relay.call;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import parley.relay.mix.Sound;

/** People with one section who come, speak, mute, and go, over a network that loses packets. */
class MixSimulationTest {

  private static final int SECOND = 48_000;

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void everybodyHearsTheOthersAndNeverHimselfWhateverHappened(long seed) {
    Random random = new Random(seed);
    MixStage stage = new MixStage(seed);
    stage.loss = random.nextDouble(0.1);
    List<MixStage.Client> clients = new ArrayList<>();
    for (int step = 0; step < 150; step++) {
      disturb(random, stage, clients, step);
      stage.pass(random.nextInt(1, 20));
    }

    while (clients.size() < 4) {
      clients.add(join(stage, clients.size() + 500));
    }
    for (MixStage.Client client : clients) {
      stage.call.mute(client.peer.id(), false, stage.nowNs);
      client.loudness = 0;
    }
    stage.pass(50);
    List<MixStage.Client> speakers = clients.subList(0, 3);
    speakers.forEach(speaker -> speaker.loudness = 0.2);
    stage.pass(25);
    clients.forEach(client -> client.sound = new Sound());
    stage.pass(60);

    for (MixStage.Client listener : clients) {
      for (MixStage.Client speaker : speakers) {
        double heard = strength(listener.sound, speaker.hertz);
        if (listener == speaker) {
          assertThat(heard).as("seed %d: %s hears himself", seed, listener.name).isLessThan(0.01);
        } else {
          assertThat(heard)
              .as("seed %d: %s hears %s", seed, listener.name, speaker.name)
              .isBetween(0.14, 0.22);
        }
      }
      assertThat(listener.sound.count()).isGreaterThan(SECOND);
    }
  }

  /** In short pieces: what is made up for a loss need not keep the phase. */
  private static double strength(Sound sound, double hertz) {
    double sum = 0;
    for (int piece = 0; piece < 8; piece++) {
      sum += sound.amplitude(hertz, 4800 + piece * SECOND / 8, SECOND / 8);
    }
    return sum / 8;
  }

  private static void disturb(
      Random random, MixStage stage, List<MixStage.Client> clients, int step) {
    int size = clients.size();
    switch (size == 0 ? 0 : random.nextInt(8)) {
      case 0 -> {
        if (size < 8) {
          clients.add(join(stage, step));
        }
      }
      case 1 -> {
        if (size > 1) {
          stage.leave(clients.remove(random.nextInt(size)));
        }
      }
      case 2 ->
          stage.call.mute(
              clients.get(random.nextInt(size)).peer.id(), random.nextBoolean(), stage.nowNs);
      default ->
          clients.get(random.nextInt(size)).loudness =
              random.nextBoolean() ? 0 : random.nextDouble(0.05, 0.4);
    }
  }

  /** Each with a tone that is no multiple of another's. */
  private static MixStage.Client join(MixStage stage, int number) {
    return stage.join(Integer.toHexString(0x10000 + number), 300 + 37 * (number % 83));
  }
}
