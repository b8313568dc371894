package parley.relay.srtp;

/** The protection profiles the relay speaks, in its order of preference (RFC 5764, RFC 7714). */
public enum SrtpProfile {
  AEAD_AES_128_GCM(0x0007, 16, 12, 16),
  AES_CM_128_HMAC_SHA1_80(0x0001, 16, 14, 10);

  /** Number in the use_srtp extension. */
  public final int id;

  public final int keyBytes;
  public final int saltBytes;

  /** What SRTP adds to an RTP packet. */
  public final int tagBytes;

  SrtpProfile(int id, int keyBytes, int saltBytes, int tagBytes) {
    this.id = id;
    this.keyBytes = keyBytes;
    this.saltBytes = saltBytes;
    this.tagBytes = tagBytes;
  }
}
