package parley.relay.call;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import parley.relay.api.PeerId;
import parley.relay.api.PeerInfo;
import parley.relay.rtp.AudioLevel;
import parley.relay.rtp.Rtcp;
import parley.relay.rtp.RtcpReader;
import parley.relay.rtp.RtcpWriter;
import parley.relay.rtp.RtpPacket;
import parley.relay.rtp.RtpTime;
import parley.relay.srtp.PacketBuffer;

class RelayCallTest {

  private static final int SPEECH = 30;
  private static final int QUIET = 90;

  private final Stage stage = new Stage(4);

  @Test
  void twoHearEachOtherAndNotThemselves() {
    RelayPeer a = stage.join("a", Offers.client(1));
    RelayPeer b = stage.join("b", Offers.client(1));
    stage.say(a, 1, 0, SPEECH);
    stage.say(b, 2, 0, QUIET);
    assertThat(stage.takeHeard()).containsExactly("b<a#0", "a<b#0");
  }

  @Test
  void whoIsNotConnectedHearsNothingYet() {
    RelayPeer a = stage.join("a", Offers.client(1));
    stage.call.offer(new PeerId("b"), Stage.info("b"), Offers.client(1), false, stage.nowNs);
    stage.say(a, 1, 0, SPEECH);
    assertThat(stage.takeHeard()).isEmpty();
    stage.call.connected(new PeerId("b"), stage.nowNs);
    stage.say(a, 1, 1, SPEECH);
    assertThat(stage.takeHeard()).containsExactly("b<a#1");
  }

  @Test
  void aReceiversNumbersAreItsOwn() {
    RelayPeer a = stage.join("a", Offers.parsed(Offers.clientSdp(1, 111, 1)));
    RelayPeer b = stage.join("b", Offers.parsed(Offers.clientSdp(1, 96, 5)));
    stage.join("c", Offers.parsed(Offers.clientSdp(1, 109, 0)));
    stage.say(a, 1, 0, SPEECH);
    Stage.Heard toB = stage.heard.get(0);
    assertThat(toB.payloadType()).isEqualTo(96);
    assertThat(toB.ssrc()).isEqualTo(b.slots().at(0).ssrc());
    assertThat(toB.csrc()).isEqualTo(0xAAAAAAAA);
    assertThat(levelIn(toB, 5)).isEqualTo(SPEECH);
    Stage.Heard toC = stage.heard.get(1);
    assertThat(toC.payloadType()).isEqualTo(109);
    assertThat(levelIn(toC, 1)).isEqualTo(AudioLevel.ABSENT);
  }

  @Test
  void everybodyHasASlotWhileThereAreEnough() {
    RelayPeer a = stage.join("a", Offers.client(3));
    RelayPeer b = stage.join("b", Offers.client(3));
    RelayPeer c = stage.join("c", Offers.client(3));
    RelayPeer d = stage.join("d", Offers.client(3));
    for (RelayPeer peer : List.of(a, b, c, d)) {
      stage.say(peer, 1, 0, AudioLevel.SILENCE); // silence is forwarded too
    }
    assertThat(stage.takeHeard())
        .containsExactlyInAnyOrder(
            "b<a#0", "c<a#0", "d<a#0", "a<b#0", "c<b#0", "d<b#0", "a<c#0", "b<c#0", "d<c#0",
            "a<d#0", "b<d#0", "c<d#0");
  }

  @Test
  void theFirstSyllableOfABeginnerIsHeardAlready() {
    stage.join("z", Offers.client(2));
    List<RelayPeer> speakers = new ArrayList<>();
    for (String name : List.of("a", "b", "c", "d", "e")) {
      speakers.add(stage.join(name, Offers.parsed(Offers.clientSdp(0, 111, 1))));
    }
    stage.say(speakers.get(4), 5, 0, SPEECH);
    assertThat(stage.takeHeard()).containsExactly("z<e#0");
    stage.say(speakers.get(2), 3, 0, SPEECH);
    assertThat(stage.takeHeard()).containsExactly("z<c#0");
    stage.say(speakers.get(0), 1, 0, QUIET);
    assertThat(stage.takeHeard()).isEmpty();
  }

  @Test
  void aSpeakerKeepsHisSlot() {
    RelayPeer z = stage.join("z", Offers.client(2));
    RelayPeer a = stage.join("a", Offers.client(2));
    RelayPeer b = stage.join("b", Offers.client(2));
    stage.say(a, 1, 0, SPEECH);
    stage.say(b, 2, 0, SPEECH);
    Slot slotOfA = z.slots().forwarding(a);
    stage.pass(100);
    RelayPeer c = stage.join("c", Offers.client(2));
    stage.say(b, 2, 100, SPEECH);
    stage.say(c, 3, 100, SPEECH);
    assertThat(z.slots().forwarding(a)).as("c has taken the place of the silent a").isNull();
    assertThat(z.slots().forwarding(c)).isSameAs(slotOfA);
    assertThat(z.slots().forwarding(b)).isNotNull().isNotSameAs(slotOfA);
  }

  @Test
  void aSlotIsOneStreamAcrossSpeakers() {
    stage.join("z", Offers.client(1));
    RelayPeer a = stage.join("a", Offers.client(1));
    RelayPeer b = stage.join("b", Offers.client(1));
    stage.say(a, 1, 500, SPEECH);
    stage.pass(100);
    stage.say(b, 2, 9000, SPEECH);
    List<Stage.Heard> toZ =
        stage.heard.stream().filter(packet -> packet.to().value().equals("z")).toList();
    assertThat(toZ).hasSize(2);
    assertThat(toZ.get(1).ssrc()).isEqualTo(toZ.get(0).ssrc());
    assertThat(toZ.get(1).sequence()).isEqualTo(toZ.get(0).sequence() + 1);
    assertThat(toZ.get(1).timestamp() - toZ.get(0).timestamp()).isEqualTo(100 * 960);
    assertThat(toZ.get(1).marker()).isTrue();
    assertThat(toZ).extracting(Stage.Heard::csrc).containsExactly(0xAAAAAAAA, 0xBBBBBBBB);
  }

  @Test
  void twoDevicesOfOneContactDoNotHearEachOther() {
    RelayPeer phone = stage.join("phone", "a", Offers.client(2));
    RelayPeer laptop = stage.join("laptop", "a", Offers.client(2));
    stage.join("b", Offers.client(2));
    stage.say(phone, 1, 0, SPEECH);
    stage.say(laptop, 2, 0, SPEECH);
    assertThat(stage.takeHeard()).containsExactly("b<phone#0", "b<laptop#0");
  }

  @Test
  void manyDevicesOfOneContactLeaveRoomForOthers() {
    RelayPeer phone = stage.join("phone", "a", Offers.client(1));
    RelayPeer laptop = stage.join("laptop", "a", Offers.client(1));
    RelayPeer b = stage.join("b", Offers.client(1));
    stage.say(phone, 1, 0, SPEECH);
    stage.say(laptop, 2, 0, SPEECH);
    stage.takeHeard();
    stage.say(b, 3, 0, SPEECH + 10);
    assertThat(stage.takeHeard()).containsExactly("phone<b#0", "laptop<b#0");
  }

  @Test
  void aMutedPeerIsStoppedAtTheDoor() {
    RelayPeer a = stage.join("a", Offers.client(1));
    stage.join("b", Offers.client(1));
    List<String> recorded = record();
    stage.say(a, 1, 0, SPEECH);
    stage.say(a, 1, 1, SPEECH);
    stage.say(a, 1, 2, SPEECH);
    stage.say(a, 1, 3, SPEECH);
    stage.say(a, 1, 4, SPEECH);
    stage.call.mute(a.id(), true, stage.nowNs);
    stage.say(a, 1, 5, SPEECH);
    stage.say(a, 1, 6, SPEECH);
    assertThat(stage.takeHeard())
        .containsExactly(
            "b<a#0", "b<a#1", "b<a#2", "b<a#3", "b<a#4", "b<silence", "b<silence", "b<silence");
    assertThat(stage.takeTalking()).containsExactly("a+", "a-");
    assertThat(recorded)
        .containsExactly(
            "a joined",
            "b joined",
            "a 0",
            "a 1",
            "a 2",
            "a 3",
            "a 4",
            "a talks true",
            "a talks false",
            "a muted true");
    assertThat(a.uplink().dropped(Drop.MUTED)).isEqualTo(2);
    assertThat(a.uplink().packets()).isEqualTo(7);
  }

  @Test
  void whatWasMutedIsNoLossAfterwards() {
    RelayPeer a = stage.join("a", Offers.client(1));
    stage.join("b", Offers.client(1));
    stage.say(a, 1, 0, SPEECH);
    stage.call.mute(a.id(), true, stage.nowNs);
    for (int frame = 1; frame <= 50; frame++) {
      stage.pass(1);
      stage.say(a, 1, frame, SPEECH);
    }
    stage.call.mute(a.id(), false, stage.nowNs);
    stage.pass(1);
    stage.say(a, 1, 51, SPEECH);
    assertThat(stage.heard).hasSize(5);
    Stage.Heard before = stage.heard.getFirst();
    Stage.Heard after = stage.heard.getLast();
    // Between them, three frames of silence.
    assertThat(after.sequence()).isEqualTo(before.sequence() + 4);
    assertThat(after.timestamp() - before.timestamp()).isEqualTo(51 * 960);
    assertThat(a.uplink().stats().lost()).isZero();
  }

  @Test
  void aVoiceThatIsCutOffEndsInSilenceThatNoDecoderProlongs() {
    RelayPeer a = stage.join("a", Offers.client(1));
    stage.join("b", Offers.client(1));
    stage.call.mute(a.id(), true, stage.nowNs); // nothing was said yet: nothing to end
    stage.call.mute(a.id(), false, stage.nowNs);
    assertThat(stage.takeHeard()).isEmpty();
    stage.say(a, 1, 0, SPEECH);
    Stage.Heard last = stage.heard.getFirst();
    stage.call.mute(a.id(), true, stage.nowNs);
    for (int i = 1; i <= 3; i++) {
      Stage.Heard silence = stage.heard.get(i);
      assertThat(silence.payload()).isEqualTo("silence");
      assertThat(silence.ssrc()).isEqualTo(last.ssrc());
      assertThat(silence.sequence()).isEqualTo(last.sequence() + i);
      assertThat(silence.timestamp()).isEqualTo(last.timestamp() + i * 960);
      assertThat(silence.payloadType()).isEqualTo(last.payloadType());
    }
  }

  @Test
  void mayJoinMuted() {
    RelayPeer a =
        stage.call.offer(new PeerId("a"), Stage.info("a"), Offers.client(1), true, stage.nowNs);
    stage.join("b", Offers.client(1));
    stage.say(a, 1, 0, SPEECH);
    assertThat(stage.takeHeard()).isEmpty();
    assertThat(a.muted()).isTrue();
  }

  @Test
  void whoLeavesIsNeitherHeardNorSentAnything() {
    RelayPeer a = stage.join("a", Offers.client(1));
    RelayPeer b = stage.join("b", Offers.client(1));
    stage.say(a, 1, 0, SPEECH);
    stage.say(a, 1, 1, SPEECH);
    stage.say(a, 1, 2, SPEECH);
    stage.say(a, 1, 3, SPEECH);
    stage.say(a, 1, 4, SPEECH);
    stage.takeHeard();
    stage.call.leave(a.id(), "hung up", stage.nowNs);
    assertThat(stage.takeTalking()).containsExactly("a+", "a-");
    stage.say(a, 1, 5, SPEECH);
    stage.say(b, 2, 0, SPEECH);
    stage.pass(500);
    assertThat(stage.takeHeard()).containsExactly("b<silence", "b<silence", "b<silence");
    assertThat(stage.call.size()).isEqualTo(1);
    assertThat(stage.call.peer(a.id())).isNull();
    assertThat(stage.reports).allMatch(report -> report.to().equals(b.id()));
    assertThat(b.slots().at(0).source()).isNull();
    stage.call.leave(a.id(), "again", stage.nowNs); // crossing commands are no mistake
  }

  @Test
  void anotherOfferKeepsThePeerItsSlotsAndItsStreams() {
    RelayPeer a = stage.join("a", Offers.client(1));
    RelayPeer b = stage.join("b", Offers.client(2));
    stage.say(a, 1, 0, SPEECH);
    int ssrc = b.slots().at(0).ssrc();
    RelayPeer again = stage.call.offer(b.id(), b.info(), Offers.client(3), false, stage.nowNs);
    assertThat(again).isSameAs(b);
    assertThat(b.slots().size()).isEqualTo(3);
    assertThat(b.slots().at(0).ssrc()).isEqualTo(ssrc);
    stage.say(a, 1, 1, SPEECH);
    assertThat(stage.heard.get(1).sequence()).isEqualTo(stage.heard.get(0).sequence() + 1);
    stage.call.offer(b.id(), b.info(), Offers.client(0), false, stage.nowNs);
    stage.say(a, 1, 2, SPEECH);
    assertThat(stage.heard).hasSize(2);
  }

  @Test
  void anotherOfferMayBringAnotherSsrc() {
    RelayPeer a = stage.join("a", Offers.client(1));
    stage.join("b", Offers.client(1));
    List<String> recorded = record();
    stage.say(a, 1, 0, SPEECH);
    stage.call.offer(a.id(), a.info(), Offers.client(1), false, stage.nowNs);
    stage.say(a, 1, 1, SPEECH); // still from the old connection
    stage.say(a, 77, 5000, SPEECH);
    stage.say(a, 1, 2, SPEECH); // late
    stage.say(a, 77, 5001, SPEECH);
    assertThat(stage.takeHeard()).containsExactly("b<a#0", "b<a#1", "b<a#5000", "b<a#5001");
    assertThat(recorded)
        .containsSubsequence("a 0", "a restarted", "a 1", "a restarted", "a 5000", "a 5001");
    assertThat(a.uplink().dropped(Drop.SSRC)).isEqualTo(1);
  }

  @Test
  void aFloodOfSsrcsChangesNothing() {
    RelayPeer a = stage.join("a", Offers.client(1));
    stage.join("b", Offers.client(1));
    for (int i = 0; i < 100; i++) {
      stage.say(a, 1, i, SPEECH);
      for (int other = 0; other < 10; other++) {
        stage.say(a, 1000 + i * 10 + other, i, SPEECH);
      }
      stage.pass(1);
    }
    assertThat(stage.takeHeard()).hasSize(100);
    assertThat(a.uplink().dropped(Drop.SSRC)).isEqualTo(1000);
    assertThat(a.uplink().ssrc()).isEqualTo(1);
  }

  @Test
  void nobodySendsFasterThanAudioIs() {
    RelayPeer a = stage.join("a", Offers.client(1));
    stage.join("b", Offers.client(1));
    int frame = 0;
    for (int tick = 0; tick < 50; tick++) {
      for (int i = 0; i < 200; i++) {
        stage.say(a, 1, frame++, SPEECH);
      }
      stage.pass(1);
    }
    // What may come at once, and ten packets in each 20 ms after it.
    assertThat(stage.takeHeard()).hasSizeBetween(600, 700);
    assertThat(a.uplink().dropped(Drop.FLOOD)).isGreaterThan(9_000);
  }

  @Test
  void aBurstThatTheNetworkHeldUpPasses() {
    RelayPeer a = stage.join("a", Offers.client(1));
    stage.join("b", Offers.client(1));
    stage.say(a, 1, 0, SPEECH);
    stage.pass(150);
    for (int i = 1; i <= 150; i++) {
      stage.say(a, 1, i, SPEECH);
    }
    assertThat(stage.takeHeard()).hasSize(151);
  }

  @Test
  void aNewSsrcTakesOverWhenTheOldOneIsSilentOrSaysGoodBye() {
    RelayPeer a = stage.join("a", Offers.client(1));
    stage.join("b", Offers.client(1));
    stage.say(a, 1, 0, SPEECH);
    stage.pass(30);
    stage.say(a, 2, 0, SPEECH);
    assertThat(a.uplink().ssrc()).isEqualTo(2);
    stage.call.onRtcp(a, rtcp().bye(2).buffer, stage.nowNs);
    stage.say(a, 3, 0, SPEECH);
    assertThat(a.uplink().ssrc()).isEqualTo(3);
    assertThat(stage.call.size()).as("a stream's good bye is not the peer's").isEqualTo(2);
  }

  @Test
  void dropsWhatWasNotAgreedTo() {
    RelayPeer a = stage.join("a", Offers.client(1));
    RelayPeer listener =
        stage.join("l", Offers.parsed(Offers.clientSdp(1, 111, 1).replace("sendrecv", "recvonly")));
    stage.say(a, 1, 0, 63, SPEECH, "red");
    stage.say(listener, 2, 0, SPEECH);
    stage.call.onRtp(a, new PacketBuffer(), stage.nowNs);
    stage.say(a, 1, 1, 111, SPEECH, "x".repeat(Uplink.MAX_PAYLOAD_BYTES));
    assertThat(stage.takeHeard()).isEmpty();
    assertThat(a.uplink().dropped(Drop.PAYLOAD_TYPE)).isEqualTo(1);
    assertThat(a.uplink().dropped(Drop.HEADER)).isEqualTo(1);
    assertThat(a.uplink().dropped(Drop.PAYLOAD_SIZE)).isEqualTo(1);
    assertThat(listener.uplink().dropped(Drop.NO_MICROPHONE)).isEqualTo(1);
  }

  @Test
  void tellsWhoTalks() {
    RelayPeer a = stage.join("a", Offers.client(1));
    stage.join("b", Offers.client(1));
    for (int frame = 0; frame < 200; frame++) {
      stage.say(a, 1, frame, frame < 50 || frame >= 100 ? SPEECH : QUIET);
      stage.pass(1);
    }
    assertThat(stage.takeTalking()).containsExactly("a+", "a-", "a+");
    stage.pass(100); // the network is gone
    assertThat(stage.takeTalking()).containsExactly("a-");
  }

  @Test
  void theFloorIsKeptApartFromTalking() {
    RelayPeer a = stage.join("a", Offers.client(1));
    RelayPeer b = stage.join("b", Offers.client(1));
    for (int frame = 0; frame < 200; frame++) {
      stage.say(a, 1, frame, 25 + frame % 7);
      stage.say(b, 2, frame, frame % 50 < 5 ? SPEECH : 90); // says "yes" now and then
      stage.pass(1);
    }
    assertThat(stage.takeTalking()).contains("a+", "b+", "b-");
    assertThat(stage.floor).containsExactly(a.info().contact());
  }

  @Test
  void aNewSinkLearnsWhoIsThere() {
    RelayPeer a = stage.join("a", Offers.client(1));
    RelayPeer b = stage.join("b", Offers.client(1));
    stage.call.mute(b.id(), true, stage.nowNs);
    stage.say(a, 1, 0, SPEECH);
    stage.say(a, 1, 1, SPEECH);
    stage.say(a, 1, 2, SPEECH);
    stage.say(a, 1, 3, SPEECH);
    stage.say(a, 1, 4, SPEECH);
    List<String> recorded = record();
    assertThat(recorded).containsExactly("a joined", "a talks true", "b joined muted");
    stage.call.leave(a.id(), "bye", stage.nowNs);
    assertThat(recorded).endsWith("a talks false", "a left bye");
    stage.call.sink(RtpSink.NONE, stage.nowNs);
    stage.call.leave(b.id(), "bye", stage.nowNs);
    assertThat(recorded).endsWith("a left bye");
  }

  @Test
  void theSinkLearnsTheSendersClock() {
    RelayPeer a = stage.join("a", Offers.client(1));
    stage.say(a, 1, 0, SPEECH);
    List<String> recorded = record();
    stage.call.onRtcp(a, rtcp().senderReport(1, 0x1234L << 32, 960).buffer, stage.nowNs);
    stage.call.onRtcp(a, rtcp().senderReport(2, 0x5678L << 32, 960).buffer, stage.nowNs);
    stage.call.mute(a.id(), true, stage.nowNs);
    stage.call.onRtcp(a, rtcp().senderReport(1, 0x9999L << 32, 960).buffer, stage.nowNs);
    assertThat(recorded).containsExactly("a joined", "a clock 1234 960", "a muted true");
  }

  @Test
  void reportsTellTheTimeOfASlotAndTheLossOfTheUplink() {
    RelayPeer a = stage.join("a", Offers.client(1));
    RelayPeer b = stage.join("b", Offers.client(1));
    int lastFrame = 0;
    stage.call.onRtcp(a, rtcp().senderReport(1, 5, 5).buffer, stage.nowNs); // before its stream
    for (int frame = 0; frame < 200; frame++) {
      if (frame % 4 != 3) {
        stage.say(a, 1, frame, SPEECH);
        lastFrame = frame;
      }
      stage.say(b, 2, frame, QUIET);
      if (frame == 10) {
        stage.call.onRtcp(a, rtcp().senderReport(1, 0xABCD1234L << 16, 5).buffer, stage.nowNs);
      }
      stage.pass(1);
    }
    Stage.Heard newest =
        stage.heard.stream()
            .filter(packet -> packet.to().equals(b.id()))
            .reduce((first, second) -> second)
            .orElseThrow();
    List<Stage.Reported> toB =
        stage.reports.stream().filter(report -> report.to().equals(b.id())).toList();
    assertThat(toB).hasSizeBetween(1, 4);
    RtcpReader reader = new RtcpReader();
    reader.wrap(toB.getLast().packet());
    assertThat(reader.next()).isTrue();
    assertThat(reader.type()).isEqualTo(Rtcp.SENDER_REPORT);
    assertThat(reader.ssrc()).isEqualTo(newest.ssrc());
    // The pair of NTP and RTP time lies on the line of the packets.
    long reportNs = nanosSinceUnixEpoch(reader.ntp());
    long behindNewest = RtpTime.ticks(reportNs - lastFrame * Stage.FRAME_NS, 48_000);
    assertThat((long) (reader.rtpTimestamp() - newest.timestamp()))
        .isCloseTo(behindNewest, within(2L));
    assertThat(reader.blocks()).isEqualTo(1);
    assertThat(reader.blockSsrc(0)).isEqualTo(2);
    assertThat(reader.fractionLost(0)).isZero();
    assertThat(reader.next()).isTrue();
    assertThat(reader.cname()).isEqualTo(b.cname());

    reader.wrap(
        stage.reports.stream()
            .filter(report -> report.to().equals(a.id()))
            .reduce((first, second) -> second)
            .orElseThrow()
            .packet());
    assertThat(reader.next()).isTrue();
    assertThat(reader.blockSsrc(0)).isEqualTo(1);
    assertThat(reader.fractionLost(0)).isBetween(55, 70); // a quarter of 256
    assertThat(reader.cumulativeLost(0)).isPositive();
    assertThat(reader.lastSenderReport(0)).isEqualTo(0xABCD1234);
    assertThat(reader.delaySinceLastSenderReport(0)).isPositive();
  }

  @Test
  void aPeerThatHearsNothingIsToldAboutItsUplinkStill() {
    RelayPeer a = stage.join("a", Offers.parsed(Offers.clientSdp(0, 111, 1)));
    for (int frame = 0; frame < 200; frame++) {
      stage.say(a, 1, frame, SPEECH);
      stage.pass(1);
    }
    RtcpReader reader = new RtcpReader();
    reader.wrap(stage.reports.getFirst().packet());
    assertThat(reader.next()).isTrue();
    assertThat(reader.type()).isEqualTo(Rtcp.RECEIVER_REPORT);
    assertThat(reader.blockSsrc(0)).isEqualTo(1);
  }

  @Test
  void nothingIsReportedWhereNothingFlows() {
    stage.join("a", Offers.client(3));
    stage.pass(1000);
    assertThat(stage.reports).isEmpty();
  }

  @Test
  void manySlotsAreReportedInSeveralPackets() {
    Stage many = new Stage(20);
    RelayPeer receiver = many.join("z", Offers.client(20));
    List<RelayPeer> speakers = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      speakers.add(
          many.join(
              "p" + i, Character.toString('a' + i), Offers.parsed(Offers.clientSdp(0, 111, 1))));
    }
    for (int frame = 0; frame < 200; frame++) {
      for (RelayPeer speaker : speakers) {
        many.say(speaker, 1, frame, SPEECH);
      }
      many.pass(1);
    }
    List<Integer> reported = new ArrayList<>();
    RtcpReader reader = new RtcpReader();
    for (Stage.Reported report : many.reports) {
      assertThat(report.packet().length).isLessThan(1200);
      reader.wrap(report.packet());
      while (reader.next()) {
        if (report.to().equals(receiver.id()) && reader.type() == Rtcp.SENDER_REPORT) {
          reported.add(reader.ssrc());
        }
      }
    }
    for (int i = 0; i < 20; i++) {
      assertThat(reported).contains(receiver.slots().at(i).ssrc());
    }
  }

  @Test
  void keepsWhatReceiversReport() {
    RelayPeer a = stage.join("a", Offers.client(1));
    RelayPeer b = stage.join("b", Offers.client(1));
    for (int frame = 0; frame < 200; frame++) {
      stage.say(a, 1, frame, SPEECH);
      stage.pass(1);
    }
    RtcpReader reader = new RtcpReader();
    Slot slot = b.slots().at(0);
    int lastReport = 0;
    for (Stage.Reported report : stage.reports) {
      reader.wrap(report.packet());
      if (report.to().equals(b.id()) && reader.next()) {
        lastReport = RtpTime.compactNtp(reader.ntp());
      }
    }
    assertThat(slot.remoteRttNs()).isEqualTo(-1);
    var report = rtcp();
    new RtcpWriter(report.buffer)
        .receiverReport(2)
        .block(999, 1, 1, 1, 1, 1, 1) // not ours
        .block(slot.ssrc(), 25, 7, 1234, 480, 0, 0);
    stage.call.onRtcp(b, report.buffer, stage.nowNs);
    assertThat(slot.remoteFractionLost()).isEqualTo(25);
    assertThat(slot.remoteCumulativeLost()).isEqualTo(7);
    assertThat(slot.remoteJitter()).isEqualTo(480);
    assertThat(slot.remoteRttNs()).isEqualTo(-1);
    new RtcpWriter(report.buffer)
        .receiverReport(2)
        .block(slot.ssrc(), 25, 7, 1234, 480, lastReport, 0);
    stage.call.onRtcp(b, report.buffer, stage.nowNs);
    assertThat(slot.remoteRttNs()).isBetween(0L, 4_000_000_000L);
  }

  /** The stage's call was created at the epoch, and its clock begins with its first report. */
  private static long nanosSinceUnixEpoch(long ntp) {
    return ((ntp >>> 32) - 2_208_988_800L) * 1_000_000_000L
        + ((ntp & 0xFFFF_FFFFL) * 1_000_000_000L >>> 32);
  }

  private static int levelIn(Stage.Heard packet, int id) {
    RtpPacket view = new RtpPacket();
    view.wrap(packet.bytes(), 0, packet.bytes().length);
    return AudioLevel.read(view, id);
  }

  /** A report being written. */
  private record Report(PacketBuffer buffer) {
    Report bye(int ssrc) {
      new RtcpWriter(buffer).receiverReport(ssrc).bye(ssrc);
      return this;
    }

    Report senderReport(int ssrc, long ntp, int timestamp) {
      new RtcpWriter(buffer)
          .senderReport(ssrc, ntp, timestamp, 1, 1)
          .cname(ssrc, "x".getBytes(StandardCharsets.US_ASCII));
      return this;
    }
  }

  @Test
  void keepsFromTheRecordingWhatIsMaskedAndFromNobodyElse() {
    RelayPeer a = stage.join("a", Offers.client(1));
    RelayPeer b = stage.join("b", Offers.client(1));
    List<String> told = record();
    stage.say(a, 7, 1, 20);
    stage.call.mask(a.info().contact(), true, "card number", stage.nowNs);
    told.clear();
    stage.takeHeard();

    stage.say(a, 7, 2, 20);
    stage.say(b, 8, 1, 20);
    assertThat(told).contains("b 1").doesNotContain("a 2");
    assertThat(stage.takeHeard()).contains("b<a#2");

    told.clear();
    stage.call.mask(a.info().contact(), false, "", stage.nowNs);
    stage.say(a, 7, 2, 20); // repaired, or late: it was said under the mask
    stage.say(a, 7, 3, 20);
    assertThat(told).containsExactly("a unmasked", "a 3");
  }

  @Test
  void masksWhoComesWhileEverybodyIsMaskedAndTellsALaterRecording() {
    stage.call.mask("", true, "a break", stage.nowNs);
    RelayPeer a = stage.join("a", Offers.client(1));
    List<String> told = record();
    stage.say(a, 7, 1, 20);
    stage.join("b", Offers.client(1));
    assertThat(told)
        .contains("a joined", "a masked: a break", "b joined", "b masked: a break")
        .doesNotContain("a 1");

    stage.call.mask(a.info().contact(), true, "not agreed", stage.nowNs);
    told.clear();
    stage.call.mask("", false, "", stage.nowNs);
    assertThat(told).containsExactly("b unmasked");
  }

  private static Report rtcp() {
    return new Report(new PacketBuffer());
  }

  /** Attaches a sink that writes down what it is told. */
  private List<String> record() {
    List<String> told = new ArrayList<>();
    stage.call.sink(
        new RtpSink() {
          @Override
          public void rtp(PeerId peer, int seq, int ts, byte[] data, int at, int length, long ns) {
            assertThat(data[at]).isEqualTo((byte) 8);
            told.add(peer + " " + seq);
          }

          @Override
          public void senderReport(PeerId peer, long ntp, int timestamp, long nowNs) {
            told.add(peer + " clock " + Long.toHexString(ntp >>> 32) + " " + timestamp);
          }

          @Override
          public void mark(PeerId peer, Mark mark, long nowNs) {
            told.add(
                peer
                    + switch (mark) {
                      case Mark.Joined(PeerInfo info, boolean muted) ->
                          " joined" + (muted ? " muted" : "");
                      case Mark.Muted(boolean muted) -> " muted " + muted;
                      case Mark.Masked(boolean masked, String why) ->
                          masked ? " masked: " + why : " unmasked";
                      case Mark.Talking(boolean talking) -> " talks " + talking;
                      case Mark.Restarted() -> " restarted";
                      case Mark.Left(String reason) -> " left " + reason;
                    });
          }
        },
        stage.nowNs);
    return told;
  }
}
