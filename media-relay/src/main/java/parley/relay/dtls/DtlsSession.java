package parley.relay.dtls;

import org.jspecify.annotations.Nullable;

/** One peer's DTLS association, server side. Every method may be called from any one thread. */
public interface DtlsSession extends AutoCloseable {

  /**
   * Copies a datagram into a bounded inbox. Never blocks, never throws. The first ClientHello may
   * come before ICE has nominated a pair, and in several datagrams: it is kept.
   */
  void onDatagram(byte[] data, int offset, int length);

  /** The next datagram for the peer, at most 1200 bytes, or null. */
  byte @Nullable [] pollTransmit();

  /** Null while the handshake runs. */
  @Nullable DtlsOutcome outcome();

  /** Says goodbye if connected (best effort) and frees what the session holds. */
  @Override
  void close();
}
