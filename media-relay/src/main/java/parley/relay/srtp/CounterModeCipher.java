package parley.relay.srtp;

import java.security.GeneralSecurityException;
import javax.crypto.Cipher;
import javax.crypto.spec.SecretKeySpec;
import parley.relay.srtp.KeyDerivation.Label;

/** AES_CM_128_HMAC_SHA1_80 (RFC 3711 §4.1.1, §4.2.1) on the JDK's AES and SHA-1. */
final class CounterModeCipher implements PacketCipher {

  private static final int TAG_BYTES = SrtpProfile.AES_CM_128_HMAC_SHA1_80.tagBytes;
  private static final int SALT_BYTES = SrtpProfile.AES_CM_128_HMAC_SHA1_80.saltBytes;
  private static final int AUTH_KEY_BYTES = 20;
  private static final int INDEX_BYTES = 4;
  private static final int RTCP_CLEAR_BYTES = 8;
  private static final int ENCRYPTED = 0x8000_0000;

  private final Half rtp;
  private final Half rtcp;

  /** RTP or RTCP: each has keys of its own. */
  private static final class Half {
    final CounterKeystream keystream;
    final HmacSha1 hmac;
    final byte[] tag = new byte[HmacSha1.BYTES];

    Half(byte[] key, byte[] salt, byte[] authKey) {
      keystream = new CounterKeystream(key, salt);
      hmac = new HmacSha1(authKey);
    }

    boolean tagMatches(byte[] data, int at) {
      return Bytes.equalConstantTime(tag, 0, data, at, TAG_BYTES);
    }
  }

  /** AES in counter mode, written as ECB over counter blocks: no new initialisation per packet. */
  static final class CounterKeystream {
    private static final int BLOCK_BYTES = 16;

    private final Cipher aes;
    private final byte[] salt;
    private final byte[] first = new byte[SALT_BYTES];
    private final byte[] counters =
        new byte[PacketBuffer.CAPACITY_BYTES / BLOCK_BYTES * BLOCK_BYTES];
    private final byte[] stream = new byte[counters.length];

    CounterKeystream(byte[] key, byte[] salt) {
      this.salt = salt;
      try {
        aes = Cipher.getInstance("AES/ECB/NoPadding");
        aes.init(Cipher.ENCRYPT_MODE, new SecretKeySpec(key, "AES"));
      } catch (GeneralSecurityException e) {
        throw new IllegalStateException("every JDK has AES", e);
      }
    }

    /** RFC 3711 §4.1.1: salt, SSRC and 48-bit index, then a 16-bit block counter. */
    void apply(byte[] data, int at, int length, int ssrc, long index) {
      int bytes = (length + BLOCK_BYTES - 1) / BLOCK_BYTES * BLOCK_BYTES;
      System.arraycopy(salt, 0, first, 0, SALT_BYTES);
      Bytes.xorInt32(first, 4, ssrc);
      Bytes.xorInt48(first, 8, index);
      for (int block = 0; block < bytes; block += BLOCK_BYTES) {
        int count = block / BLOCK_BYTES;
        System.arraycopy(first, 0, counters, block, SALT_BYTES);
        counters[block + 14] = (byte) (count >>> 8);
        counters[block + 15] = (byte) count;
      }
      try {
        aes.update(counters, 0, bytes, stream, 0);
      } catch (GeneralSecurityException e) {
        throw new IllegalStateException("AES", e);
      }
      for (int i = 0; i < length; i++) {
        data[at + i] ^= stream[i];
      }
    }
  }

  CounterModeCipher(KeyDerivation keys) {
    int keyBytes = SrtpProfile.AES_CM_128_HMAC_SHA1_80.keyBytes;
    rtp =
        new Half(
            keys.derive(Label.RTP_ENCRYPTION, keyBytes),
            keys.derive(Label.RTP_SALT, SALT_BYTES),
            keys.derive(Label.RTP_AUTHENTICATION, AUTH_KEY_BYTES));
    rtcp =
        new Half(
            keys.derive(Label.RTCP_ENCRYPTION, keyBytes),
            keys.derive(Label.RTCP_SALT, SALT_BYTES),
            keys.derive(Label.RTCP_AUTHENTICATION, AUTH_KEY_BYTES));
  }

  @Override
  public int rtpOverhead() {
    return TAG_BYTES;
  }

  @Override
  public int rtcpOverhead() {
    return INDEX_BYTES + TAG_BYTES;
  }

  @Override
  public void protectRtp(
      byte[] data, int offset, int headerBytes, int length, int ssrc, long index) {
    rtp.keystream.apply(data, offset + headerBytes, length - headerBytes, ssrc, index);
    rtp.hmac.sign(data, offset, length, (int) (index >>> 16), rtp.tag);
    System.arraycopy(rtp.tag, 0, data, offset + length, TAG_BYTES);
  }

  @Override
  public boolean unprotectRtp(
      byte[] data, int offset, int headerBytes, int length, int ssrc, long index) {
    int plainLength = length - TAG_BYTES;
    rtp.hmac.sign(data, offset, plainLength, (int) (index >>> 16), rtp.tag);
    if (!rtp.tagMatches(data, offset + plainLength)) {
      return false;
    }
    rtp.keystream.apply(data, offset + headerBytes, plainLength - headerBytes, ssrc, index);
    return true;
  }

  @Override
  public void protectRtcp(byte[] data, int offset, int length, int ssrc, int index) {
    rtcp.keystream.apply(data, offset + RTCP_CLEAR_BYTES, length - RTCP_CLEAR_BYTES, ssrc, index);
    Bytes.putInt32(data, offset + length, index | ENCRYPTED);
    rtcp.hmac.sign(data, offset, length + INDEX_BYTES, rtcp.tag);
    System.arraycopy(rtcp.tag, 0, data, offset + length + INDEX_BYTES, TAG_BYTES);
  }

  @Override
  public int rtcpIndexWord(byte[] data, int offset, int length) {
    return Bytes.int32(data, offset + length - TAG_BYTES - INDEX_BYTES);
  }

  @Override
  public boolean unprotectRtcp(byte[] data, int offset, int length, int ssrc, int index) {
    int signedLength = length - TAG_BYTES;
    rtcp.hmac.sign(data, offset, signedLength, rtcp.tag);
    if (!rtcp.tagMatches(data, offset + signedLength)) {
      return false;
    }
    rtcp.keystream.apply(
        data,
        offset + RTCP_CLEAR_BYTES,
        signedLength - INDEX_BYTES - RTCP_CLEAR_BYTES,
        ssrc,
        index);
    return true;
  }
}
