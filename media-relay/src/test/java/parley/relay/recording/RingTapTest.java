package parley.relay.recording;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import parley.relay.api.PeerId;
import parley.relay.api.PeerInfo;
import parley.relay.call.RtpSink.Mark;

class RingTapTest {

  private static final PeerId ALICE = new PeerId("alice");
  private static final PeerId BOB = new PeerId("bob-1");
  private static final Mark JOINED = new Mark.Joined(new PeerInfo("d-1", "Alice", ""), false);

  private final RingTap tap = new RingTap(new RecorderMeter());
  private final PacketRing.Packet packet = new PacketRing.Packet();

  @Test
  void keepsPacketsAndMarksInOrder() {
    tap.mark(ALICE, JOINED, 1);
    tap.rtp(ALICE, 7, 960, new byte[] {9, 1, 2, 3}, 1, 2, 2);
    tap.mark(ALICE, new Mark.Muted(true), 3);
    tap.mark(ALICE, new Mark.Muted(false), 4);
    tap.rtp(ALICE, 8, 1920, new byte[] {4}, 0, 1, 5);
    tap.close(6);

    assertThat(drain())
        .containsExactly("Joined", "packet 7", "Muted", "Muted", "packet 8", "Closed");
  }

  @Test
  void copiesThePayload() {
    tap.mark(ALICE, JOINED, 1);
    byte[] payload = {9, 1, 2, 3};
    tap.rtp(ALICE, 7, -960, payload, 1, 2, 42);
    payload[1] = 0;

    assertThat(tap.poll(packet)).isEqualTo(RingTap.Next.INPUT);
    tap.takeInput();
    assertThat(tap.poll(packet)).isEqualTo(RingTap.Next.PACKET);
    assertThat(packet.length).isEqualTo(2);
    assertThat(packet.payload).startsWith(1, 2);
    assertThat(packet.rtp).isEqualTo(-960);
    assertThat(packet.nowNs).isEqualTo(42);
  }

  @Test
  void keepsJoinsWhateverFloodOfReportsComes() {
    tap.mark(ALICE, JOINED, 0);
    for (int i = 0; i < 100_000; i++) {
      tap.senderReport(ALICE, i, i, i);
    }
    tap.mark(BOB, JOINED, 1);

    assertThat(tap.inputsLost()).isZero();
    assertThat(drain()).filteredOn("Joined"::equals).hasSize(2);
  }

  @Test
  void dropsAndCountsWhatFindsNoRoom() {
    tap.mark(ALICE, JOINED, 0);
    int sent = 0;
    for (; sent < RingTap.SMALLEST_RING / 128 + 5; sent++) {
      tap.rtp(ALICE, sent, 0, new byte[96], 0, 96, 0);
    }
    int got = drain().size() - 1;
    tap.rtp(ALICE, sent, 0, new byte[96], 0, 96, 0);

    assertThat(tap.poll(packet)).isEqualTo(RingTap.Next.PACKET);
    assertThat(packet.dropped).isEqualTo(5);
    assertThat(got).isEqualTo(sent - 5);
  }

  @Test
  void tellsAtTheEndWhatWasDroppedLast() {
    tap.mark(ALICE, JOINED, 0);
    tap.rtp(ALICE, 1, 0, new byte[2000], 0, 2000, 0);
    tap.close(1);

    assertThat(tap.poll(packet)).isEqualTo(RingTap.Next.INPUT);
    tap.takeInput();
    assertThat(tap.poll(packet)).isEqualTo(RingTap.Next.INPUT);
    assertThat(((TapInput.Closed) tap.takeInput()).unheard()).containsExactly(1);
  }

  @Test
  void growsWithTheCallAndKeepsTheOrder() {
    List<String> expected = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      PeerId peer = new PeerId("p" + i);
      tap.mark(peer, JOINED, i);
      tap.rtp(peer, i, 0, new byte[80], 0, 80, i);
      expected.add("Joined");
      expected.add("packet " + i);
    }
    assertThat(drain()).isEqualTo(expected);
  }

  @Test
  void ignoresStrangersAndWhatComesAfterTheEnd() {
    tap.rtp(ALICE, 1, 0, new byte[1], 0, 1, 0);
    tap.mark(ALICE, JOINED, 0);
    tap.close(1);
    tap.rtp(ALICE, 2, 0, new byte[1], 0, 1, 2);
    tap.mark(ALICE, new Mark.Left(""), 2);
    tap.close(3);

    assertThat(drain()).containsExactly("Joined", "Closed");
  }

  @Test
  @Timeout(60)
  void handsOverBetweenTwoThreadsWithoutLossOrDisorder() throws InterruptedException {
    int packets = 300_000;
    Thread loop =
        Thread.ofPlatform()
            .start(
                () -> {
                  tap.mark(ALICE, JOINED, 0);
                  byte[] payload = new byte[120];
                  for (int i = 0; i < packets; i++) {
                    tap.rtp(ALICE, i, i, payload, 0, 1 + i % 120, i);
                    if (i % 50 == 0) {
                      tap.mark(ALICE, new Mark.Talking(i % 100 == 0), i);
                    }
                  }
                  tap.close(packets);
                });
    int seen = 0;
    int dropped = 0;
    int last = -1;
    while (true) {
      RingTap.Next next = tap.poll(packet);
      if (next == RingTap.Next.PACKET) {
        assertThat(packet.sequence).isEqualTo(last + 1 + packet.dropped);
        assertThat(packet.length).isEqualTo(1 + packet.sequence % 120);
        last = packet.sequence;
        dropped += packet.dropped;
        seen++;
      } else if (next == RingTap.Next.INPUT) {
        TapInput input = tap.takeInput();
        if (input instanceof TapInput.Marked m && m.mark() instanceof Mark.Talking) {
          assertThat(m.nowNs()).isGreaterThanOrEqualTo(last);
        }
        if (input instanceof TapInput.Closed c) {
          assertThat(seen + dropped + c.unheard()[0]).isEqualTo(packets);
          break;
        }
      } else {
        Thread.onSpinWait();
      }
    }
    loop.join();
  }

  private List<String> drain() {
    List<String> all = new ArrayList<>();
    RingTap.Next next;
    while ((next = tap.poll(packet)) != RingTap.Next.NOTHING) {
      if (next == RingTap.Next.PACKET) {
        all.add("packet " + packet.sequence);
        continue;
      }
      TapInput input = tap.takeInput();
      all.add(
          input instanceof TapInput.Marked m
              ? m.mark().getClass().getSimpleName()
              : input.getClass().getSimpleName());
    }
    return all;
  }
}
