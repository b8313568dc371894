package parley.relay.turn;

import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/** What one client has (RFC 8656 §3.2). */
final class Allocation {

  private final Login owner;
  private final UserQuota quota;
  private final byte[] transactionId;
  private final PeerTable peers = new PeerTable();
  private FiveTuple fiveTuple;
  private @Nullable Relay first;
  private @Nullable Relay second;
  private final @Nullable Long reservation;
  private final @Nullable StunError missingFamily;
  private @Nullable String ticket;
  private @Nullable String usedTicket;
  private long expiresNs;

  /**
   * @param transactionId of the request that made it: the same again is a retransmission
   * @param reservation token of the port held behind this one
   * @param missingFamily why only one of two families could be had
   */
  Allocation(
      FiveTuple fiveTuple,
      Login owner,
      UserQuota quota,
      byte[] transactionId,
      Relay first,
      @Nullable Relay second,
      @Nullable Long reservation,
      @Nullable StunError missingFamily) {
    this.fiveTuple = fiveTuple;
    this.owner = owner;
    this.quota = quota;
    this.transactionId = transactionId;
    this.first = first;
    this.second = second;
    this.reservation = reservation;
    this.missingFamily = missingFamily;
    first.serve(this);
    if (second != null) {
      second.serve(this);
    }
  }

  FiveTuple fiveTuple() {
    return fiveTuple;
  }

  /** The client has another address now (RFC 8016). */
  void moveTo(FiveTuple other) {
    fiveTuple = other;
  }

  Login owner() {
    return owner;
  }

  UserQuota quota() {
    return quota;
  }

  PeerTable peers() {
    return peers;
  }

  boolean isMadeBy(StunReader request) {
    return request.isOfTransaction(transactionId);
  }

  @Nullable Relay first() {
    return first;
  }

  @Nullable Relay second() {
    return second;
  }

  /** Null: nothing of that family. */
  @Nullable Relay relay(boolean ipv6) {
    if (first != null && first.isIpv6() == ipv6) {
      return first;
    }
    return second != null && second.isIpv6() == ipv6 ? second : null;
  }

  /** Gives one of two families back (RFC 8656 §8.2). */
  void drop(Relay relay) {
    if (relay == first) {
      first = second;
    }
    second = null;
  }

  boolean isDual() {
    return second != null;
  }

  @Nullable String ticket() {
    return ticket;
  }

  /** The one that was shown last is remembered: the answer to it may have been lost. */
  void ticket(String newTicket) {
    usedTicket = ticket;
    ticket = newTicket;
  }

  boolean hasUsed(String shownTicket) {
    return shownTicket.equals(usedTicket);
  }

  @Nullable Long reservation() {
    return reservation;
  }

  @Nullable StunError missingFamily() {
    return missingFamily;
  }

  void expireAt(long ns) {
    expiresNs = ns;
  }

  boolean isOver(long nowNs) {
    return nowNs - expiresNs >= 0;
  }

  int remainingSeconds(long nowNs) {
    return (int) Math.max(0, (expiresNs - nowNs + 999_999_999L) / 1_000_000_000L);
  }

  void toClient(byte[] data, int offset, int lengthBytes) {
    InetSocketAddress client = fiveTuple.client();
    fiveTuple.link().send(client, data, offset, lengthBytes);
  }
}
