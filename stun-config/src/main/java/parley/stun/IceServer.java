package parley.stun;

import java.util.regex.Pattern;

/**
 * A STUN or TURN server that clients are told to use (RFC 7064, RFC 7065).
 *
 * @param urls one URI: {@code stun:host:port}, {@code turn:host:port?transport=tcp}, …
 * @param username for TURN; empty: none
 * @param credential for TURN; empty: none
 */
public record IceServer(String urls, String username, String credential) {

  private static final Pattern URI =
      Pattern.compile(
          "(stuns?:[^\\s:/?@]+|stuns?:\\[[0-9a-fA-F:.]+]"
              + "|turns?:[^\\s:/?@]+|turns?:\\[[0-9a-fA-F:.]+])"
              + "(:\\d{1,5})?(\\?transport=(udp|tcp))?");

  /**
   * @throws IllegalArgumentException with a sentence that says what is wrong and what would be
   *     right
   */
  public IceServer {
    if (!URI.matcher(urls).matches()) {
      throw new IllegalArgumentException(
          "urls is \""
              + urls
              + "\"; right would be stun:host:port or turn:host:port?transport=udp");
    }
    boolean turn = urls.startsWith("turn");
    if (turn && (username.isEmpty() || credential.isEmpty())) {
      throw new IllegalArgumentException(urls + " needs a username and a credential");
    }
    if (!turn && urls.contains("?")) {
      throw new IllegalArgumentException(urls + ": only turn: and turns: take ?transport=");
    }
  }

  @Override
  public String toString() {
    return "IceServer[" + urls + "]";
  }
}
