package parley.signalling.server;

import io.vertx.core.http.HttpServerRequest;
import java.net.InetAddress;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The network a request comes from, as limits count it: an IPv4 address, or the first 64 bits of an
 * IPv6 address, which are one customer's (RFC 6177 §2). Behind a trusted proxy it is the one that
 * the proxy tells of.
 */
final class ClientNetwork {

  private static final int IPV6_PREFIX_BYTES = 8;

  /** A chain of proxies is shorter; whoever writes more of them hides something. */
  private static final int MAX_HOPS = 16;

  private ClientNetwork() {}

  /** Null when it cannot be told apart from others: a trusted proxy that says nothing. */
  static @Nullable String of(HttpServerRequest request, List<AddressRange> trustedProxies) {
    String peer = request.remoteAddress() == null ? null : request.remoteAddress().hostAddress();
    return of(peer, request.headers().getAll("x-forwarded-for"), trustedProxies);
  }

  /**
   * @param peer who has opened the connection
   * @param forwarded header fields: each proxy adds whom it heard from at the end, so what a client
   *     made up stands before that and is never reached
   */
  static @Nullable String of(
      @Nullable String peer, List<String> forwarded, List<AddressRange> trustedProxies) {
    InetAddress address = address(peer, forwarded, trustedProxies);
    return address == null || AddressRange.anyContains(trustedProxies, address)
        ? null
        : key(address.getAddress());
  }

  /** The address itself, for what is written down; empty when a trusted proxy hides it. */
  static String shown(HttpServerRequest request, List<AddressRange> trustedProxies) {
    String peer = request.remoteAddress() == null ? null : request.remoteAddress().hostAddress();
    InetAddress address =
        address(peer, request.headers().getAll("x-forwarded-for"), trustedProxies);
    return address == null ? "" : address.getHostAddress();
  }

  private static @Nullable InetAddress address(
      @Nullable String peer, List<String> forwarded, List<AddressRange> trustedProxies) {
    InetAddress address = peer == null ? null : AddressRange.address(peer);
    String[] hops = forwarded.isEmpty() ? new String[0] : String.join(",", forwarded).split(",");
    for (int i = hops.length - 1, left = MAX_HOPS;
        i >= 0 && left > 0 && address != null && AddressRange.anyContains(trustedProxies, address);
        i--, left--) {
      InetAddress hop = hop(hops[i].strip());
      if (hop == null) {
        return null; // a trusted proxy that hides its client
      }
      address = hop;
    }
    return address;
  }

  /** {@code 192.0.2.1}, {@code 192.0.2.1:1234}, {@code 2001:db8::1}, {@code [2001:db8::1]:1234}. */
  private static @Nullable InetAddress hop(String text) {
    String bare = text;
    if (text.startsWith("[")) {
      bare = text.substring(1).replaceFirst("](:\\d+)?$", "");
    } else if (text.indexOf(':') == text.lastIndexOf(':')) {
      bare = text.replaceFirst(":\\d+$", "");
    }
    return AddressRange.address(bare);
  }

  private static String key(byte[] address) {
    int length = address.length == 4 ? 4 : IPV6_PREFIX_BYTES;
    return HexFormat.of().formatHex(address, 0, length);
  }
}
