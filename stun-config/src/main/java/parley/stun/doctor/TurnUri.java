package parley.stun.doctor;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Where a STUN or TURN URI leads (RFC 7064, RFC 7065). */
record TurnUri(String text, boolean isTurn, Transport transport, String host, int port) {

  enum Transport {
    UDP,
    TCP,
    TLS
  }

  private static final Pattern FORM =
      Pattern.compile("(stuns?|turns?):(\\[[^]]+]|[^:?]+)(?::(\\d+))?(?:\\?transport=(udp|tcp))?");

  /** IPv4; a name may begin with digits, but does not end with them. */
  private static final Pattern ADDRESS = Pattern.compile("[0-9.]+");

  private static final int PLAIN_PORT = 3478;
  private static final int TLS_PORT = 5349;

  static TurnUri parse(String text) {
    Matcher matcher = FORM.matcher(text.toLowerCase(Locale.ROOT));
    if (!matcher.matches()) {
      throw new IllegalArgumentException(text + " is no STUN or TURN URI");
    }
    boolean secure = matcher.group(1).endsWith("s");
    Transport transport =
        secure ? Transport.TLS : "tcp".equals(matcher.group(4)) ? Transport.TCP : Transport.UDP;
    String port = matcher.group(3);
    return new TurnUri(
        text,
        matcher.group(1).startsWith("turn"),
        transport,
        matcher.group(2).replaceAll("[\\[\\]]", ""),
        port != null ? Integer.parseInt(port) : secure ? TLS_PORT : PLAIN_PORT);
  }

  /** Whether it names a machine by its address. */
  boolean isAddress() {
    return host.contains(":") || ADDRESS.matcher(host).matches();
  }

  /**
   * @throws IOException when the name is not known
   */
  InetSocketAddress address() throws IOException {
    var address = new InetSocketAddress(host, port);
    if (address.isUnresolved()) {
      throw new IOException("the name " + host + " is not known");
    }
    return address;
  }

  @Override
  public String toString() {
    return text;
  }
}
