package parley.relay.call;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import parley.relay.api.PeerId;
import parley.relay.rtp.OutgoingHeader;
import parley.relay.rtp.RedPayload;
import parley.relay.rtp.RtcpReader;
import parley.relay.rtp.RtcpWriter;
import parley.relay.rtp.RtpPacket;
import parley.relay.srtp.PacketBuffer;

/** One speaks, one listens, and both networks lose packets of every kind at random. */
class LossSimulationTest {

  private static final int FRAMES = 3000;
  private static final int RED = 63;

  private final Stage stage = new Stage(3);
  private final RelayPeer speaker = stage.join("a", RepairTest.offer(1));
  private final RelayPeer listener = stage.join("b", RepairTest.offer(1));
  private final List<byte[]> sent = new ArrayList<>();
  private final Set<Integer> heard = new HashSet<>();
  private final TreeSet<Integer> arrived = new TreeSet<>();
  private final RtpPacket view = new RtpPacket();
  private final RedPayload red = new RedPayload();
  private Random random = new Random();
  private double loss;

  /** Some frames are lost for good only where a copy and what was asked for are lost, too. */
  @ParameterizedTest
  @CsvSource({"1, 0.02, 0.9999", "2, 0.05, 0.999", "3, 0.1, 0.99", "4, 0.1, 0.99", "5, 0.2, 0.97"})
  void hardlyAnythingIsMissed(long seed, double lost, double atLeast) {
    random = new Random(seed);
    loss = lost;
    for (int frame = 0; frame < FRAMES; frame++) {
      say(frame);
      stage.pass(1);
      answerNacks();
      listen();
      if (frame % 100 == 0) {
        report();
      }
    }

    assertThat(heard.size() / (double) FRAMES).as("seed %d", seed).isGreaterThan(atLeast);
  }

  private boolean arrives() {
    return random.nextDouble() >= loss;
  }

  private void say(int frame) {
    PacketBuffer packet = new PacketBuffer();
    var header = new OutgoingHeader(1, RED, 1, 0, "");
    int at = header.write(packet.data, 0, false, frame & 0xFFFF, frame * 960, 0, 30);
    byte[] before = block(Math.max(0, frame - 1));
    byte[] own = block(frame);
    packet.length =
        at + RedPayload.write(packet.data, at, 111, before, before.length, 960, own, 0, own.length);
    sent.add(packet.toBytes());
    if (arrives()) {
      stage.call.onRtp(speaker, packet, stage.nowNs);
    }
  }

  private static byte[] block(int frame) {
    return ("\u0008" + frame + " ".repeat(60)).getBytes(StandardCharsets.US_ASCII);
  }

  private void answerNacks() {
    RtcpReader reader = new RtcpReader();
    for (Stage.Reported report : List.copyOf(stage.reports)) {
      reader.wrap(report.packet());
      while (report.to().equals(new PeerId("a")) && reader.next()) {
        for (int i = 0; i < reader.nacks(); i++) {
          again(reader.nackFirst(i));
          for (int bit = 0; bit < 16; bit++) {
            if ((reader.nackFollowing(i) >> bit & 1) != 0) {
              again(reader.nackFirst(i) + 1 + bit);
            }
          }
        }
      }
    }
    stage.reports.clear();
  }

  private void again(int frame) {
    if (frame < sent.size() && arrives() && arrives()) { // the request, and the packet
      byte[] packet = sent.get(frame);
      stage.call.onRtp(speaker, new PacketBuffer().set(packet, 0, packet.length), stage.nowNs);
    }
  }

  private void listen() {
    for (Stage.Heard packet : List.copyOf(stage.heard)) {
      if (packet.to().equals(listener.id()) && arrives()) {
        arrive(packet.sequence(), packet.bytes());
      }
    }
    stage.heard.clear();
    for (int back = 2; back <= 4 && !arrived.isEmpty(); back++) {
      int missing = arrived.getLast() - back;
      if (missing > arrived.getFirst() && !arrived.contains(missing) && arrives()) {
        PacketBuffer nack = new PacketBuffer();
        int ssrc = listener.slots().at(0).ssrc();
        var _ = new RtcpWriter(nack).receiverReport(9).nack(9, ssrc, missing & 0xFFFF, 0);
        stage.call.onRtcp(listener, nack, stage.nowNs);
      }
    }
  }

  private void arrive(int sequence, byte[] bytes) {
    arrived.add(sequence);
    assertThat(view.wrap(bytes, 0, bytes.length)).isTrue();
    if (view.payloadType() == 111) {
      hear(view.payloadOffset(), view.payloadLength(), bytes);
      return;
    }
    assertThat(red.wrap(bytes, view.payloadOffset(), view.payloadLength(), 111)).isTrue();
    for (int i = 0; i <= red.copies(); i++) {
      hear(red.offset(i), red.length(i), bytes);
    }
  }

  private void hear(int offset, int length, byte[] bytes) {
    String words = new String(bytes, offset + 1, length - 1, StandardCharsets.US_ASCII);
    heard.add(Integer.valueOf(words.strip()));
  }

  private void report() {
    PacketBuffer report = new PacketBuffer();
    int ssrc = listener.slots().at(0).ssrc();
    var _ = new RtcpWriter(report).receiverReport(9).block(ssrc, (int) (loss * 256), 0, 0, 0, 0, 0);
    stage.call.onRtcp(listener, report, stage.nowNs);
  }
}
