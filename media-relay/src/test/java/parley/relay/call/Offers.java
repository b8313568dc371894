package parley.relay.call;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import parley.relay.rtp.AudioLevel;

/** Offers as real clients send them, and small ones made up for a test. */
final class Offers {

  static final String FINGERPRINT = "sha-256 " + "AB:".repeat(31) + "AB";

  private Offers() {}

  /** One that a client really sent; see {@code offers/}. */
  static String recorded(String name) {
    try (InputStream in = Offers.class.getResourceAsStream("offers/" + name + ".sdp")) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static SdpOffer parsed(String sdp) {
    try {
      return SdpOffer.parse(sdp);
    } catch (SdpException e) {
      throw new AssertionError("refused: " + e.getMessage(), e);
    }
  }

  static SdpSection microphone(SdpOffer offer) {
    return Objects.requireNonNull(offer.microphone(), "the client can send");
  }

  /** A client with a microphone in its first section and so many sections to hear others in. */
  static SdpOffer client(int receiving) {
    return parsed(clientSdp(receiving, 111, 1));
  }

  /**
   * @param levelId of the audio level; 0: the client knows none
   */
  static String clientSdp(int receiving, int opus, int levelId) {
    StringBuilder mids = new StringBuilder();
    StringBuilder sections = new StringBuilder();
    for (int i = 0; i < Math.max(1, receiving); i++) {
      mids.append(' ').append(i);
      String direction = i > 0 ? "recvonly" : receiving > 0 ? "sendrecv" : "sendonly";
      sections.append(section(i, direction, opus, levelId));
    }
    return "v=0\r\no=- 1 1 IN IP4 0.0.0.0\r\ns=-\r\nt=0 0\r\na=group:BUNDLE"
        + mids
        + "\r\na=ice-ufrag:abcd\r\na=ice-pwd:abcdefghijklmnopqrstuvwx\r\na=setup:actpass\r\n"
        + "a=fingerprint:"
        + FINGERPRINT
        + "\r\n"
        + sections;
  }

  private static String section(int mid, String direction, int opus, int levelId) {
    return "m=audio 9 UDP/TLS/RTP/SAVPF "
        + opus
        + "\r\nc=IN IP4 0.0.0.0\r\na=mid:"
        + mid
        + "\r\na="
        + direction
        + "\r\na=rtcp-mux\r\na=rtpmap:"
        + opus
        + " opus/48000/2\r\n"
        + (levelId == 0 ? "" : "a=extmap:" + levelId + " " + AudioLevel.URI)
        + "\r\n";
  }
}
