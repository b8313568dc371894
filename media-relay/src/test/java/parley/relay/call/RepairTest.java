package parley.relay.call;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import parley.relay.api.IceCandidate;
import parley.relay.api.PeerId;
import parley.relay.rtp.OutgoingHeader;
import parley.relay.rtp.RedPayload;
import parley.relay.rtp.Rtcp;
import parley.relay.rtp.RtcpReader;
import parley.relay.rtp.RtcpWriter;
import parley.relay.srtp.PacketBuffer;

/** What gets lost on the way and is heard all the same: asked for again, or found in copies. */
class RepairTest {

  private static final int SPEECH = 30;
  private static final int RED = 63;

  private final Stage stage = new Stage(3);

  static SdpOffer offer(int receiving) {
    return Offers.parsed(
        Offers.clientSdp(receiving, 111, 1)
            .replace("SAVPF 111", "SAVPF 111 63")
            .replace(
                "a=rtpmap:111 opus/48000/2",
                "a=rtpmap:111 opus/48000/2\r\na=rtcp-fb:111 nack\r\n"
                    + "a=rtpmap:63 red/48000/2\r\na=fmtp:63 111/111"));
  }

  private static byte[] block(String words) {
    return ("\u0008" + words).getBytes(StandardCharsets.US_ASCII);
  }

  /** A packet of frame n, with a copy of the frame before. */
  private void sayTwice(RelayPeer from, int frame, @Nullable String copy, String words) {
    PacketBuffer packet = new PacketBuffer();
    var header = new OutgoingHeader(1, RED, 1, 0, "");
    int at = header.write(packet.data, 0, false, frame & 0xFFFF, frame * 960, 0, SPEECH);
    byte[] own = block(words);
    if (copy == null) {
      packet.data[at] = 111;
      System.arraycopy(own, 0, packet.data, at + 1, own.length);
      packet.length = at + 1 + own.length;
    } else {
      byte[] before = block(copy);
      packet.length =
          at
              + RedPayload.write(
                  packet.data, at, 111, before, before.length, 960, own, 0, own.length);
    }
    stage.call.onRtp(from, packet, stage.nowNs);
  }

  private void ask(RelayPeer from, int ssrc, int first, int following) {
    PacketBuffer packet = new PacketBuffer();
    var _ = new RtcpWriter(packet).receiverReport(9).nack(9, ssrc, first, following);
    stage.call.onRtcp(from, packet, stage.nowNs);
  }

  @Test
  void aReceiverGetsThePacketItAsksForOnceMoreBitForBit() {
    RelayPeer a = stage.join("a", offer(1));
    RelayPeer b = stage.join("b", offer(1));
    for (int frame = 0; frame < 10; frame++) {
      stage.say(a, 1, frame, SPEECH);
      stage.pass(1);
    }
    List<Stage.Heard> first = List.copyOf(stage.heard);
    stage.heard.clear();

    ask(b, b.slots().at(0).ssrc(), first.get(4).sequence(), 0b101);

    assertThat(stage.heard).hasSize(3);
    assertThat(stage.heard.get(0).bytes()).isEqualTo(first.get(4).bytes());
    assertThat(stage.heard.get(1).bytes()).isEqualTo(first.get(5).bytes());
    assertThat(stage.heard.get(2).bytes()).isEqualTo(first.get(7).bytes());
  }

  @Test
  void nobodyIsFloodedOnRequest() {
    RelayPeer a = stage.join("a", offer(1));
    RelayPeer b = stage.join("b", offer(1));
    stage.say(a, 1, 0, SPEECH);
    int sequence = stage.heard.getFirst().sequence();
    stage.heard.clear();
    for (int i = 0; i < 100; i++) {
      ask(b, b.slots().at(0).ssrc(), sequence, 0xFFFF);
      ask(b, 77, sequence, 0);
    }

    assertThat(stage.heard).hasSize(3);
  }

  @Test
  void whoDidNotAgreeToItGetsNothingAgainAndIsNotAsked() {
    RelayPeer a = stage.join("a", Offers.client(1));
    RelayPeer b = stage.join("b", Offers.client(1));
    stage.say(a, 1, 0, SPEECH);
    stage.say(a, 1, 2, SPEECH);
    int sequence = stage.heard.getFirst().sequence();
    stage.heard.clear();
    ask(b, b.slots().at(0).ssrc(), sequence, 0);
    stage.pass(10);

    assertThat(stage.heard).isEmpty();
    assertThat(nacks("a")).isEmpty();
  }

  @Test
  void aSenderIsAskedForWhatIsMissing() {
    RelayPeer a = stage.join("a", offer(1));
    stage.join("b", offer(1));
    stage.say(a, 1, 10, SPEECH);
    stage.say(a, 1, 13, SPEECH);
    stage.pass(2);
    assertThat(nacks("a")).containsExactly("11+1");

    stage.say(a, 1, 11, SPEECH);
    stage.say(a, 1, 12, SPEECH);
    stage.reports.clear();
    stage.pass(10);
    assertThat(nacks("a")).isEmpty();
    assertThat(stage.takeHeard()).containsExactly("b<a#10", "b<a#13", "b<a#11", "b<a#12");
  }

  private List<String> nacks(String peer) {
    List<String> found = new ArrayList<>();
    RtcpReader reader = new RtcpReader();
    for (Stage.Reported report : stage.reports) {
      reader.wrap(report.packet());
      while (report.to().equals(new PeerId(peer)) && reader.next()) {
        if (reader.type() == Rtcp.TRANSPORT_FEEDBACK) {
          found.add(reader.nackFirst(0) + "+" + reader.nackFollowing(0));
        }
      }
    }
    return found;
  }

  @Test
  void aLostPacketIsFoundInTheNextOnesCopy() {
    RelayPeer a = stage.join("a", offer(1));
    stage.join("b", Offers.client(1)); // knows no copies, and need not
    sayTwice(a, 0, null, "zero");
    sayTwice(a, 1, "zero", "one");
    sayTwice(a, 3, "two", "three");
    sayTwice(a, 4, "three", "four");

    assertThat(stage.heard).extracting(Stage.Heard::payloadType).containsOnly(111);
    for (int i = 1; i < stage.heard.size(); i++) {
      assertThat(stage.heard.get(i).sequence() - stage.heard.get(i - 1).sequence()).isOne();
      assertThat(stage.heard.get(i).timestamp() - stage.heard.get(i - 1).timestamp())
          .isEqualTo(960);
    }
    assertThat(stage.takeHeard()).containsExactly("b<zero", "b<one", "b<two", "b<three", "b<four");
  }

  @Test
  void whatWasSaidWhileMutedIsNotHeardFromACopy() {
    RelayPeer a = stage.join("a", offer(1));
    stage.join("b", offer(1));
    sayTwice(a, 0, null, "zero");
    stage.call.mute(a.id(), true, stage.nowNs);
    sayTwice(a, 1, "zero", "secret");
    stage.call.mute(a.id(), false, stage.nowNs);
    sayTwice(a, 2, "secret", "two");

    assertThat(stage.takeHeard()).doesNotContain("b<secret").contains("b<two");
  }

  @Test
  void aReceiverThatLosesPacketsGetsCopies() {
    RelayPeer a = stage.join("a", offer(1));
    RelayPeer b = stage.join("b", offer(1));
    stage.say(a, 1, 0, SPEECH);
    reportLoss(b, 26);
    stage.heard.clear();
    stage.say(a, 1, 1, 111, SPEECH, "one");
    stage.say(a, 1, 2, 111, SPEECH, "two");

    Stage.Heard second = stage.heard.get(1);
    assertThat(second.payloadType()).isEqualTo(RED);
    byte[] bytes = second.bytes();
    RedPayload red = new RedPayload();
    int at = bytes.length - (RedPayload.COPY_HEADER_BYTES + 1 + 4 + 4);
    assertThat(red.wrap(bytes, at, bytes.length - at, 111)).isTrue();
    assertThat(Arrays.copyOfRange(bytes, red.offset(0), red.offset(0) + red.length(0)))
        .isEqualTo(block("one"));
    assertThat(Arrays.copyOfRange(bytes, red.offset(1), red.offset(1) + red.length(1)))
        .isEqualTo(block("two"));
    assertThat(red.backTicks(0)).isEqualTo(960);
  }

  /** In 1/256. */
  private void reportLoss(RelayPeer by, int fraction) {
    PacketBuffer report = new PacketBuffer();
    var _ =
        new RtcpWriter(report)
            .receiverReport(9)
            .block(by.slots().at(0).ssrc(), fraction, 100, 0, 0, 0, 0);
    stage.call.onRtcp(by, report, stage.nowNs);
  }

  private static SdpOffer offerWithoutRed() {
    return Offers.parsed(
        Offers.clientSdp(1, 111, 1)
            .replace(
                "a=rtpmap:111 opus/48000/2", "a=rtpmap:111 opus/48000/2\r\na=rtcp-fb:111 nack"));
  }

  @Test
  void whoLosesPacketsAndKnowsNoCopiesGetsEachPacketWithTheNextOnceMore() {
    RelayPeer a = stage.join("a", offer(1));
    RelayPeer b = stage.join("b", offerWithoutRed());
    stage.say(a, 1, 0, SPEECH);
    stage.say(a, 1, 1, SPEECH);
    assertThat(stage.takeHeard()).containsExactly("b<a#0", "b<a#1");

    reportLoss(b, 26); // a tenth
    stage.say(a, 1, 2, SPEECH);
    stage.say(a, 1, 3, SPEECH);
    assertThat(stage.heard.get(2).bytes()).isEqualTo(stage.heard.get(1).bytes());
    assertThat(stage.takeHeard()).containsExactly("b<a#1", "b<a#2", "b<a#2", "b<a#3");

    stage.say(a, 1, 5, SPEECH); // the one before never came
    assertThat(stage.takeHeard()).containsExactly("b<a#5");
  }

  @Test
  void packetsAreNoLongerRepeatedWhenNothingWasLostForHalfAMinute() {
    RelayPeer a = stage.join("a", offer(1));
    RelayPeer b = stage.join("b", offerWithoutRed());
    stage.say(a, 1, 0, SPEECH);
    reportLoss(b, 26);
    stage.pass(29 * 50);
    reportLoss(b, 0);
    stage.say(a, 1, 1, SPEECH);
    assertThat(stage.takeHeard()).containsExactly("b<a#0", "b<a#0", "b<a#1");

    stage.pass(50);
    reportLoss(b, 0);
    stage.say(a, 1, 2, SPEECH);
    assertThat(stage.takeHeard()).containsExactly("b<a#2");
  }

  @Test
  void bothAreAgreedToInTheAnswer() {
    SdpOffer offer = offer(1);
    RelayPeer a = stage.join("a", offer);
    String answer =
        SdpAnswer.write(
            offer,
            a,
            new LocalMedia(
                "ufrag",
                "password",
                "sha-256 AB",
                List.of(new IceCandidate("candidate:1 1 udp 1 192.0.2.1 20000 typ host", 0))));

    assertThat(answer)
        .contains("m=audio 20000 UDP/TLS/RTP/SAVPF 63 111\r\n")
        .contains("a=rtpmap:63 red/48000/2\r\na=fmtp:63 111/111\r\n")
        .contains("a=rtcp-fb:111 nack\r\n");
  }
}
