package parley.signalling.server;

import java.util.List;

/**
 * How much is taken from whom. Each number is allowed at once, too, after a quiet minute; 0: no
 * limit.
 *
 * @param addressPerMinute HTTP requests from one client address
 * @param tokenPerMinute HTTP requests with one token
 * @param wrongTokensPerMinute tokens of nobody's from one client address
 * @param trustedProxies who is believed when it tells whose request it passes on; their own
 *     requests are not limited by address
 */
public record LimitSettings(
    int addressPerMinute,
    int tokenPerMinute,
    int wrongTokensPerMinute,
    List<AddressRange> trustedProxies) {

  public LimitSettings {
    trustedProxies = List.copyOf(trustedProxies);
  }

  /** For a whole office behind one address, and a proxy on this machine. */
  public static LimitSettings defaults() {
    return new LimitSettings(
        6_000, 600, 120, List.of(AddressRange.parse("127.0.0.0/8"), AddressRange.parse("::1")));
  }
}
