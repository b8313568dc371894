package parley.relay.net;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.HashMap;
import java.util.Map;
import parley.relay.CandidateKind;

/**
 * The candidates a client has told of, so that it can be said how the address it is reached at came
 * about. ICE itself does not need them: the client's checks show where it is. Owned by its leg.
 */
final class ToldCandidates {

  /** Four interfaces, both families, each with a STUN and a TURN server; more is noise. */
  static final int MAX = 32;

  private static final String ATTRIBUTE = "a=candidate:";

  /** Foundation, component, transport, priority, address, port, "typ", kind (RFC 8839 §5.1). */
  private static final int WORDS = 8;

  private final Map<InetSocketAddress, CandidateKind> kinds = new HashMap<>();

  /** Those of an offer. */
  void addAll(String sdp) {
    int at = sdp.indexOf(ATTRIBUTE);
    while (at >= 0 && kinds.size() < MAX) {
      int end = sdp.indexOf('\n', at);
      add(sdp.substring(at + 2, end < 0 ? sdp.length() : end).strip());
      at = sdp.indexOf(ATTRIBUTE, at + 1);
    }
  }

  /**
   * One more.
   *
   * @param candidate {@code candidate:…}: hostile input; what cannot be read is passed over
   */
  void add(String candidate) {
    String[] words = candidate.split(" +", WORDS + 1);
    if (kinds.size() >= MAX || words.length < WORDS || !words[6].equals("typ")) {
      return;
    }
    CandidateKind kind =
        switch (words[7]) {
          case "host" -> CandidateKind.HOST;
          case "srflx" -> CandidateKind.SRFLX;
          case "relay" -> CandidateKind.RELAY;
          default -> CandidateKind.PRFLX;
        };
    try {
      int port = Integer.parseInt(words[5]);
      // A name (browsers hide their addresses behind one) is not looked up.
      InetAddress address = InetAddress.ofLiteral(words[4]);
      kinds.putIfAbsent(new InetSocketAddress(address, port), kind);
    } catch (IllegalArgumentException _) {
      // no address, or no port
    }
  }

  CandidateKind kind(InetSocketAddress remote) {
    return kinds.getOrDefault(remote, CandidateKind.PRFLX);
  }
}
