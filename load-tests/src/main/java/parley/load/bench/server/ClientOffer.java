package parley.load.bench.server;

import parley.load.bench.media.Leg;

/** Session descriptions of the bench's clients: Opus, bundled, with the audio level. */
public final class ClientOffer {

  private ClientOffer() {}

  /**
   * An offer with one microphone and so many receiving sections, the first of which is the
   * microphone's.
   */
  public static String sdp(Leg leg, int receiving) {
    return sdp(leg, receiving, "actpass");
  }

  /** An offer with one section, from a client that wants to open the DTLS connection itself. */
  static String active(Leg leg) {
    return sdp(leg, 1, "active");
  }

  private static String sdp(Leg leg, int receiving, String setup) {
    int sections = Math.max(1, receiving);
    StringBuilder sdp = new StringBuilder(session(sections));
    for (int mid = 0; mid < sections; mid++) {
      sdp.append(section(leg, mid, mid == 0 ? "sendrecv" : "recvonly", setup));
    }
    return sdp.toString();
  }

  /** An offer with a microphone that hears nothing. */
  static String microphone(Leg leg) {
    return session(1) + section(leg, 0, "sendonly", "active");
  }

  /** The answer to a server that offers so many voices. */
  static String listening(Leg leg, int sections) {
    StringBuilder sdp = new StringBuilder(session(sections));
    for (int mid = 0; mid < sections; mid++) {
      sdp.append(section(leg, mid, "recvonly", "active"));
    }
    return sdp.toString();
  }

  private static String session(int sections) {
    StringBuilder sdp = new StringBuilder();
    sdp.append("v=0\r\no=- 4611731400430051336 2 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\n");
    sdp.append("a=group:BUNDLE");
    for (int mid = 0; mid < sections; mid++) {
      sdp.append(' ').append(mid);
    }
    return sdp.append("\r\na=msid-semantic: WMS *\r\n").toString();
  }

  private static String section(Leg leg, int mid, String direction, String setup) {
    String text =
        """
        m=audio 9 UDP/TLS/RTP/SAVPF 111
        c=IN IP4 %1$s
        a=rtcp:9 IN IP4 0.0.0.0
        a=candidate:1 1 udp 2130706431 %1$s %2$d typ host
        a=end-of-candidates
        a=ice-ufrag:%3$s
        a=ice-pwd:%4$s
        a=fingerprint:%5$s
        a=setup:%6$s
        a=mid:%7$d
        a=%8$s
        a=rtcp-mux
        a=rtpmap:111 opus/48000/2
        a=fmtp:111 minptime=10;useinbandfec=1
        """
            .formatted(
                leg.localAddress(),
                leg.localPort(),
                leg.ufrag(),
                leg.password(),
                leg.fingerprint(),
                setup,
                mid,
                direction);
    String level =
        leg.hasLevels() ? "a=extmap:1 urn:ietf:params:rtp-hdrext:ssrc-audio-level\n" : "";
    String source =
        direction.startsWith("send")
            ? "a=msid:stream track\na=ssrc:%d cname:client\n"
                .formatted(Integer.toUnsignedLong(leg.ssrc()))
            : "";
    return (text + level + source).replace("\n", "\r\n");
  }
}
