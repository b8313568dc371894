package parley.relay.turn;

import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/** Refresh requests that show a ticket, from another address than before (RFC 8016 §3.2.2). */
final class Mobility {

  private final boolean allowed;
  private final AllocationTable allocations;

  /**
   * @param allowed whether allocations may follow their clients at all
   */
  Mobility(boolean allowed, AllocationTable allocations) {
    this.allowed = allowed;
    this.allocations = allocations;
  }

  boolean isAllowed() {
    return allowed;
  }

  static boolean isAskedFor(Exchange exchange) {
    return exchange.request().has(StunAttribute.MOBILITY_TICKET);
  }

  /** The allocation that the ticket stands for; null: none that there is. */
  @Nullable Allocation named(Exchange exchange) {
    return allocations.ofTicket(text(shown(exchange)), exchange.nowNs());
  }

  /**
   * Why the ticket is not taken here; null: it is.
   *
   * @param existing what there is already at the address it is shown from
   */
  @Nullable StunError refusal(Exchange exchange, @Nullable Allocation existing) {
    if (!allowed) {
      return StunError.MOBILITY_FORBIDDEN;
    }
    if (!allocations.isOurs(shown(exchange))) {
      return StunError.BAD_REQUEST;
    }
    Allocation named = named(exchange);
    if (named == null || (existing != null && existing != named)) {
      return StunError.ALLOCATION_MISMATCH;
    }
    if (PeerPolicy.isTunnel(IpAddress.of(exchange.client().getAddress()))) {
      return StunError.FORBIDDEN;
    }
    // A new ticket is for another address, a used one for the address that it led to, whose answer
    // was lost. Back at the address that it is leaving, a client may change its mind.
    boolean thereAlready = named.newest().is(exchange.link(), exchange.client());
    return isNew(exchange, named) == thereAlready ? StunError.BAD_REQUEST : null;
  }

  /** Of a request that {@link #refusal} lets pass. */
  void move(Exchange exchange, Allocation allocation) {
    if (isNew(exchange, allocation)) {
      allocations.move(allocation, exchange.link(), exchange.client());
    }
  }

  /** A new one; to a retransmission the one that the lost answer had. */
  byte[] ticketFor(Exchange exchange, Allocation allocation) {
    String current = allocation.ticket();
    return current == null || isNew(exchange, allocation)
        ? allocations.newTicket(allocation)
        : HexFormat.of().parseHex(current);
  }

  private static boolean isNew(Exchange exchange, Allocation allocation) {
    return text(shown(exchange)).equals(allocation.ticket());
  }

  private static byte[] shown(Exchange exchange) {
    byte[] sent = exchange.request().bytes(StunAttribute.MOBILITY_TICKET);
    return sent == null ? new byte[0] : sent;
  }

  private static String text(byte[] ticket) {
    return HexFormat.of().formatHex(ticket);
  }
}
