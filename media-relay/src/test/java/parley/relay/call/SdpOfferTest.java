package parley.relay.call;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.SplittableRandom;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SdpOfferTest {

  private static final String WHOLE = Offers.clientSdp(2, 111, 1);

  @Test
  void readsChromiumsFiveSections() {
    SdpOffer offer = Offers.parsed(Offers.recorded("chromium-five-sections"));
    assertThat(offer.iceUfrag()).isEqualTo("Gr9c");
    assertThat(offer.icePwd()).hasSize(24);
    assertThat(offer.fingerprint()).startsWith("sha-256 69:E3:D9:FF").hasSize(8 + 95);
    assertThat(offer.setup()).isEqualTo("actpass");
    assertThat(offer.bundled()).isTrue();
    assertThat(offer.mediaIndex()).isZero();
    assertThat(offer.sections()).hasSize(5).allMatch(SdpSection::accepted);
    assertThat(offer.receiving()).hasSize(5);
    SdpSection microphone = Offers.microphone(offer);
    assertThat(microphone.mid()).isEqualTo("0");
    assertThat(microphone.direction()).isEqualTo(SdpDirection.SENDRECV);
    assertThat(microphone.payloadType()).isEqualTo(111);
    assertThat(microphone.level().idFromClient()).isEqualTo(1);
    assertThat(microphone.midExtension().idToClient()).isEqualTo(4);
    assertThat(microphone.ssrc()).isNotZero();
  }

  @Test
  void readsFirefoxsSectionsThatHavePortZeroUntilBundled() {
    SdpOffer offer = Offers.parsed(Offers.recorded("firefox-five-sections"));
    assertThat(offer.iceUfrag()).isEqualTo("a741e57c");
    assertThat(offer.fingerprint()).startsWith("sha-256 A3:B4"); // at session level only
    assertThat(offer.sections()).hasSize(5).allMatch(SdpSection::accepted);
    assertThat(offer.receiving()).hasSize(5);
    assertThat(Offers.microphone(offer).payloadType()).isEqualTo(109);
    assertThat(Offers.microphone(offer).level().id()).isEqualTo(1);
    assertThat(Offers.microphone(offer).midExtension().id()).isEqualTo(3);
  }

  @Test
  void readsTheNativeClientsOldDataSection() {
    SdpOffer offer = Offers.parsed(Offers.recorded("native-audio-and-old-data"));
    assertThat(offer.sections()).extracting(SdpSection::accepted).containsExactly(true, false);
    assertThat(offer.sections().get(1).protocol()).isEqualTo("DTLS/SCTP");
    assertThat(offer.sections().get(1).formats()).isEqualTo("5000");
    assertThat(Offers.microphone(offer).level()).isEqualTo(SdpSection.Extension.NONE);
    assertThat(Offers.microphone(offer).ssrc()).isEqualTo(0xDEADBEEF);
  }

  @ParameterizedTest
  @ValueSource(strings = {"chromium-video-audio-data", "firefox-video-audio-data"})
  void takesTheAudioOutOfACallWithVideo(String name) {
    SdpOffer offer = Offers.parsed(Offers.recorded(name));
    assertThat(offer.sections())
        .filteredOn(SdpSection::accepted)
        .extracting(SdpSection::media)
        .containsExactly("audio", "audio");
    assertThat(offer.sections().get(offer.mediaIndex()).media()).isEqualTo("audio");
  }

  @Test
  void theFirstSectionThatCanSendIsTheMicrophone() {
    SdpOffer offer =
        Offers.parsed(
            WHOLE
                .replaceFirst("a=sendrecv", "a=inactive")
                .replaceFirst("a=recvonly", "a=sendonly"));
    assertThat(Offers.microphone(offer).mid()).isEqualTo("1");
    assertThat(offer.receiving()).isEmpty();
  }

  @Test
  void aClientMayOnlyListen() {
    SdpOffer offer = Offers.parsed(WHOLE.replace("a=sendrecv", "a=recvonly"));
    assertThat(offer.microphone()).isNull();
    assertThat(offer.receiving()).hasSize(2);
  }

  @Test
  void aSectionWithoutDirectionGoesBothWays() {
    SdpOffer offer = Offers.parsed(WHOLE.replace("a=recvonly\r\n", ""));
    assertThat(offer.sections().get(1).direction()).isEqualTo(SdpDirection.SENDRECV);
  }

  @Test
  void withoutABundleOnlyTheFirstSectionIsServed() {
    SdpOffer offer = Offers.parsed(WHOLE.replaceFirst("a=group.*\r\n", ""));
    assertThat(offer.bundled()).isFalse();
    assertThat(offer.sections()).extracting(SdpSection::accepted).containsExactly(true, false);
  }

  @Test
  void aSectionThatTheClientDisabledStaysSo() {
    SdpOffer offer = Offers.parsed(replaceLast(WHOLE, "m=audio 9", "m=audio 0"));
    assertThat(offer.sections()).extracting(SdpSection::accepted).containsExactly(true, false);
  }

  @Test
  void readsLinesThatEndInANewlineOnly() {
    assertThat(Offers.parsed(WHOLE.replace("\r\n", "\n"))).isEqualTo(Offers.parsed(WHOLE));
  }

  @Test
  void sectionAttributesComeBeforeThoseOfTheSession() {
    SdpOffer offer =
        Offers.parsed(
            WHOLE.replaceFirst("a=mid:0", "a=ice-ufrag:mine\r\na=setup:active\r\na=mid:0"));
    assertThat(offer.iceUfrag()).isEqualTo("mine");
    assertThat(offer.icePwd()).isEqualTo("abcdefghijklmnopqrstuvwx");
    assertThat(offer.setup()).isEqualTo("active");
  }

  @Test
  void takesTheBestFingerprintOfSeveral() {
    SdpOffer offer =
        Offers.parsed(
            WHOLE.replaceFirst(
                "a=mid:0",
                "a=fingerprint:sha-1 "
                    + "00:".repeat(19)
                    + "00\r\na=fingerprint:SHA-512 "
                    + "cd:".repeat(63)
                    + "cd\r\na=fingerprint:sha-256 "
                    + "ef:".repeat(31)
                    + "ef\r\na=mid:0"));
    assertThat(offer.fingerprint()).isEqualTo("sha-256 " + "EF:".repeat(31) + "EF");
  }

  @Test
  void takesTheFirstOpusOfTheMediaLine() {
    SdpOffer offer =
        Offers.parsed(
            WHOLE
                .replace("SAVPF 111", "SAVPF 0 96 111")
                .replace("a=rtpmap:111", "a=rtpmap:96 OPUS/48000/2\r\na=rtpmap:111"));
    assertThat(Offers.microphone(offer).payloadType()).isEqualTo(96);
  }

  @Test
  void passesOverExtensionsItCannotUse() {
    String uri = " urn:ietf:params:rtp-hdrext:ssrc-audio-level";
    for (String id : new String[] {"0", "15", "16", "255", "256", "-1", "x", "", "1/both"}) {
      SdpOffer offer = Offers.parsed(WHOLE.replace("a=extmap:1 ", "a=extmap:" + id + " "));
      assertThat(Offers.microphone(offer).level().id()).as(id).isZero();
    }
    SdpOffer offer = Offers.parsed(WHOLE.replace("a=extmap:1" + uri, "a=extmap:3/sendonly" + uri));
    assertThat(Offers.microphone(offer).level().idFromClient()).isEqualTo(3);
    assertThat(Offers.microphone(offer).level().idToClient()).isZero();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "a=setup:actpass      | a=setup:passive              | a=setup:passive",
        "a=setup:actpass      | a=setup:holdconn             | neither actpass nor active",
        "opus/48000/2         | G722/8000                    | Opus",
        "a=rtcp-mux           | a=rtcp-rsize                 | a=rtcp-mux",
        "a=ice-ufrag:abcd     | a=ice-ufrag:abc              | ICE credentials",
        "a=ice-ufrag:abcd     | a=ice-ufrag:ab:cd            | ICE credentials",
        "a=ice-pwd:abcdefghij | a=ice-pwd:                   | ICE credentials",
        "a=fingerprint        | a=nofingerprint              | no certificate fingerprint",
        "sha-256              | sha-1                        | not usable",
        "AB:AB                | AB-AB                        | not usable",
        "m=audio 9            | m=video 9                    | Opus",
        "m=audio 9            | m=audio                      | Opus",
        "UDP/TLS/RTP/SAVPF    | RTP/AVP                      | Opus",
        "SAVPF 111            | SAVPF 9                      | Opus",
        "v=0                  | v=1                          | v=0",
        "m=audio 9 UDP/TLS/RTP/SAVPF 111 | m=audio           | not complete",
      })
  void refusesWithASentence(String part, String instead, String says) {
    assertThatThrownBy(() -> SdpOffer.parse(WHOLE.replace(part, instead)))
        .isInstanceOf(SdpException.class)
        .hasMessageContaining(says)
        .hasMessageEndingWith(".");
  }

  @Test
  void refusesWhatIsTooMuch() {
    assertThatThrownBy(() -> SdpOffer.parse(WHOLE + "x".repeat(SdpOffer.MAX_CHARS)))
        .hasMessageContaining("64 KB");
    assertThatThrownBy(() -> SdpOffer.parse(WHOLE + "\n".repeat(SdpOffer.MAX_LINES)))
        .hasMessageContaining("lines");
    assertThatThrownBy(() -> SdpOffer.parse(Offers.clientSdp(65, 111, 0)))
        .hasMessageContaining("64 media sections");
    assertThat(Offers.client(64).receiving()).hasSize(64);
  }

  @Test
  void keepsItsSecretsToItself() {
    assertThat(Offers.client(1).toString()).doesNotContain("abcdefghij");
  }

  /** Real offers with characters changed, lines cut, doubled and moved. */
  @Property(tries = 3000)
  void throwsNothingElseOnMutatedOffers(@ForAll long seed) {
    var random = new SplittableRandom(seed);
    String[] names = {
      "chromium-five-sections",
      "firefox-five-sections",
      "native-audio-and-old-data",
      "chromium-video-audio-data"
    };
    StringBuilder sdp = new StringBuilder(Offers.recorded(names[random.nextInt(names.length)]));
    for (int i = random.nextInt(30); i >= 0 && !sdp.isEmpty(); i--) {
      int at = random.nextInt(sdp.length());
      switch (random.nextInt(4)) {
        case 0 -> sdp.setCharAt(at, (char) random.nextInt(0x80));
        case 1 -> sdp.delete(at, Math.min(sdp.length(), at + random.nextInt(60)));
        case 2 -> sdp.insert(at, sdp.substring(at, Math.min(sdp.length(), at + 40)));
        default -> sdp.insert(at, ": /=\n\r0-9€".charAt(random.nextInt(10)));
      }
    }
    try {
      assertThat(SdpOffer.parse(sdp.toString()).sections()).isNotEmpty();
    } catch (SdpException e) {
      assertThat(e).hasMessageEndingWith(".");
    }
  }

  private static String replaceLast(String text, String part, String instead) {
    int at = text.lastIndexOf(part);
    return text.substring(0, at) + instead + text.substring(at + part.length());
  }
}
