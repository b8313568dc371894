package parley.relay.client;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The client's offers, and what it needs of an answer. */
public final class ClientSdp {

  private static final Pattern CANDIDATE =
      Pattern.compile("a=candidate:\\S+ 1 udp \\d+ (\\S+) (\\d+) typ host.*");

  private ClientSdp() {}

  /** What it needs of an answer. */
  record Answer(
      String ufrag, String password, String fingerprint, List<InetSocketAddress> candidates) {

    static Answer parse(String sdp) {
      return new Answer(
          value(sdp, "a=ice-ufrag:"),
          value(sdp, "a=ice-pwd:"),
          value(sdp, "a=fingerprint:"),
          sdp.lines()
              .map(CANDIDATE::matcher)
              .filter(Matcher::matches)
              .map(
                  m ->
                      new InetSocketAddress(
                          InetAddress.ofLiteral(m.group(1)), Integer.parseInt(m.group(2))))
              .distinct()
              .toList());
    }

    private static String value(String sdp, String prefix) {
      return sdp.lines()
          .filter(line -> line.startsWith(prefix))
          .map(line -> line.substring(prefix.length()).trim())
          .findFirst()
          .orElseThrow(() -> new IllegalArgumentException("the answer has no " + prefix));
    }
  }

  /**
   * As Chromium would write it: one section that sends and receives, the others only receive.
   *
   * @param receiving sections besides the first
   */
  public static String offer(
      String ufrag, String password, String fingerprint, int ssrc, int receiving) {
    StringBuilder sdp = new StringBuilder();
    sdp.append("v=0\r\no=- 4611731400430051336 2 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\n");
    sdp.append("a=group:BUNDLE");
    for (int mid = 0; mid <= receiving; mid++) {
      sdp.append(' ').append(mid);
    }
    sdp.append("\r\na=extmap-allow-mixed\r\na=msid-semantic: WMS\r\n");
    for (int mid = 0; mid <= receiving; mid++) {
      sdp.append(section(mid, ufrag, password, fingerprint, ssrc));
    }
    return sdp.toString();
  }

  private static String section(
      int mid, String ufrag, String password, String fingerprint, int ssrc) {
    String direction = mid == 0 ? "sendrecv" : "recvonly";
    String source =
        mid == 0
            ? "a=msid:stream track\r\na=ssrc:%d cname:client\r\n"
                .formatted(Integer.toUnsignedLong(ssrc))
            : "";
    return """
    m=audio 9 UDP/TLS/RTP/SAVPF 111 63 9 0 8
    c=IN IP4 0.0.0.0
    a=rtcp:9 IN IP4 0.0.0.0
    a=ice-ufrag:%s
    a=ice-pwd:%s
    a=ice-options:trickle
    a=fingerprint:%s
    a=setup:actpass
    a=mid:%d
    a=extmap:1 urn:ietf:params:rtp-hdrext:ssrc-audio-level
    a=%s
    a=rtcp-mux
    a=rtpmap:111 opus/48000/2
    a=rtcp-fb:111 nack
    a=fmtp:111 minptime=10;useinbandfec=1
    a=rtpmap:63 red/48000/2
    a=fmtp:63 111/111
    a=rtpmap:9 G722/8000
    a=rtpmap:0 PCMU/8000
    a=rtpmap:8 PCMA/8000
    """
            .formatted(ufrag, password, fingerprint, mid, direction)
            .replace("\n", "\r\n")
        + source;
  }
}
