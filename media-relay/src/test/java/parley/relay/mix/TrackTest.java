package parley.relay.mix;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** One voice through a bad network into the mix, in virtual time. */
class TrackTest {

  private static final long MS = 48; // ticks
  private static final int SECOND = 48_000;

  private record Packet(int sequence, int timestamp, byte[] data) {}

  private final MixTrack track = new MixTrack();
  private final TreeMap<Long, Packet> onTheWay = new TreeMap<>();
  private final Tone tone = new Tone(440, 0.2);
  private float[] heard = new float[0];
  private int frames;
  private int silentFrames;
  private long now = 5 * SECOND;
  private int sequence = 65_500; // rolls over soon
  private int timestamp = -20_000;

  /** Sends a packet that takes so long, or never arrives. */
  private void send(double delayMs) {
    tone.next();
    sequence++;
    timestamp += 960;
    if (delayMs >= 0) {
      byte[] data = Arrays.copyOf(tone.packet(), tone.length());
      long at = now + (long) (delayMs * MS);
      while (onTheWay.containsKey(at)) {
        at++;
      }
      onTheWay.put(at, new Packet(sequence & 0xFFFF, timestamp, data));
    }
  }

  /** 20 ms pass. */
  private void pass() {
    now += 960;
    while (!onTheWay.isEmpty() && onTheWay.firstKey() <= now) {
      var first = onTheWay.pollFirstEntry();
      Packet packet = first.getValue();
      track.packet(
          packet.sequence, packet.timestamp, packet.data, 0, packet.data.length, first.getKey());
    }
    boolean audible = track.render(now);
    heard = Arrays.copyOf(heard, heard.length + 960);
    if (audible) {
      System.arraycopy(track.frame(), 0, heard, 960 * frames, 960);
    } else {
      silentFrames++;
    }
    frames++;
  }

  private double edge(int fromFrame) {
    double largest = 0;
    for (int i = fromFrame * 960 + 3; i < heard.length; i++) {
      double third = heard[i] - 3 * heard[i - 1] + 3 * heard[i - 2] - heard[i - 3];
      largest = Math.max(largest, Math.abs(third));
    }
    return largest;
  }

  @Test
  void aGoodNetworkAddsHardlyAnyDelay() {
    track.begin(true);
    for (int i = 0; i < 300; i++) {
      send(5);
      pass();
    }

    assertThat(track.concealed()).isZero();
    assertThat(track.delay()).isEqualTo(DelayEstimator.MIN_DELAY);
    assertThat(silentFrames).isLessThanOrEqualTo(2);
    assertThat(edge(5)).isLessThan(0.005);
  }

  @Test
  void waitsAsLongAsTheNetworkJitters() {
    Random random = new Random(1);
    track.begin(true);
    for (int i = 0; i < 500; i++) {
      send(5 + random.nextDouble(80));
      pass();
    }
    long before = track.concealed();
    for (int i = 0; i < 500; i++) {
      send(5 + random.nextDouble(80));
      pass();
    }

    assertThat(track.delay()).isBetween((int) (60 * MS), (int) (95 * MS));
    assertThat(track.concealed() - before).isLessThan(15); // of 500
  }

  @Test
  void waitsLessWhenTheNetworkHasCalmedDown() {
    Random random = new Random(2);
    track.begin(true);
    for (int i = 0; i < 300; i++) {
      send(5 + random.nextDouble(120));
      pass();
    }
    int jittery = track.delay();
    for (int i = 0; i < 2500; i++) {
      send(5);
      pass();
    }

    assertThat(jittery).isGreaterThan((int) (90 * MS));
    assertThat(track.delay()).isLessThan((int) (30 * MS));
    // What was put by then has been squeezed out: the newest packet was heard a moment ago.
    assertThat((short) (sequence - track.played())).isLessThanOrEqualTo((short) 4);
    assertThat(edge(frames - 500)).isLessThan(0.005);
  }

  @Test
  void aLostPacketLeavesNoClick() {
    track.begin(true);
    for (int i = 0; i < 300; i++) {
      send(i % 20 == 10 ? -1 : 5);
      pass();
    }

    assertThat(track.concealed()).isEqualTo(15);
    assertThat(silentFrames).isLessThanOrEqualTo(2);
    assertThat(edge(5)).isLessThan(0.03);
  }

  @Test
  void aVoiceThatStopsFadesAwayAndComesBack() {
    track.begin(true);
    for (int i = 0; i < 100; i++) {
      send(5);
      pass();
    }
    for (int i = 0; i < 50; i++) {
      timestamp += 960; // a pause in which the clock goes on
      pass();
    }
    int silent = silentFrames;
    for (int i = 0; i < 100; i++) {
      send(5);
      pass();
    }

    assertThat(silent).isBetween(40, 50);
    assertThat(silentFrames - silent).isLessThanOrEqualTo(2);
    assertThat(edge(5)).isLessThan(0.03);
  }

  @Test
  void anotherClockBeginsAnew() {
    track.begin(true);
    for (int i = 0; i < 100; i++) {
      send(5);
      pass();
    }
    sequence += 30_000;
    timestamp += 1_000_000_000;
    int silent = silentFrames;
    for (int i = 0; i < 100; i++) {
      send(5);
      pass();
    }

    assertThat(silentFrames - silent).isLessThan(5);
  }

  @Test
  void neverThrowsWhateverComes() {
    Random random = new Random(3);
    track.begin(true);
    for (int i = 0; i < 20_000; i++) {
      byte[] data = new byte[random.nextInt(1, 200)];
      random.nextBytes(data);
      int wild = random.nextInt(20);
      track.packet(
          wild == 0 ? random.nextInt(65_536) : (i + random.nextInt(5)) & 0xFFFF,
          wild == 1 ? random.nextInt() : i * 960,
          data,
          0,
          data.length,
          now);
      now += random.nextInt(2000);
      track.render(now);
    }

    assertThat(track.played()).isBetween(0, 65_535);
  }
}
