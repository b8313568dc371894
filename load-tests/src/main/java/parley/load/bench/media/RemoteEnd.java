package parley.load.bench.media;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where and who the server's end of a leg is.
 *
 * @param address IPv4 as a number
 * @param fingerprint of its certificate, as in SDP: {@code sha-256 AB:…}
 */
public record RemoteEnd(String ufrag, String password, String fingerprint, int address, int port) {

  private static final Pattern CANDIDATE =
      Pattern.compile("a=candidate:\\S+ 1 (?i:udp) \\d+ ([0-9.]+) (\\d+) typ host.*");

  /**
   * As a server's offer or answer says, by its first section and its first IPv4 candidate.
   *
   * @throws IllegalArgumentException naming what is missing
   */
  public static RemoteEnd of(String sdp) {
    Matcher candidate =
        sdp.lines()
            .map(CANDIDATE::matcher)
            .filter(Matcher::matches)
            .findFirst()
            .orElseThrow(() -> new IllegalArgumentException("no IPv4 candidate in the SDP"));
    return new RemoteEnd(
        value(sdp, "a=ice-ufrag:"),
        value(sdp, "a=ice-pwd:"),
        value(sdp, "a=fingerprint:").replaceFirst("^(?i)sha-256", "sha-256"),
        number(candidate.group(1)),
        Integer.parseInt(candidate.group(2)));
  }

  /** An IPv4 address as a number. */
  public static int number(String address) {
    try {
      return ByteBuffer.wrap(InetAddress.getByName(address).getAddress()).getInt();
    } catch (UnknownHostException e) {
      throw new IllegalArgumentException("not an address: " + address, e);
    }
  }

  /** An IPv4 address as text. */
  public static String text(int address) {
    return "%d.%d.%d.%d"
        .formatted(address >>> 24, address >>> 16 & 0xff, address >>> 8 & 0xff, address & 0xff);
  }

  private static String value(String sdp, String prefix) {
    return sdp.lines()
        .filter(line -> line.startsWith(prefix))
        .map(line -> line.substring(prefix.length()).trim())
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("no " + prefix + " in the SDP"));
  }
}
