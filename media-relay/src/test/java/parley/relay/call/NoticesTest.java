package parley.relay.call;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import parley.relay.api.PeerId;
import parley.relay.api.RecordingNote;
import parley.relay.mix.Announcement;
import parley.relay.opus.OpusDecoder;
import parley.relay.rtp.AudioCodec;
import parley.relay.rtp.RtcpWriter;
import parley.relay.srtp.PacketBuffer;

class NoticesTest {

  private static final int SPEECH = 20;

  /** 0.5 s until it begins. */
  private static final int DELAY_FRAMES = 25;

  private final Announcement tone = Announcement.tone();
  private final Stage stage = new Stage(3);
  private final List<RecordingNote> notes = new ArrayList<>();

  @BeforeEach
  void record() {
    stage.call.sink(
        new RtpSink() {
          @Override
          public void rtp(PeerId peer, int seq, int ts, byte[] data, int at, int length, long ns) {}

          @Override
          public void senderReport(PeerId peer, long ntp, int timestamp, long nowNs) {}

          @Override
          public void mark(PeerId peer, Mark mark, long nowNs) {}

          @Override
          public void note(RecordingNote note, long nowNs) {
            notes.add(note);
          }
        },
        stage.nowNs);
    stage.call.announce(tone, stage.nowNs);
  }

  private List<Stage.Heard> heardBy(String name) {
    return stage.heard.stream().filter(packet -> packet.to().value().equals(name)).toList();
  }

  private void reports(RelayPeer peer, int ssrc, int highest, int lost) {
    var buffer = new PacketBuffer();
    new RtcpWriter(buffer)
        .receiverReport(9)
        .block(ssrc, 0, lost, highest, 0, 0, 0)
        .cname(9, "x".getBytes(StandardCharsets.US_ASCII));
    stage.call.onRtcp(peer, buffer, stage.nowNs);
  }

  @Test
  void isHeardByEverybodyFromTheBeginningToTheEndInOneStream() {
    stage.join("a", Offers.client(2));
    stage.join("b", Offers.client(1));
    stage.pass(DELAY_FRAMES + tone.frames() + 5);

    for (String name : List.of("a", "b")) {
      List<Stage.Heard> heard = heardBy(name);
      assertThat(heard).hasSize(tone.frames());
      for (int i = 1; i < heard.size(); i++) {
        assertThat(heard.get(i).sequence()).isEqualTo(heard.get(i - 1).sequence() + 1 & 0xFFFF);
        assertThat(heard.get(i).timestamp()).isEqualTo(heard.get(i - 1).timestamp() + 960);
        assertThat(heard.get(i).ssrc()).isEqualTo(heard.getFirst().ssrc());
      }
      assertThat(heard.getFirst().marker()).isTrue();
    }
    assertThat(notes)
        .extracting(RecordingNote::what)
        .containsExactly("notice_played", "notice_played");
    assertThat(notes.getFirst().figures()).containsEntry("packets", (long) tone.frames());
  }

  @Test
  void isATone() {
    var decoder = new OpusDecoder(48_000);
    float[] pcm = new float[OpusDecoder.MAX_SAMPLES];
    double power = 0;
    double crossings = 0;
    float before = 0;
    int samples = 0;
    for (int i = 0; i < 15; i++) { // the first beep
      byte[] frame = tone.frame(AudioCodec.OPUS, i);
      int count = decoder.decode(frame, 0, frame.length, pcm);
      for (int s = 0; s < count; s++) {
        power += pcm[s] * pcm[s];
        crossings += before < 0 && pcm[s] >= 0 ? 1 : 0;
        before = pcm[s];
      }
      samples += count;
    }
    assertThat(Math.sqrt(power / samples)).isBetween(0.1, 0.25);
    assertThat(crossings * 48_000 / samples).isBetween(950.0, 1050.0);
  }

  @Test
  void isHeardByWhoeverComesLater() {
    stage.join("a", Offers.client(1));
    stage.pass(500);
    stage.heard.clear();
    stage.join("b", Offers.client(1));
    stage.pass(200);

    assertThat(heardBy("b")).hasSize(tone.frames());
    assertThat(heardBy("a")).isEmpty();
  }

  @Test
  void takesTheOnlySlotFromWhoeverSpeaksAndGivesItBack() {
    RelayPeer a = stage.join("a", Offers.client(1));
    stage.join("b", Offers.client(1));
    int frame = 0;
    for (; frame < DELAY_FRAMES + tone.frames() + 20; frame++) {
      stage.say(a, 7, frame, SPEECH);
      stage.pass(1);
    }
    List<Stage.Heard> heard = heardBy("b");
    assertThat(heard)
        .filteredOn(packet -> packet.payload().startsWith("a#"))
        .hasSizeBetween(40, 48);
    assertThat(heard.getLast().payload()).isEqualTo("a#" + (frame - 1));
    for (int i = 1; i < heard.size(); i++) {
      assertThat(heard.get(i).sequence()).isEqualTo(heard.get(i - 1).sequence() + 1 & 0xFFFF);
      assertThat(heard.get(i).timestamp() - heard.get(i - 1).timestamp()).isPositive();
    }
  }

  @Test
  void usesAFreeSlotWhereThereIsOne() {
    RelayPeer a = stage.join("a", Offers.client(1));
    stage.join("b", Offers.client(3));
    for (int frame = 0; frame < 60; frame++) {
      stage.say(a, 7, frame, SPEECH);
      stage.pass(1);
    }
    assertThat(heardBy("b")).filteredOn(packet -> packet.payload().startsWith("a#")).hasSize(60);
    assertThat(heardBy("b").size()).isGreaterThan(80);
  }

  @Test
  void isProvedByTheClientsReport() {
    RelayPeer a = stage.join("a", Offers.client(1));
    stage.pass(DELAY_FRAMES + tone.frames() + 5);
    int ssrc = stage.heard.getLast().ssrc();
    int last = stage.heard.getLast().sequence();

    reports(a, ssrc, last - 1, 0);
    stage.pass(1);
    assertThat(notes).hasSize(1);
    reports(a, ssrc, last, 2);
    stage.pass(1);

    assertThat(notes).hasSize(2);
    RecordingNote proof = notes.getLast();
    assertThat(proof.what()).isEqualTo("notice_confirmed");
    assertThat(proof.contact()).isEqualTo(a.info().contact());
    assertThat(proof.peer()).isEqualTo("a");
    assertThat(proof.figures())
        .containsEntry("last_sequence", (long) last)
        .containsEntry("reported_highest", (long) last)
        .containsEntry("reported_lost", 2L);
  }

  @Test
  void saysSoWhenNoReportComes() {
    stage.join("a", Offers.client(1));
    stage.pass(DELAY_FRAMES + tone.frames() + 605);
    assertThat(notes)
        .extracting(RecordingNote::what)
        .containsExactly("notice_played", "notice_unconfirmed");
  }

  @Test
  void saysSoWhenSomebodyLeavesBeforeItsEnd() {
    RelayPeer a = stage.join("a", Offers.client(1));
    stage.pass(DELAY_FRAMES + 10);
    stage.call.leave(a.id(), "bye", stage.nowNs);
    assertThat(notes).extracting(RecordingNote::what).containsExactly("notice_broken_off");
    stage.pass(100);
    assertThat(heardBy("a").size()).isLessThan(15);
  }

  @Test
  void endsWithTheRecordingAndComesAgainWithTheNext() {
    stage.join("a", Offers.client(1));
    stage.pass(DELAY_FRAMES + 10);
    stage.call.announce(null, stage.nowNs);
    int heard = stage.heard.size();
    stage.pass(100);
    assertThat(stage.heard).hasSize(heard);
    stage.call.announce(tone, stage.nowNs);
    stage.pass(200);
    assertThat(stage.heard).hasSize(heard + tone.frames());
  }
}
