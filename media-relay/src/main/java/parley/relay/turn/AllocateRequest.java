package parley.relay.turn;

import org.jspecify.annotations.Nullable;

/**
 * What an Allocate request asks for (RFC 8656 §7.2).
 *
 * @param family the address family wanted
 * @param alsoIpv6 whether IPv6 is wanted besides IPv4
 * @param token of a port that was reserved; null: none
 * @param lifetimeSeconds -1: not said
 * @param mobile whether a ticket is wanted (RFC 8016)
 */
record AllocateRequest(
    int family,
    boolean alsoIpv6,
    RelayPool.Wish wish,
    @Nullable Long token,
    long lifetimeSeconds,
    boolean mobile) {

  /** Protocol number of UDP, the only one that is relayed. */
  private static final int UDP = 17;

  /** The R bit of EVEN-PORT: hold the next port, too. */
  private static final int RESERVE = 0x80;

  /** Why it cannot be carried out, whatever the state of the server; null: it can. */
  static @Nullable StunError refusal(StunReader request) {
    int transport = request.find(StunAttribute.REQUESTED_TRANSPORT);
    if (isNot(request, transport, 4)) {
      return StunError.BAD_REQUEST;
    }
    if ((request.data()[transport] & 0xFF) != UDP) {
      return StunError.UNSUPPORTED_TRANSPORT;
    }
    int token = request.find(StunAttribute.RESERVATION_TOKEN);
    int even = request.find(StunAttribute.EVEN_PORT);
    int family = request.find(StunAttribute.REQUESTED_ADDRESS_FAMILY);
    int additional = request.find(StunAttribute.ADDITIONAL_ADDRESS_FAMILY);
    int lifetime = request.find(StunAttribute.LIFETIME);
    int ticket = request.find(StunAttribute.MOBILITY_TICKET);
    boolean wrongLength =
        (token >= 0 && isNot(request, token, 8))
            || (even >= 0 && isNot(request, even, 1))
            || (family >= 0 && isNot(request, family, 4))
            || (additional >= 0 && isNot(request, additional, 4))
            || (lifetime >= 0 && isNot(request, lifetime, 4))
            || (ticket >= 0 && isNot(request, ticket, 0));
    boolean contradiction =
        (token >= 0 && (even >= 0 || family >= 0 || additional >= 0))
            || (family >= 0 && additional >= 0)
            || (additional >= 0 && even >= 0 && isReserving(request, even));
    boolean additionalIsNotIpv6 =
        additional >= 0 && (request.data()[additional] & 0xFF) != IpAddress.IPV6_FAMILY;
    return wrongLength || contradiction || additionalIsNotIpv6 ? StunError.BAD_REQUEST : null;
  }

  /** Of a request that {@link #refusal} lets pass. */
  static AllocateRequest of(StunReader request) {
    int token = request.find(StunAttribute.RESERVATION_TOKEN);
    int even = request.find(StunAttribute.EVEN_PORT);
    int family = request.find(StunAttribute.REQUESTED_ADDRESS_FAMILY);
    RelayPool.Wish wish = RelayPool.Wish.ANY;
    if (even >= 0) {
      wish = isReserving(request, even) ? RelayPool.Wish.EVEN_AND_NEXT : RelayPool.Wish.EVEN;
    }
    return new AllocateRequest(
        family < 0 ? IpAddress.IPV4_FAMILY : request.data()[family] & 0xFF,
        request.has(StunAttribute.ADDITIONAL_ADDRESS_FAMILY),
        wish,
        token < 0 ? null : Bytes.int64(request.data(), token),
        lifetimeSeconds(request),
        request.has(StunAttribute.MOBILITY_TICKET));
  }

  /** -1: not said. */
  static long lifetimeSeconds(StunReader request) {
    int lifetime = request.find(StunAttribute.LIFETIME);
    return lifetime < 0 ? -1 : Bytes.uint32(request.data(), lifetime);
  }

  static boolean isNot(StunReader request, int valueAt, int lengthBytes) {
    return valueAt < 0 || request.lengthAt(valueAt) != lengthBytes;
  }

  private static boolean isReserving(StunReader request, int even) {
    return (request.data()[even] & RESERVE) != 0;
  }
}
