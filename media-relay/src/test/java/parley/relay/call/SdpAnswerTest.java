package parley.relay.call;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import parley.relay.api.IceCandidate;
import parley.relay.api.PeerId;
import parley.relay.api.PeerInfo;

/**
 * Chromium 156 and Firefox 153 accepted these answers to these offers by {@code
 * setRemoteDescription}, a second round with an ICE restart included.
 */
class SdpAnswerTest {

  private static final LocalMedia LOCAL =
      new LocalMedia(
          "uuuu",
          "pppppppppppppppppppppppp",
          Offers.FINGERPRINT,
          List.of(
              new IceCandidate("candidate:1 1 udp 2130706431 192.0.2.1 40000 typ host", 0),
              new IceCandidate("candidate:2 1 udp 2130706175 2001:db8::1 40000 typ host", 0)));

  @Test
  void answersChromiumsFiveSections() {
    SdpOffer offer = Offers.parsed(Offers.recorded("chromium-five-sections"));
    RelayPeer peer = peer(offer);
    String answer = SdpAnswer.write(offer, peer, LOCAL);
    assertThat(session(answer))
        .startsWith("v=0")
        .contains("s=-", "t=0 0", "a=group:BUNDLE 0 1 2 3 4", "a=ice-lite");
    List<List<String>> sections = sections(answer);
    assertThat(sections).hasSize(5);
    String ssrc = Integer.toUnsignedString(peer.slots().at(0).ssrc());
    assertThat(sections.getFirst())
        .containsExactly(
            "m=audio 40000 UDP/TLS/RTP/SAVPF 63 111",
            "c=IN IP4 192.0.2.1",
            "a=mid:0",
            "a=sendrecv",
            "a=rtcp-mux",
            "a=ice-ufrag:uuuu",
            "a=ice-pwd:pppppppppppppppppppppppp",
            "a=fingerprint:" + Offers.FINGERPRINT,
            "a=setup:passive",
            "a=rtpmap:111 opus/48000/2",
            "a=fmtp:111 minptime=10;useinbandfec=1",
            "a=rtpmap:63 red/48000/2",
            "a=fmtp:63 111/111",
            "a=rtcp-fb:111 transport-cc",
            "a=extmap:3"
                + " http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01",
            "a=extmap:1 urn:ietf:params:rtp-hdrext:ssrc-audio-level",
            "a=extmap:4 urn:ietf:params:rtp-hdrext:sdes:mid",
            "a=candidate:1 1 udp 2130706431 192.0.2.1 40000 typ host",
            "a=candidate:2 1 udp 2130706175 2001:db8::1 40000 typ host",
            "a=end-of-candidates",
            "a=msid:parley-0 audio-0",
            "a=ssrc:" + ssrc + " cname:" + peer.cname(),
            "a=ssrc:" + ssrc + " msid:parley-0 audio-0");
    assertThat(sections.get(3))
        .contains("a=mid:3", "a=sendonly", "a=msid:parley-3 audio-3", "a=ice-ufrag:uuuu");
  }

  @Test
  void namesTheCandidatesInEverySectionForClientsThatReadThemInTheLast() {
    SdpOffer offer = Offers.parsed(Offers.recorded("chromium-five-sections"));
    assertThat(sections(SdpAnswer.write(offer, peer(offer), LOCAL)))
        .allSatisfy(
            section ->
                assertThat(section)
                    .containsSubsequence(
                        "a=candidate:1 1 udp 2130706431 192.0.2.1 40000 typ host",
                        "a=candidate:2 1 udp 2130706175 2001:db8::1 40000 typ host",
                        "a=end-of-candidates"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"firefox-five-sections", "firefox-one-section", "chromium-one-section"})
  void everyReceivingSectionHasAStreamOfItsOwn(String name) {
    SdpOffer offer = Offers.parsed(Offers.recorded(name));
    List<List<String>> sections = sections(SdpAnswer.write(offer, peer(offer), LOCAL));
    assertThat(sections).hasSameSizeAs(offer.sections());
    assertThat(sections.stream().flatMap(List::stream).filter(l -> l.startsWith("a=msid:")))
        .hasSameSizeAs(offer.sections())
        .doesNotHaveDuplicates();
    assertThat(sections.stream().flatMap(List::stream).filter(l -> l.contains(" cname:")))
        .hasSameSizeAs(offer.sections())
        .doesNotHaveDuplicates();
  }

  @Test
  void rejectsTheOldDataSectionAsItWasWritten() {
    SdpOffer offer = Offers.parsed(Offers.recorded("native-audio-and-old-data"));
    String answer = SdpAnswer.write(offer, peer(offer), LOCAL);
    assertThat(session(answer)).contains("a=group:BUNDLE audio");
    List<List<String>> sections = sections(answer);
    assertThat(sections.get(0))
        .startsWith("m=audio 40000 UDP/TLS/RTP/SAVPF 111")
        .contains("a=sendrecv")
        .anyMatch(line -> line.matches("a=ssrc:\\d+ cname:\\S+"))
        .anyMatch(line -> line.matches("a=ssrc:\\d+ msid:\\S+ \\S+"))
        .noneMatch(line -> line.startsWith("a=extmap"));
    assertThat(sections.get(1)).startsWith("m=application 0 DTLS/SCTP 5000").contains("a=mid:data");
  }

  @ParameterizedTest
  @ValueSource(strings = {"chromium-video-audio-data", "firefox-video-audio-data"})
  void rejectsVideoAndDataAndBundlesTheRest(String name) {
    SdpOffer offer = Offers.parsed(Offers.recorded(name));
    String answer = SdpAnswer.write(offer, peer(offer), LOCAL);
    List<List<String>> sections = sections(answer);
    for (int i = 0; i < sections.size(); i++) {
      boolean audio = offer.sections().get(i).media().equals("audio");
      assertThat(sections.get(i).getFirst()).contains(audio ? " 40000 " : " 0 ");
      assertThat(sections.get(i).contains("a=end-of-candidates")).isEqualTo(audio);
    }
    assertThat(session(answer))
        .contains(
            "a=group:BUNDLE "
                + String.join(
                    " ",
                    offer.sections().stream()
                        .filter(SdpSection::accepted)
                        .map(SdpSection::mid)
                        .toList()));
  }

  @Test
  void mirrorsDirections() {
    SdpOffer offer =
        Offers.parsed(Offers.clientSdp(4, 111, 1).replaceFirst("sendrecv", "sendonly"));
    assertThat(directions(offer))
        .containsExactly("a=recvonly", "a=sendonly", "a=sendonly", "a=sendonly");
    assertThat(
            directions(Offers.parsed(Offers.clientSdp(3, 111, 1).replace("recvonly", "sendrecv"))))
        .as("one microphone is enough")
        .containsExactly("a=sendrecv", "a=sendonly", "a=sendonly");
    assertThat(
            directions(Offers.parsed(Offers.clientSdp(2, 111, 1).replace("recvonly", "inactive"))))
        .containsExactly("a=sendrecv", "a=inactive");
  }

  @Test
  void namesNoStreamWhereItSendsNone() {
    SdpOffer offer = Offers.parsed(Offers.clientSdp(0, 111, 1));
    assertThat(SdpAnswer.write(offer, peer(offer), LOCAL))
        .contains("a=recvonly")
        .doesNotContain("a=ssrc:", "a=msid:");
  }

  @Test
  void mirrorsTheDirectionOfExtensions() {
    String uri = "urn:ietf:params:rtp-hdrext:ssrc-audio-level";
    String sdp = Offers.clientSdp(1, 111, 7);
    assertThat(answer(sdp.replace("extmap:7", "extmap:7/sendonly")))
        .contains("a=extmap:7/recvonly " + uri);
    assertThat(answer(sdp.replace("extmap:7", "extmap:7/recvonly")))
        .contains("a=extmap:7/sendonly " + uri);
    assertThat(answer(sdp.replace("extmap:7", "extmap:7/inactive"))).doesNotContain("a=extmap");
    assertThat(answer(sdp)).contains("a=extmap:7 " + uri);
  }

  @Test
  void advertisesIpv6WhenThatIsFirst() {
    SdpOffer offer = Offers.client(1);
    String answer =
        SdpAnswer.write(
            offer,
            peer(offer),
            new LocalMedia("u", "p", Offers.FINGERPRINT, List.of(LOCAL.candidates().get(1))));
    assertThat(answer).contains("c=IN IP6 2001:db8::1\r\n");
  }

  @Test
  void aFurtherAnswerContinuesTheSession() {
    SdpOffer offer = Offers.client(2);
    RelayPeer peer = peer(offer);
    String first = SdpAnswer.write(offer, peer, LOCAL);
    peer.negotiate(peer.info(), offer, new Random(2));
    String second = SdpAnswer.write(offer, peer, LOCAL);
    assertThat(second).isEqualTo(first.replaceFirst("(o=- \\d+) 1", "$1 2"));
  }

  private static String answer(String sdp) {
    SdpOffer offer = Offers.parsed(sdp);
    return SdpAnswer.write(offer, peer(offer), LOCAL);
  }

  private static RelayPeer peer(SdpOffer offer) {
    var info = new PeerInfo("d-6aefcf3b-e61c-4f35-8b5b-9d762a6a6cf9", "Alice", "");
    var peer = new RelayPeer(new PeerId("p1"), info, "cname", new Random(1));
    peer.negotiate(info, offer, new Random(1));
    return peer;
  }

  private static List<String> directions(SdpOffer offer) {
    return sections(SdpAnswer.write(offer, peer(offer), LOCAL)).stream()
        .flatMap(List::stream)
        .filter(line -> line.matches("a=(sendrecv|sendonly|recvonly|inactive)"))
        .toList();
  }

  private static List<String> session(String answer) {
    return List.of(answer.substring(0, answer.indexOf("m=")).split("\r\n"));
  }

  private static List<List<String>> sections(String answer) {
    List<List<String>> sections = new ArrayList<>();
    assertThat(answer).endsWith("\r\n");
    for (String line : answer.split("\r\n")) {
      assertThat(line).matches("[a-z]=.*");
      if (line.startsWith("m=")) {
        sections.add(new ArrayList<>());
      }
      if (!sections.isEmpty()) {
        sections.getLast().add(line);
      }
    }
    return sections;
  }
}
