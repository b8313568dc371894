package parley.relay.call;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import parley.relay.api.IceCandidate;
import parley.relay.api.PeerId;
import parley.relay.mix.Telephone;
import parley.relay.rtp.AudioCodec;

/** Clients that know no Opus, only G.711. */
class TelephoneCallTest {

  private static final int SECOND = 48_000;

  private static final String OFFER =
      "v=0\r\no=- 1 1 IN IP4 0.0.0.0\r\ns=-\r\nt=0 0\r\n"
          + "a=ice-ufrag:abcd\r\na=ice-pwd:abcdefghijklmnopqrstuvwx\r\na=setup:actpass\r\n"
          + "a=fingerprint:"
          + Offers.FINGERPRINT
          + "\r\n"
          + "m=audio 9 UDP/TLS/RTP/SAVPF 0 8\r\n"
          + "c=IN IP4 0.0.0.0\r\n"
          + "a=sendrecv\r\n"
          + "a=rtcp-mux\r\n";

  private final MixStage stage = new MixStage();

  private MixStage.Client telephone(String name, double hertz) {
    MixStage.Client client = stage.join(name, hertz, Offers.parsed(OFFER));
    client.telephone = new Telephone(AudioCodec.PCMU, hertz);
    client.levels = false;
    return client;
  }

  @Test
  void isAnsweredWithWhatItKnows() {
    SdpOffer offer = Offers.parsed(OFFER);
    MixStage.Client client = telephone("a", 440);

    String answer =
        SdpAnswer.write(
            offer,
            client.peer,
            new LocalMedia(
                "ufrag",
                "password",
                "sha-256 AB",
                List.of(new IceCandidate("candidate:1 1 udp 1 192.0.2.1 20000 typ host", 0))));

    assertThat(answer)
        .contains("m=audio 20000 UDP/TLS/RTP/SAVPF 0\r\n")
        .contains("a=rtpmap:0 PCMU/8000\r\n")
        .contains("a=ptime:20\r\n")
        .contains("a=ssrc:")
        .doesNotContain("opus");
  }

  @Test
  void opusIsTakenWhereBothAreOffered() {
    SdpOffer offer =
        Offers.parsed(
            OFFER.replace("SAVPF 0 8", "SAVPF 0 8 111") + "a=rtpmap:111 opus/48000/2\r\n");

    assertThat(Offers.microphone(offer).codec()).isEqualTo(AudioCodec.OPUS);
    assertThat(Offers.microphone(offer).payloadType()).isEqualTo(111);
  }

  @Test
  void theKindOfG711IsTheOneTheClientLikesBetter() {
    assertThat(Offers.microphone(Offers.parsed(OFFER.replace(" 0 8", " 8 0"))).codec())
        .isEqualTo(AudioCodec.PCMA);
  }

  @Test
  void hearsAndIsHeardInACallOfTwo() {
    MixStage.Client phone = telephone("a", 440);
    MixStage.Client other = stage.join("b", 1010);
    phone.loudness = 0.2;
    other.loudness = 0.2;
    stage.pass(150);

    assertThat(phone.payloadType).isZero();
    assertThat(phone.jumps).isEmpty();
    assertThat(phone.sound.amplitude(1010, SECOND)).isBetween(0.18, 0.22);
    assertThat(phone.sound.amplitude(440, SECOND)).isLessThan(0.002);
    assertThat(other.payloadType).isEqualTo(111);
    assertThat(other.sound.amplitude(440, SECOND)).isBetween(0.15, 0.25);
    assertThat(stage.talking).contains("a+", "b+");
  }

  @Test
  void twoTelephonesHearEachOther() {
    MixStage.Client one = telephone("a", 440);
    MixStage.Client two = telephone("b", 1010);
    one.loudness = 0.2;
    two.loudness = 0.2;
    stage.pass(150);

    assertThat(one.sound.amplitude(1010, SECOND)).isBetween(0.15, 0.25);
    assertThat(two.sound.amplitude(440, SECOND)).isBetween(0.15, 0.25);
  }

  @Test
  void hearsAllInAGroupAndIsInTheirMix() {
    MixStage.Client phone = telephone("a", 440);
    MixStage.Client bob = stage.join("b", 1010);
    MixStage.Client carol = stage.join("c", 1730);
    MixStage.Client sections = stage.join("d", 600, Offers.client(3));
    phone.loudness = 0.2;
    bob.loudness = 0.2;
    carol.loudness = 0.2;
    stage.pass(150);

    assertThat(phone.sound.amplitude(1010, SECOND)).isBetween(0.17, 0.22);
    assertThat(phone.sound.amplitude(1730, SECOND)).isBetween(0.17, 0.22);
    assertThat(bob.sound.amplitude(440, SECOND)).isBetween(0.15, 0.25);
    assertThat(sections.sound.count()).isGreaterThan(SECOND);
  }

  @Test
  void hearsSilenceWithoutAPause() {
    MixStage.Client phone = telephone("a", 440);
    stage.join("b", 1010);
    stage.pass(100);

    assertThat(phone.packets).isGreaterThan(95);
    assertThat(phone.sound.rms(SECOND, SECOND / 2)).isLessThan(0.001);
  }

  @Test
  void isRecordedAsOpus() {
    List<Integer> lengths = new ArrayList<>();
    List<Integer> times = new ArrayList<>();
    MixStage.Client phone = telephone("a", 440);
    stage.join("b", 1010);
    stage.call.sink(
        new RtpSink() {
          @Override
          public void rtp(
              PeerId peer,
              int sequence,
              int timestamp,
              byte[] payload,
              int offset,
              int length,
              long nowNs) {
            if (peer.equals(phone.peer.id())) {
              lengths.add(length);
              times.add(timestamp);
            }
          }

          @Override
          public void senderReport(PeerId peer, long ntp, int timestamp, long nowNs) {}

          @Override
          public void mark(PeerId peer, Mark mark, long nowNs) {}
        },
        stage.nowNs);
    phone.loudness = 0.2;
    stage.pass(50);

    assertThat(lengths).hasSize(50).allSatisfy(length -> assertThat(length).isLessThan(120));
    assertThat(times.getLast() - times.getFirst()).isEqualTo(49 * 960);
  }

  @Test
  void aPacketOfAnOddLengthIsDropped() {
    MixStage.Client phone = telephone("a", 440);
    phone.telephone = null; // it sends Opus under the number of G.711
    phone.loudness = 0.2;
    stage.pass(10);

    assertThat(phone.peer.uplink().dropped(Drop.PAYLOAD_TYPE)).isEqualTo(10);
  }
}
