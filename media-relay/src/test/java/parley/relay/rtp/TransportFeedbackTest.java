package parley.relay.rtp;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import parley.relay.srtp.PacketBuffer;

/** Against the draft's layout (§3.1), read back by a small reader of our own. */
class TransportFeedbackTest {

  private static final long TICK_NS = 250_000L;
  private static final long LOST = Long.MIN_VALUE;

  private final TransportFeedback feedback = new TransportFeedback();

  /** A second is 4000 ticks: 15 units of the reference time and 160 ticks more. */
  private static final long START_NS = 1_000_000_000L;

  @Test
  void threePacketsOneOfThemLost() {
    feedback.on(0x0102, START_NS);
    feedback.on(0x0104, START_NS + 40_000_000L);

    assertThat(written(START_NS + 100_000_000L))
        .isEqualTo(
            Hex.bytes(
                """
                8F CD 0005     format 15, transport feedback, six words
                00000001       from
                00000002       about
                0102 0003      first, how many
                00000F 00      reference time, number of this report
                D100           small, lost, small, nothing
                A0 A0          160 and 160 ticks
                """
                    .replaceAll("(?m) {4,}.*$", "")));
  }

  @Test
  void nothingIsDueWithoutPacketsOrBeforeTheInterval() {
    assertThat(feedback.isDue(START_NS)).isFalse();
    feedback.on(1, START_NS);
    assertThat(feedback.isDue(START_NS + 99_999_999L)).isFalse();
    assertThat(feedback.isDue(START_NS + 100_000_000L)).isTrue();
    written(START_NS + 100_000_000L);
    assertThat(feedback.isDue(START_NS + 10_000_000_000L)).isFalse();
  }

  @Test
  void aNextReportGoesOnWhereTheLastEnded() {
    feedback.on(0xFFFE, START_NS);
    feedback.on(0xFFFF, START_NS + TICK_NS);
    assertThat(read(written(START_NS + 100_000_000L)).first()).isEqualTo(0xFFFE);
    feedback.on(1, START_NS + 120_000_000L);
    Report next = read(written(START_NS + 220_000_000L));
    assertThat(next.first()).isZero();
    assertThat(next.number()).isEqualTo(1);
    assertThat(next.ticks()).containsExactly(LOST, (START_NS + 120_000_000L) / TICK_NS);
  }

  @Test
  void whatCameWithoutOrderIsToldWithNegativeDeltas() {
    feedback.on(10, START_NS);
    feedback.on(12, START_NS + 20_000_000L);
    feedback.on(11, START_NS + 25_000_000L);
    assertThat(read(written(START_NS + 200_000_000L)).ticks())
        .containsExactly(4_000L, 4_100L, 4_080L);
  }

  @Test
  void whateverComesIsToldAsItCame() {
    Random random = new Random(7);
    for (int round = 0; round < 300; round++) {
      TransportFeedback any = new TransportFeedback();
      int first = random.nextInt(0x10000);
      long[] ticks = new long[1 + random.nextInt(TransportFeedback.CAPACITY)];
      long nowNs = START_NS + (random.nextInt(4_000_000) - 2_000_000) * 1_000L;
      for (int i = 0; i < ticks.length; i++) {
        nowNs += random.nextInt(80_000_000);
        boolean lost = i > 0 && i < ticks.length - 1 && random.nextInt(4) == 0;
        ticks[i] = lost ? LOST : Math.floorDiv(nowNs, TICK_NS);
        if (!lost) {
          any.on(first + i & 0xFFFF, nowNs);
        }
      }
      PacketBuffer out = new PacketBuffer();
      var _ = new RtcpWriter(out).feedback(1, 2, any, nowNs);
      Report report = read(out.toBytes());
      assertThat(report.first()).isEqualTo(first);
      assertThat(report.ticks()).containsExactlyElementsOf(Arrays.stream(ticks).boxed().toList());
    }
  }

  @Test
  void isPaddedToWholeWords() {
    feedback.on(1, START_NS);
    byte[] packet = written(START_NS + 100_000_000L);
    assertThat(packet[0]).as("the padding bit").isEqualTo((byte) 0xAF);
    assertThat(packet).hasSize(24).endsWith(1);
  }

  @Test
  void aLongGapBeginsAnew() {
    feedback.on(1, START_NS);
    feedback.on(1 + TransportFeedback.CAPACITY, START_NS + 1_000_000L);
    Report report = read(written(START_NS + 100_000_000L));
    assertThat(report.first()).isEqualTo(1 + TransportFeedback.CAPACITY);
    assertThat(report.ticks()).hasSize(1);
  }

  private byte[] written(long nowNs) {
    PacketBuffer out = new PacketBuffer();
    var _ = new RtcpWriter(out).feedback(1, 2, feedback, nowNs);
    return out.toBytes();
  }

  /**
   * @param ticks of a quarter of a millisecond, when each packet came, or LOST
   */
  private record Report(int first, int number, List<Long> ticks) {}

  private static Report read(byte[] packet) {
    String hex = HexFormat.of().formatHex(packet);
    assertThat(packet.length % 4).as(hex).isZero();
    assertThat(NetworkOrder.unsignedShort(packet, 2)).as(hex).isEqualTo(packet.length / 4 - 1);
    int count = NetworkOrder.unsignedShort(packet, 14);
    int word = NetworkOrder.getInt(packet, 16);
    long before = (word >> 8) * 256L;
    int chunks = (count + 6) / 7;
    int at = 20 + 2 * chunks;
    List<Long> ticks = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      int status = NetworkOrder.unsignedShort(packet, 20 + 2 * (i / 7)) >> (2 * (6 - i % 7)) & 0b11;
      if (status == 0) {
        ticks.add(LOST);
        continue;
      }
      before += status == 1 ? packet[at] & 0xFF : (short) NetworkOrder.unsignedShort(packet, at);
      at += status;
      ticks.add(before);
    }
    return new Report(NetworkOrder.unsignedShort(packet, 12), word & 0xFF, ticks);
  }
}
