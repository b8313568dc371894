package parley.relay.recording;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.function.DoublePredicate;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Placement in time, against a simulated sender and network in virtual time. */
class TrackTimelineTest {

  private static final long MS = 1_000_000;
  private static final long START = 777_777_777_777L;
  private static final long DELAY_MS = 20;

  private final Placed placed = new Placed();
  private final GapLedger gaps = new GapLedger();
  private final TrackCounters counters = new TrackCounters();
  private final TrackTimeline timeline = new TrackTimeline(START, 0, placed, gaps, counters);
  private final List<Event> events = new ArrayList<>();

  /** Where each packet of the sender came to lie, and what fills the rest. */
  private static final class Placed implements TrackOutput {
    final Map<Integer, Long> positions = new HashMap<>();
    long end;

    long of(int id) {
      return Objects.requireNonNull(positions.get(id), () -> "packet " + id + " is not there");
    }

    @Override
    public void packet(byte[] data, int offset, int length, int samples) {
      if (length == PAYLOAD) {
        positions.put(ByteBuffer.wrap(data, offset + 1, 4).getInt(), end);
      }
      end += samples;
    }
  }

  private static final int PAYLOAD = 80;

  private record Event(long atNs, Action action) {}

  private interface Action {
    void run(long nowNs) throws IOException;
  }

  private void at(double ms, Action action) {
    events.add(new Event(START + Math.round(ms * MS), action));
  }

  private static byte[] payload(int id, int toc) {
    byte[] payload = new byte[PAYLOAD];
    payload[0] = (byte) toc;
    ByteBuffer.wrap(payload).putInt(1, id);
    return payload;
  }

  private void packet(double arrivalMs, int id, int sequence, int rtp) {
    packet(arrivalMs, id, sequence, rtp, 0xf8);
  }

  private void packet(double arrivalMs, int id, int sequence, int rtp, int toc) {
    byte[] payload = payload(id, toc);
    at(arrivalMs, now -> timeline.onPacket(sequence & 0xffff, rtp, payload, 0, PAYLOAD, 0, now));
  }

  /** Runs everything in order of time, with a tick every 20 ms, and ends the recording. */
  private long run(double endMs) throws IOException {
    for (double t = 0; t < endMs; t += 20) {
      at(t + 1e-3, timeline::onTick);
    }
    events.sort(Comparator.comparingLong(Event::atNs));
    long endNs = START + Math.round(endMs * MS);
    for (Event event : events) {
      if (event.atNs() <= endNs) {
        event.action().run(event.atNs());
      }
    }
    return timeline.onEnd(endNs);
  }

  /** The one gap that is not just silence before the first and after the last packet. */
  private Gap onlyLoss() {
    List<Gap> found = gaps.gaps().stream().filter(gap -> gap.why() != Gap.Why.SILENCE).toList();
    assertThat(found).hasSize(1);
    return found.getFirst();
  }

  private static double ms(long samples) {
    return samples / 48.0;
  }

  /**
   * @param loss share of packets that never arrive
   * @param jitterMs each packet is late by up to so much, independently: it reorders
   * @param ppm by how much the sender's clock is slow
   */
  private record Network(double loss, double duplicates, double jitterMs, double ppm, int toc) {}

  /** Sends 20 ms packets from one time to another; returns when each was captured, in ms. */
  private Map<Integer, Double> send(
      Random random, Network network, double fromMs, double toMs, DoublePredicate silent) {
    int sequence = random.nextInt(65_536);
    int rtp = random.nextInt();
    Map<Integer, Double> captured = new HashMap<>();
    for (int k = 0; ; k++) {
      double capture = fromMs + 20 * k * (1 + network.ppm() * 1e-6);
      if (capture + 20 > toMs) {
        return captured;
      }
      if (silent.test(capture)) {
        continue;
      }
      int s = sequence++;
      if (random.nextDouble() < network.loss()) {
        continue;
      }
      captured.put(k, capture);
      double arrival = capture + 20 + DELAY_MS + random.nextDouble() * network.jitterMs();
      packet(arrival, k, s, rtp + 960 * k, network.toc());
      if (random.nextDouble() < network.duplicates()) {
        packet(arrival + random.nextDouble() * 100, k, s, rtp + 960 * k, network.toc());
      }
    }
  }

  private void assertPlaced(Map<Integer, Double> captured, double toleranceMs, double share) {
    int on = 0;
    for (Map.Entry<Integer, Double> packet : captured.entrySet()) {
      Long position = placed.positions.get(packet.getKey());
      if (position != null) {
        on++;
        assertThat(ms(position) - packet.getValue() - DELAY_MS)
            .as("packet %d, captured at %.1f ms", packet.getKey(), packet.getValue())
            .isBetween(-toleranceMs, toleranceMs);
      }
    }
    assertThat((double) on / captured.size()).as("share that is on the track").isGreaterThan(share);
  }

  @ParameterizedTest
  @CsvSource({
    "1, 0, f8, 5",
    "2, 200, f8, 60",
    "3, -200, f8, 60",
    "4, 200, 08, 5",
    "5, -200, 08, 5",
    "6, 150, 78, 5",
    "7, -150, 78, 5"
  })
  void staysWithinTenMillisecondsThroughLossJitterAndDrift(
      long seed, double ppm, String toc, int minutes) throws IOException {
    Network network = new Network(0.05, 0.01, 40, ppm, Integer.parseInt(toc, 16));
    int durationMs = minutes * 60_000;
    Map<Integer, Double> captured = send(new Random(seed), network, 0, durationMs, t -> false);
    long end = run(durationMs);

    assertThat(end).isEqualTo(durationMs * 48L);
    assertThat(placed.end - end).isBetween(-120L, 480L);
    assertPlaced(captured, 10, 0.98);
    assertThat(counters.duplicates).isPositive();
    assertThat(counters.late).isLessThan(20);
  }

  @ParameterizedTest
  @ValueSource(longs = {11, 12, 13})
  void keepsSilencesOfDiscontinuousTransmissionInTime(long seed) throws IOException {
    Random random = new Random(seed);
    boolean[] silent = new boolean[400];
    for (int i = 0; i < silent.length; i++) {
      silent[i] = random.nextBoolean();
    }
    Network network = new Network(0.05, 0, 30, 100, 0xf8);
    Map<Integer, Double> captured = send(random, network, 0, 120_000, t -> silent[(int) (t / 300)]);
    run(120_000);

    assertPlaced(captured, 10, 0.97);
    assertThat(gaps.gaps()).extracting(Gap::why).contains(Gap.Why.SILENCE, Gap.Why.LOSS);
  }

  @Test
  void putsALateJoinerWhereHeJoined() throws IOException {
    Map<Integer, Double> captured =
        send(new Random(21), new Network(0, 0, 10, 0, 0xf8), 61_234, 70_000, t -> false);
    run(70_000);

    assertPlaced(captured, 5, 0.99);
    assertThat(placed.of(0)).isBetween(61_234L * 48, 61_270L * 48);
  }

  @Test
  void keepsThePlaceOfAPacketThatIsMissing() throws IOException {
    for (int k = 0; k < 100; k++) {
      if (k != 50) {
        packet(40 + 20 * k, k, k, 960 * k);
      }
    }
    run(2100);

    assertThat(placed.of(51) - placed.of(49)).isEqualTo(1920);
    assertThat(onlyLoss())
        .satisfies(
            gap -> {
              assertThat(gap.why()).isEqualTo(Gap.Why.LOSS);
              assertThat(gap.to() - gap.from()).isEqualTo(960);
            });
    assertThat(counters.lost).isEqualTo(1);
    assertThat(counters.packets).isEqualTo(99);
  }

  @Test
  void putsOvertakenPacketsBackInOrderAndDropsRepeatedOnes() throws IOException {
    for (int k = 0; k < 50; k++) {
      packet(40 + 20 * k + (k % 7 == 3 ? 90 : 0), k, 65_530 + k, 960 * k);
      packet(40 + 20 * k + 5, k, 65_530 + k, 960 * k);
    }
    run(1200);

    assertThat(placed.positions).hasSize(50);
    for (int k = 1; k < 50; k++) {
      assertThat(placed.of(k) - placed.of(k - 1)).isEqualTo(960);
    }
    assertThat(counters.duplicates).isEqualTo(50);
    assertThat(counters.lost).isZero();
  }

  @Test
  void countsWhatComesTooLateAndKeepsItsPlaceFilled() throws IOException {
    for (int k = 0; k < 100; k++) {
      packet(40 + 20 * k + (k == 50 ? 800 : 0), k, k, 960 * k);
    }
    run(2200);

    assertThat(placed.positions).doesNotContainKey(50);
    assertThat(placed.of(51) - placed.of(49)).isEqualTo(1920);
    assertThat(counters.late).isEqualTo(1);
    assertThat(counters.lost).isEqualTo(1);
  }

  @Test
  void recordsSilenceWhileMutedAlsoWhenTheSendersClockStoodStill() throws IOException {
    for (int k = 0; k < 100; k++) {
      packet(40 + 20 * k, k, k, 960 * k);
    }
    at(2045, now -> timeline.onMuted(true, now));
    at(9000, now -> timeline.onMuted(false, now));
    for (int k = 100; k < 200; k++) {
      packet(9040 + 20 * (k - 100), k, k, 960 * k); // RTP time goes on as if nothing had been
    }
    run(11_100);

    assertThat(ms(placed.of(100))).isBetween(9010.0, 9030.0);
    assertThat(gaps.gaps())
        .anySatisfy(
            gap -> {
              assertThat(gap.why()).isEqualTo(Gap.Why.MUTE);
              assertThat(ms(gap.to() - gap.from())).isBetween(6900.0, 6960.0);
            });
  }

  @Test
  void goesOnAtOnceWithASenderWhoseClockStoodStill() throws IOException {
    // Its sound card stalls three times, for less than a pause each, and makes up for none of it.
    double stalledMs = 0;
    for (int i = 0; i < 1000; i++) {
      if (i == 300 || i == 310 || i == 320) {
        stalledMs += 300;
      }
      packet(i * 20 + stalledMs + DELAY_MS, i, i, i * 960);
    }
    run(22_000);
    assertThat(placed.positions).hasSizeGreaterThan(990);
    for (int i = 400; i < 1000; i++) {
      assertThat(ms(placed.of(i)) - i * 20).isBetween(880.0, 920.0);
    }
    assertThat(counters.late).isLessThan(10);
  }

  @Test
  void followsARestartedStreamWithoutDelay() throws IOException {
    for (int k = 0; k < 100; k++) {
      packet(40 + 20 * k, k, k, 960 * k);
    }
    at(2500, now -> timeline.onRestarted());
    for (int k = 100; k < 200; k++) {
      packet(3040 + 20 * (k - 100), k, 40_000 + k, 0x7fff_ff00 + 960 * k);
    }
    run(5100);

    assertThat(ms(placed.of(100))).isBetween(3015.0, 3025.0);
    assertThat(placed.positions).hasSize(200);
    assertThat(gaps.gaps()).extracting(Gap::why).contains(Gap.Why.RESTART);
  }

  @Test
  void followsAStreamThatChangesUnannouncedAfterSomeProof() throws IOException {
    for (int k = 0; k < 100; k++) {
      packet(40 + 20 * k, k, k, 960 * k);
    }
    packet(1500.5, 999, 30_000, 12_345); // a single stray
    for (int k = 100; k < 200; k++) {
      packet(40 + 20 * k, k, 40_000 + k, 0x7fff_ff00 + 960 * k);
    }
    run(4100);

    assertThat(placed.positions).hasSize(200).doesNotContainKey(999);
    assertThat(ms(placed.of(150) - placed.of(50))).isBetween(1998.0, 2002.0);
    assertThat(counters.strays).isEqualTo(1);
  }

  @Test
  void placesARestartedStreamByTheSendersOwnClock() throws IOException {
    for (int k = 0; k < 500; k++) {
      packet(40 + 20 * k, k, k, 960 * k);
    }
    // The sender's wall clock says 5000 s at the recording's start.
    at(8000, now -> timeline.onSenderReport(ntp(5007.960), 960 * 398, now));
    at(10_020, now -> timeline.onRestarted());
    for (int k = 500; k < 1500; k++) {
      // Every packet of the new path takes 30 ms longer.
      packet(70 + 20 * k, k, 40_000 + k, 777 + 960 * k);
    }
    at(11_500, now -> timeline.onSenderReport(ntp(5011.460), 777 + 960 * 573, now));
    run(30_100);

    double first = ms(placed.of(100)) - 20 * 100;
    assertThat(ms(placed.of(650)) - 20 * 650 - first).isBetween(-10.0, 10.0);
  }

  private static long ntp(double seconds) {
    return (long) seconds << 32 | (long) ((seconds - Math.floor(seconds)) * (1L << 32));
  }

  @Test
  void doesNotMoveWhatWasSaidWhenAQueueBuildsUp() throws IOException {
    for (int k = 0; k < 2000; k++) {
      double queue = k > 800 && k < 1600 ? Math.min(200, k - 800) : 0;
      packet(40 + 20 * k + queue, k, k, 960 * k);
    }
    run(40_300);

    assertThat(placed.positions).hasSizeGreaterThan(1990);
    for (int k = 0; k < 2000; k += 10) {
      Long position = placed.positions.get(k);
      if (position != null) {
        assertThat(ms(position) - 20 * k - DELAY_MS).as("packet %d", k).isBetween(-10.0, 12.0);
      }
    }
  }

  /**
   * While everybody joins, a busy browser sends late and in bursts; then it sends in time, of each
   * burst the last packet.
   */
  @Test
  void findsThePlaceOfASenderThatWasLateAtTheBeginning() throws IOException {
    for (int k = 0; k < 2000; k++) {
      int behind = (9 - k % 10) * 20 + (k < 400 ? 100 : 0);
      packet(40 + 20 * k + behind, k, k, 960 * k);
    }
    run(40_300);

    assertThat(placed.positions).hasSizeGreaterThan(1950);
    for (int k = 500; k < 2000; k += 10) {
      Long position = placed.positions.get(k);
      if (position != null) {
        assertThat(ms(position) - 20 * k - DELAY_MS).as("packet %d", k).isBetween(-10.0, 12.0);
      }
    }
  }

  @Test
  void neverFallsBehindThePresentByMoreThanASecondWhileNothingComes() throws IOException {
    for (double t = 0; t < 10_000; t += 20) {
      timeline.onTick(START + Math.round(t * MS));
      assertThat(t - ms(timeline.cursor())).isLessThan(800);
    }
  }

  @Test
  void namesPacketsThatFoundNoRoomAsOverflow() throws IOException {
    for (int k = 0; k < 100; k++) {
      if (k < 50 || k >= 60) {
        int id = k;
        int lost = k == 60 ? 10 : 0;
        byte[] payload = payload(id, 0xf8);
        at(40 + 20 * k, now -> timeline.onPacket(id, 960 * id, payload, 0, PAYLOAD, lost, now));
      }
    }
    run(2100);

    assertThat(onlyLoss().why()).isEqualTo(Gap.Why.OVERFLOW);
    assertThat(counters.overflowed).isEqualTo(10);
    assertThat(counters.lost).isZero();
  }

  @Test
  void countsWhatIsNotOpusAndFillsItsPlace() throws IOException {
    for (int k = 0; k < 100; k++) {
      packet(40 + 20 * k, k, k, 960 * k, k == 50 ? 0xfb : 0xf8); // frame count 0
    }
    run(2100);

    assertThat(counters.malformed).isEqualTo(1);
    assertThat(placed.of(51) - placed.of(49)).isEqualTo(1920);
    assertThat(onlyLoss().why()).isEqualTo(Gap.Why.MALFORMED);
  }

  @Test
  void recordsNothingOfOneWhoHasLeft() throws IOException {
    packet(40, 0, 0, 0);
    at(100, now -> timeline.onLeft(now));
    packet(120, 1, 1, 960);
    long end = run(5000);

    assertThat(placed.positions).hasSize(1);
    assertThat(end).isEqualTo(5000 * 48);
    assertThat(gaps.gaps()).allSatisfy(gap -> assertThat(gap.to()).isLessThanOrEqualTo(4800));
  }

  @Property(tries = 300)
  void survivesAnyPacketsInAnyOrderWithinBounds(
      @ForAll long seed, @ForAll @Size(max = 200) List<byte[]> payloads) throws IOException {
    Random random = new Random(seed);
    Placed out = new Placed();
    TrackTimeline fuzzed = new TrackTimeline(START, 0, out, new GapLedger(), new TrackCounters());
    long now = START;
    int sequence = random.nextInt();
    int rtp = random.nextInt();
    for (byte[] payload : payloads) {
      now += random.nextInt(100) * MS;
      sequence += random.nextInt(8) == 0 ? random.nextInt() : 1;
      rtp += random.nextInt(8) == 0 ? random.nextInt() : 960;
      switch (random.nextInt(20)) {
        case 0 -> fuzzed.onMuted(random.nextBoolean(), now);
        case 1 -> fuzzed.onRestarted();
        case 2 -> fuzzed.onTalking(random.nextBoolean());
        case 3 -> fuzzed.onSenderReport(random.nextLong(), random.nextInt(), now);
        case 4 -> fuzzed.onTick(now);
        default -> fuzzed.onPacket(sequence & 0xffff, rtp, payload, 0, payload.length, 0, now);
      }
    }
    long end = fuzzed.onEnd(now);
    assertThat(ms(out.end - end)).as("longer than the call").isLessThan(1200);
    assertThat(end - out.end).as("shorter than the call").isLessThan(Filler.STEP);
  }
}
