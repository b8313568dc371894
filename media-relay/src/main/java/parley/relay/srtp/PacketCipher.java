package parley.relay.srtp;

/**
 * One direction's protection transform: encrypts and authenticates in place. The caller knows the
 * packet's index and has checked every length.
 */
sealed interface PacketCipher permits GcmCipher, LibcryptoGcmCipher, CounterModeCipher {

  /** SRTP adds this much to a packet. */
  int rtpOverhead();

  /** SRTCP adds this much to a compound packet. */
  int rtcpOverhead();

  /**
   * @param headerBytes stay in the clear
   * @param length of header and payload; the packet grows by {@link #rtpOverhead()}
   * @param index roll-over counter and sequence number, 48 bits
   */
  void protectRtp(byte[] data, int offset, int headerBytes, int length, int ssrc, long index);

  /**
   * @param length of the protected packet; it shrinks by {@link #rtpOverhead()}
   * @return false if it does not authenticate
   */
  boolean unprotectRtp(byte[] data, int offset, int headerBytes, int length, int ssrc, long index);

  /**
   * @param index 31 bits
   */
  void protectRtcp(byte[] data, int offset, int length, int ssrc, int index);

  /** The index that a protected compound packet carries, with the encryption flag on top. */
  int rtcpIndexWord(byte[] data, int offset, int length);

  /**
   * @param index 31 bits
   * @return false if it does not authenticate
   */
  boolean unprotectRtcp(byte[] data, int offset, int length, int ssrc, int index);

  /** Forgets the keys; nothing else may follow. */
  default void close() {}
}
