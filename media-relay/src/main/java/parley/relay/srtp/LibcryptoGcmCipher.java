package parley.relay.srtp;

import parley.relay.srtp.KeyDerivation.Label;

/**
 * AEAD_AES_128_GCM (RFC 7714) by libcrypto, which makes no objects, while the JDK's cipher makes a
 * kilobyte of them for every packet. A packet is copied to where the library reads it, and back.
 */
final class LibcryptoGcmCipher implements PacketCipher {

  private static final int TAG_BYTES = SrtpProfile.AEAD_AES_128_GCM.tagBytes;
  private static final int KEY_BYTES = SrtpProfile.AEAD_AES_128_GCM.keyBytes;
  private static final int IV_BYTES = CipherMemory.IV_BYTES;
  private static final int INDEX_BYTES = 4;
  private static final int RTCP_CLEAR_BYTES = 8;
  private static final int ENCRYPTED = 0x8000_0000;

  private final Libcrypto library;
  private final CipherMemory memory;
  private final byte[] rtpSalt;
  private final byte[] rtcpSalt;
  private long rtp;
  private long rtcp;

  LibcryptoGcmCipher(Libcrypto library, CipherMemory memory, KeyDerivation keys) {
    this(
        library,
        memory,
        keys.derive(Label.RTP_ENCRYPTION, KEY_BYTES),
        keys.derive(Label.RTP_SALT, IV_BYTES),
        keys.derive(Label.RTCP_ENCRYPTION, KEY_BYTES),
        keys.derive(Label.RTCP_SALT, IV_BYTES));
  }

  /** With session keys. */
  LibcryptoGcmCipher(
      Libcrypto library,
      CipherMemory memory,
      byte[] rtpKey,
      byte[] rtpSalt,
      byte[] rtcpKey,
      byte[] rtcpSalt) {
    this.library = library;
    this.memory = memory;
    this.rtpSalt = rtpSalt;
    this.rtcpSalt = rtcpSalt;
    this.rtp = context(rtpKey);
    this.rtcp = context(rtcpKey);
  }

  private long context(byte[] key) {
    memory.take(key, 0, KEY_BYTES);
    long context = library.newContext(memory.packetAddress());
    memory.wipe(KEY_BYTES);
    return context;
  }

  @Override
  public int rtpOverhead() {
    return TAG_BYTES;
  }

  @Override
  public int rtcpOverhead() {
    return TAG_BYTES + INDEX_BYTES;
  }

  @Override
  public void protectRtp(
      byte[] data, int offset, int headerBytes, int length, int ssrc, long index) {
    take(data, offset, length);
    start(rtp, rtpSalt, ssrc, index, true);
    authenticate(rtp, 0, headerBytes);
    seal(rtp, headerBytes, length - headerBytes);
    memory.give(headerBytes, data, offset + headerBytes, length - headerBytes + TAG_BYTES);
  }

  @Override
  public boolean unprotectRtp(
      byte[] data, int offset, int headerBytes, int length, int ssrc, long index) {
    take(data, offset, length);
    start(rtp, rtpSalt, ssrc, index, false);
    authenticate(rtp, 0, headerBytes);
    int bytes = length - headerBytes - TAG_BYTES;
    if (!open(rtp, headerBytes, bytes)) {
      return false;
    }
    memory.give(headerBytes, data, offset + headerBytes, bytes);
    return true;
  }

  /** RFC 7714 §9: the index word is authenticated after the header and sent after the tag. */
  @Override
  public void protectRtcp(byte[] data, int offset, int length, int ssrc, int index) {
    Bytes.putInt32(data, offset + length + TAG_BYTES, index | ENCRYPTED);
    take(data, offset, length + TAG_BYTES + INDEX_BYTES);
    start(rtcp, rtcpSalt, ssrc, index, true);
    authenticate(rtcp, 0, RTCP_CLEAR_BYTES);
    authenticate(rtcp, length + TAG_BYTES, INDEX_BYTES);
    seal(rtcp, RTCP_CLEAR_BYTES, length - RTCP_CLEAR_BYTES);
    memory.give(
        RTCP_CLEAR_BYTES, data, offset + RTCP_CLEAR_BYTES, length - RTCP_CLEAR_BYTES + TAG_BYTES);
  }

  @Override
  public int rtcpIndexWord(byte[] data, int offset, int length) {
    return Bytes.int32(data, offset + length - INDEX_BYTES);
  }

  @Override
  public boolean unprotectRtcp(byte[] data, int offset, int length, int ssrc, int index) {
    take(data, offset, length);
    start(rtcp, rtcpSalt, ssrc, index, false);
    authenticate(rtcp, 0, RTCP_CLEAR_BYTES);
    authenticate(rtcp, length - INDEX_BYTES, INDEX_BYTES);
    int bytes = length - RTCP_CLEAR_BYTES - TAG_BYTES - INDEX_BYTES;
    if (!open(rtcp, RTCP_CLEAR_BYTES, bytes)) {
      return false;
    }
    memory.give(RTCP_CLEAR_BYTES, data, offset + RTCP_CLEAR_BYTES, bytes);
    return true;
  }

  @Override
  public void close() {
    if (rtp != 0) {
      library.free(rtp);
      library.free(rtcp);
      rtp = 0;
      rtcp = 0;
    }
  }

  private void take(byte[] data, int offset, int bytes) {
    if (rtp == 0) {
      throw new IllegalStateException("closed");
    }
    memory.take(data, offset, bytes);
  }

  /** RFC 7714 §8.1 and §9.1: SSRC and 48-bit index, two zero bytes before them. */
  private void start(long context, byte[] salt, int ssrc, long index, boolean encrypt) {
    System.arraycopy(salt, 0, memory.iv, 0, IV_BYTES);
    Bytes.xorInt32(memory.iv, 2, ssrc);
    Bytes.xorInt48(memory.iv, 6, index);
    memory.takeIv();
    library.start(context, memory.ivAddress(), encrypt);
  }

  private void authenticate(long context, int at, int bytes) {
    library.update(context, 0, memory.lengthAddress(), memory.packetAddress() + at, bytes);
  }

  private void seal(long context, int at, int bytes) {
    long from = memory.packetAddress() + at;
    library.update(context, from, memory.lengthAddress(), from, bytes);
    library.last(context, from + bytes, memory.lengthAddress());
    library.control(context, Libcrypto.CTRL_GET_TAG, TAG_BYTES, from + bytes);
  }

  private boolean open(long context, int at, int bytes) {
    long from = memory.packetAddress() + at;
    library.update(context, from, memory.lengthAddress(), from, bytes);
    library.control(context, Libcrypto.CTRL_SET_TAG, TAG_BYTES, from + bytes);
    return library.last(context, from + bytes, memory.lengthAddress());
  }
}
