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
  private @Nullable FiveTuple next;
  private boolean disconnected;
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

  /** Where the client was before it moves, if it does. */
  FiveTuple fiveTuple() {
    return fiveTuple;
  }

  /** Where the client has shown a ticket, and has sent no data from yet; null: it does not move. */
  @Nullable FiveTuple next() {
    return next;
  }

  boolean isMoving() {
    return next != null;
  }

  /** Where the client was heard of last. */
  FiveTuple newest() {
    FiveTuple moving = next;
    return moving == null ? fiveTuple : moving;
  }

  /**
   * @param other null: it stays where it is
   */
  void moveTo(@Nullable FiveTuple other) {
    next = other;
  }

  /** The client is at the new address now, and the old one is not his any more. */
  void arrive() {
    fiveTuple = newest();
    next = null;
    disconnected = false;
  }

  /** Nobody hears any more, until the client shows its ticket elsewhere. */
  void disconnect() {
    disconnected = true;
  }

  boolean isDisconnected() {
    return disconnected;
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
    if (first != null) {
      expiresNs = first.expiresNs();
    }
  }

  /** The one of two families whose time is over before the other's; null: none. */
  @Nullable Relay over(long nowNs) {
    if (first == null || second == null) {
      return null;
    }
    return first.isOver(nowNs) ? first : second.isOver(nowNs) ? second : null;
  }

  boolean isDual() {
    return second != null;
  }

  @Nullable String ticket() {
    return ticket;
  }

  /** The one that was shown last: the answer to it may have been lost. */
  @Nullable String usedTicket() {
    return usedTicket;
  }

  void ticket(String newTicket) {
    usedTicket = ticket;
    ticket = newTicket;
  }

  @Nullable Long reservation() {
    return reservation;
  }

  @Nullable StunError missingFamily() {
    return missingFamily;
  }

  /**
   * @param only null: all that it has
   */
  void expireAt(long ns, @Nullable Relay only) {
    if (first != null && (only == null || only == first)) {
      first.expireAt(ns);
    }
    if (second != null && (only == null || only == second)) {
      second.expireAt(ns);
    }
    long latest = first == null ? ns : first.expiresNs();
    expiresNs = second != null && second.expiresNs() - latest > 0 ? second.expiresNs() : latest;
  }

  boolean isOver(long nowNs) {
    return nowNs - expiresNs >= 0;
  }

  int remainingSeconds(long nowNs) {
    return (int) Math.max(0, (expiresNs - nowNs + 999_999_999L) / 1_000_000_000L);
  }

  /**
   * To both addresses while the client moves: it has to hear at the old one until it sends data
   * from the new one (RFC 8016 §3.2.2), and some hear nothing there any more, and send nothing
   * before they have heard something.
   */
  void toClient(byte[] data, int offset, int lengthBytes) {
    InetSocketAddress client = fiveTuple.client();
    fiveTuple.link().send(client, data, offset, lengthBytes);
    FiveTuple moving = next;
    if (moving != null) {
      moving.link().send(moving.client(), data, offset, lengthBytes);
    }
  }

  /** Whether it is on a stream, or will be. */
  boolean isOnStream() {
    return fiveTuple.link().isStream() || newest().link().isStream();
  }
}
