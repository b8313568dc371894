package parley.relay.srtp;

/**
 * Protects what goes to one client and unprotects what comes from it, in place. Owned by one media
 * loop. Nothing throws on remote input: a packet that does not authenticate, is replayed or is too
 * short returns false, is left in an undefined state, and the caller counts and drops it.
 */
public interface SrtpTransport extends AutoCloseable {

  boolean unprotectRtp(PacketBuffer packet);

  boolean unprotectRtcp(PacketBuffer packet);

  /**
   * The same packet again, a retransmission, is protected into the same bytes again.
   *
   * @return false when the packet has no room to grow, is no RTP, or brings an SSRC beyond the
   *     transport's bound
   */
  boolean protectRtp(PacketBuffer packet);

  boolean protectRtcp(PacketBuffer packet);

  /** Forgets the keys. */
  @Override
  void close();
}
