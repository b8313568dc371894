package parley.relay.srtp;

import java.security.GeneralSecurityException;
import java.util.Arrays;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import parley.relay.srtp.KeyDerivation.Label;

/** AEAD_AES_128_GCM (RFC 7714) on the JDK's cipher. */
final class GcmCipher implements PacketCipher {

  private static final int TAG_BYTES = SrtpProfile.AEAD_AES_128_GCM.tagBytes;
  private static final int IV_BYTES = 12;
  private static final int INDEX_BYTES = 4;
  private static final int RTCP_CLEAR_BYTES = 8;
  private static final int ENCRYPTED = 0x8000_0000;

  private final Half rtp;
  private final Half rtcp;

  /** RTP or RTCP: each has keys of its own. */
  private static final class Half {
    final Cipher cipher;
    final SecretKeySpec key;
    final byte[] salt;
    final byte[] iv = new byte[IV_BYTES];
    final byte[] lastIv = new byte[IV_BYTES];

    /** JDK decryption in place would allocate as much as the whole buffer. */
    final byte[] plain = new byte[PacketBuffer.CAPACITY_BYTES];

    Half(byte[] key, byte[] salt) {
      this.key = new SecretKeySpec(key, "AES");
      this.salt = salt;
      try {
        this.cipher = Cipher.getInstance("AES/GCM/NoPadding");
      } catch (GeneralSecurityException e) {
        throw new IllegalStateException("every JDK has AES-GCM", e);
      }
    }

    /** RFC 7714 §8.1 and §9.1: SSRC and 48-bit index, two zero bytes before them. */
    void iv(int ssrc, long index) {
      System.arraycopy(salt, 0, iv, 0, IV_BYTES);
      Bytes.xorInt32(iv, 2, ssrc);
      Bytes.xorInt48(iv, 6, index);
    }

    void encrypt(byte[] data, int aadAt, int aadBytes, int at, int bytes)
        throws GeneralSecurityException {
      start();
      cipher.updateAAD(data, aadAt, aadBytes);
      cipher.doFinal(data, at, bytes, data, at);
    }

    /**
     * The JDK refuses the same IV twice in a row. For us that is a retransmission, the same bytes
     * again, which is safe; so it gets to see another IV in between, under which nothing is
     * encrypted.
     */
    void start() throws GeneralSecurityException {
      if (Arrays.equals(iv, lastIv)) {
        iv[0] ^= (byte) 0x80;
        cipher.init(Cipher.ENCRYPT_MODE, key, new GCMParameterSpec(TAG_BYTES * 8, iv));
        iv[0] ^= (byte) 0x80;
      }
      cipher.init(Cipher.ENCRYPT_MODE, key, new GCMParameterSpec(TAG_BYTES * 8, iv));
      System.arraycopy(iv, 0, lastIv, 0, IV_BYTES);
    }

    boolean decrypt(byte[] data, int at, int bytes) {
      try {
        int length = cipher.doFinal(data, at, bytes, plain, 0);
        System.arraycopy(plain, 0, data, at, length);
        return true;
      } catch (AEADBadTagException e) {
        return false;
      } catch (GeneralSecurityException e) {
        throw new IllegalStateException("AES-GCM", e);
      }
    }

    void startDecryption() {
      try {
        cipher.init(Cipher.DECRYPT_MODE, key, new GCMParameterSpec(TAG_BYTES * 8, iv));
      } catch (GeneralSecurityException e) {
        throw new IllegalStateException("AES-GCM", e);
      }
    }
  }

  GcmCipher(KeyDerivation keys) {
    this(
        keys.derive(Label.RTP_ENCRYPTION, SrtpProfile.AEAD_AES_128_GCM.keyBytes),
        keys.derive(Label.RTP_SALT, IV_BYTES),
        keys.derive(Label.RTCP_ENCRYPTION, SrtpProfile.AEAD_AES_128_GCM.keyBytes),
        keys.derive(Label.RTCP_SALT, IV_BYTES));
  }

  /** With session keys. */
  GcmCipher(byte[] rtpKey, byte[] rtpSalt, byte[] rtcpKey, byte[] rtcpSalt) {
    rtp = new Half(rtpKey, rtpSalt);
    rtcp = new Half(rtcpKey, rtcpSalt);
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
    rtp.iv(ssrc, index);
    try {
      rtp.encrypt(data, offset, headerBytes, offset + headerBytes, length - headerBytes);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("AES-GCM", e);
    }
  }

  @Override
  public boolean unprotectRtp(
      byte[] data, int offset, int headerBytes, int length, int ssrc, long index) {
    rtp.iv(ssrc, index);
    rtp.startDecryption();
    rtp.cipher.updateAAD(data, offset, headerBytes);
    return rtp.decrypt(data, offset + headerBytes, length - headerBytes);
  }

  /** RFC 7714 §9: the index word is authenticated after the header and sent after the tag. */
  @Override
  public void protectRtcp(byte[] data, int offset, int length, int ssrc, int index) {
    int wordAt = offset + length + TAG_BYTES;
    rtcp.iv(ssrc, index);
    Bytes.putInt32(data, wordAt, index | ENCRYPTED);
    try {
      rtcp.start();
      rtcp.cipher.updateAAD(data, offset, RTCP_CLEAR_BYTES);
      rtcp.cipher.updateAAD(data, wordAt, INDEX_BYTES);
      rtcp.cipher.doFinal(
          data,
          offset + RTCP_CLEAR_BYTES,
          length - RTCP_CLEAR_BYTES,
          data,
          offset + RTCP_CLEAR_BYTES);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("AES-GCM", e);
    }
  }

  @Override
  public int rtcpIndexWord(byte[] data, int offset, int length) {
    return Bytes.int32(data, offset + length - INDEX_BYTES);
  }

  @Override
  public boolean unprotectRtcp(byte[] data, int offset, int length, int ssrc, int index) {
    rtcp.iv(ssrc, index);
    rtcp.startDecryption();
    rtcp.cipher.updateAAD(data, offset, RTCP_CLEAR_BYTES);
    rtcp.cipher.updateAAD(data, offset + length - INDEX_BYTES, INDEX_BYTES);
    return rtcp.decrypt(data, offset + RTCP_CLEAR_BYTES, length - INDEX_BYTES - RTCP_CLEAR_BYTES);
  }
}
