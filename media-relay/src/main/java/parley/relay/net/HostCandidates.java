package parley.relay.net;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import parley.relay.api.IceCandidate;

/** A media loop's addresses as ICE host candidates (RFC 8445 §5.1, RFC 8839 §5.1). */
final class HostCandidates {

  /** RFC 8445 §5.1.2.2: the preference of host candidates. */
  private static final long HOST_PREFERENCE = 126;

  private static final long MAX_LOCAL_PREFERENCE = 65_535;

  /** RTP and RTCP share one port (rtcp-mux), so there is one component. */
  private static final int COMPONENT = 1;

  private HostCandidates() {}

  /**
   * @param addresses the most preferred first; each gets a local preference and a foundation of its
   *     own
   * @param mlineIndex the media section of the offer that the candidates are for
   */
  static List<IceCandidate> of(List<InetSocketAddress> addresses, int mlineIndex) {
    List<IceCandidate> candidates = new ArrayList<>();
    for (int i = 0; i < addresses.size(); i++) {
      InetSocketAddress address = addresses.get(i);
      candidates.add(
          new IceCandidate(
              "candidate:%d %d udp %d %s %d typ host"
                  .formatted(
                      i + 1,
                      COMPONENT,
                      priority(MAX_LOCAL_PREFERENCE - i),
                      literal(address.getAddress()),
                      address.getPort()),
              mlineIndex));
    }
    return candidates;
  }

  static long priority(long localPreference) {
    return (HOST_PREFERENCE << 24) + (localPreference << 8) + (256 - COMPONENT);
  }

  private static String literal(InetAddress address) {
    String text = address.getHostAddress();
    int scope = text.indexOf('%'); // a zone means nothing on another machine
    return scope < 0 ? text : text.substring(0, scope);
  }
}
