package parley.stun;

import java.util.List;

/**
 * What coturn has to be told to serve the same clients: a {@code turnserver.conf} for those who
 * keep it.
 *
 * @param port of UDP and TCP
 * @param tlsPort 0: no TLS
 * @param certificate empty: no TLS
 * @param listen addresses of its machine; empty: all
 * @param shown addresses outside of a one-to-one NAT
 * @param users {@code name:password}
 * @param secrets for time-limited credentials
 * @param deniedPeers ranges, {@code first-last} or one address
 */
public record CoturnConfig(
    int port,
    int tlsPort,
    String certificate,
    String key,
    List<String> listen,
    List<String> shown,
    int firstRelayPort,
    int lastRelayPort,
    String realm,
    List<String> users,
    List<String> secrets,
    int allocationsPerUser,
    int allocations,
    List<String> allowedPeers,
    List<String> deniedPeers,
    boolean mobility) {

  /** Its text; it holds secrets. */
  public String text() {
    var out = new StringBuilder();
    out.append("# For coturn 4.5 and newer; made from Parley's settings.\n");
    out.append("listening-port=").append(port).append('\n');
    if (certificate.isEmpty() || tlsPort == 0) {
      out.append("no-tls\n");
    } else {
      out.append("tls-listening-port=").append(tlsPort).append('\n');
      out.append("cert=").append(certificate).append('\n');
      out.append("pkey=").append(key).append('\n');
    }
    out.append("no-dtls\n");
    listen.forEach(address -> line(out, "listening-ip", address));
    listen.forEach(address -> line(out, "relay-ip", address));
    shown.forEach(address -> line(out, "external-ip", address));
    line(out, "min-port", String.valueOf(firstRelayPort));
    line(out, "max-port", String.valueOf(lastRelayPort));
    line(out, "realm", realm);
    out.append("fingerprint\n");
    credentials(out);
    if (allocationsPerUser > 0) {
      line(out, "user-quota", String.valueOf(allocationsPerUser));
    }
    if (allocations > 0) {
      line(out, "total-quota", String.valueOf(allocations));
    }
    if (mobility) {
      out.append("mobility\n");
    }
    out.append("no-cli\nno-multicast-peers\n");
    out.append("# Nobody gets into the network it stands in.\n");
    deniedPeers.forEach(range -> line(out, "denied-peer-ip", range));
    allowedPeers.forEach(range -> line(out, "allowed-peer-ip", range));
    return out.toString();
  }

  /** coturn knows one way at a time: secrets, where there are any. */
  private void credentials(StringBuilder out) {
    if (secrets.isEmpty()) {
      out.append("lt-cred-mech\n");
      users.forEach(user -> line(out, "user", user));
      return;
    }
    out.append("use-auth-secret\n");
    secrets.forEach(secret -> line(out, "static-auth-secret", secret));
    if (!users.isEmpty()) {
      out.append("# Beside use-auth-secret coturn takes no users: ")
          .append(users.size())
          .append(" left out.\n");
    }
  }

  private static void line(StringBuilder out, String key, String value) {
    out.append(key).append('=').append(value).append('\n');
  }

  /** Tells no secrets. */
  @Override
  public String toString() {
    return "CoturnConfig[port " + port + "]";
  }
}
