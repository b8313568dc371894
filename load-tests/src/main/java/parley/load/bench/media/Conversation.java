package parley.load.bench.media;

/** People who talk without an end that is known: who does so when, and what becomes of it. */
public interface Conversation {

  /**
   * Sends what is due, by {@link Leg#speak}; returns whether anything was. On the swarm's thread, a
   * thousand times a second at least.
   */
  boolean onTime(long nowNs);

  /**
   * A packet came out of SRTP. On the swarm's thread.
   *
   * @param data begins with the RTP header; not to be kept
   * @param payloadAt where the payload begins
   * @param payloadBytes how long it is
   */
  void onPacket(Leg listener, byte[] data, int payloadAt, int payloadBytes, long heardNs);
}
