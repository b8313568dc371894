package parley.relay.srtp;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import parley.relay.srtp.KeyDerivation.Label;

/**
 * AEAD_AES_128_GCM (RFC 7714) by libcrypto, which makes no objects, while the JDK's cipher makes a
 * kilobyte of them for every packet. A packet is copied to where the library reads it, and back.
 */
final class LibcryptoGcmCipher implements PacketCipher {

  private static final int TAG_BYTES = SrtpProfile.AEAD_AES_128_GCM.tagBytes;
  private static final int KEY_BYTES = SrtpProfile.AEAD_AES_128_GCM.keyBytes;
  private static final int IV_BYTES = 12;
  private static final int INDEX_BYTES = 4;
  private static final int RTCP_CLEAR_BYTES = 8;
  private static final int ENCRYPTED = 0x8000_0000;

  // The layout of the memory that the library is given.
  private static final int IV_AT = 0;
  private static final int LENGTH_AT = 16;
  private static final int PACKET_AT = 64;
  private static final int MEMORY_BYTES = PACKET_AT + PacketBuffer.CAPACITY_BYTES;

  private final Libcrypto library;
  private final MemorySegment memory = Arena.ofAuto().allocate(MEMORY_BYTES, 64);
  private final long address = memory.address();
  private final byte[] iv = new byte[IV_BYTES];
  private final byte[] rtpSalt;
  private final byte[] rtcpSalt;
  private long rtp;
  private long rtcp;

  LibcryptoGcmCipher(Libcrypto library, KeyDerivation keys) {
    this(
        library,
        keys.derive(Label.RTP_ENCRYPTION, KEY_BYTES),
        keys.derive(Label.RTP_SALT, IV_BYTES),
        keys.derive(Label.RTCP_ENCRYPTION, KEY_BYTES),
        keys.derive(Label.RTCP_SALT, IV_BYTES));
  }

  /** With session keys. */
  LibcryptoGcmCipher(
      Libcrypto library, byte[] rtpKey, byte[] rtpSalt, byte[] rtcpKey, byte[] rtcpSalt) {
    this.library = library;
    this.rtpSalt = rtpSalt;
    this.rtcpSalt = rtcpSalt;
    this.rtp = context(rtpKey);
    this.rtcp = context(rtcpKey);
  }

  private long context(byte[] key) {
    MemorySegment.copy(key, 0, memory, JAVA_BYTE, PACKET_AT, KEY_BYTES);
    long context = library.newContext(address + PACKET_AT);
    memory.asSlice(PACKET_AT, KEY_BYTES).fill((byte) 0);
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
    give(headerBytes, data, offset + headerBytes, length - headerBytes + TAG_BYTES);
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
    give(headerBytes, data, offset + headerBytes, bytes);
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
    give(RTCP_CLEAR_BYTES, data, offset + RTCP_CLEAR_BYTES, length - RTCP_CLEAR_BYTES + TAG_BYTES);
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
    give(RTCP_CLEAR_BYTES, data, offset + RTCP_CLEAR_BYTES, bytes);
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
    MemorySegment.copy(data, offset, memory, JAVA_BYTE, PACKET_AT, bytes);
  }

  private void give(int at, byte[] data, int offset, int bytes) {
    MemorySegment.copy(memory, JAVA_BYTE, PACKET_AT + at, data, offset, bytes);
  }

  /** RFC 7714 §8.1 and §9.1: SSRC and 48-bit index, two zero bytes before them. */
  private void start(long context, byte[] salt, int ssrc, long index, boolean encrypt) {
    System.arraycopy(salt, 0, iv, 0, IV_BYTES);
    Bytes.xorInt32(iv, 2, ssrc);
    Bytes.xorInt48(iv, 6, index);
    MemorySegment.copy(iv, 0, memory, JAVA_BYTE, IV_AT, IV_BYTES);
    library.start(context, address + IV_AT, encrypt);
  }

  private void authenticate(long context, int at, int bytes) {
    library.update(context, 0, address + LENGTH_AT, address + PACKET_AT + at, bytes);
  }

  private void seal(long context, int at, int bytes) {
    long from = address + PACKET_AT + at;
    library.update(context, from, address + LENGTH_AT, from, bytes);
    library.last(context, from + bytes, address + LENGTH_AT);
    library.control(context, Libcrypto.CTRL_GET_TAG, TAG_BYTES, from + bytes);
  }

  private boolean open(long context, int at, int bytes) {
    long from = address + PACKET_AT + at;
    library.update(context, from, address + LENGTH_AT, from, bytes);
    library.control(context, Libcrypto.CTRL_SET_TAG, TAG_BYTES, from + bytes);
    return library.last(context, from + bytes, address + LENGTH_AT);
  }
}
