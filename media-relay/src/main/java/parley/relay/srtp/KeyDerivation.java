package parley.relay.srtp;

import java.security.GeneralSecurityException;
import java.util.Arrays;
import javax.crypto.Cipher;
import javax.crypto.spec.SecretKeySpec;

/** Session keys out of master key and salt (RFC 3711 §4.3, RFC 7714 §11), key derivation rate 0. */
final class KeyDerivation {

  /** RFC 3711 §4.3.1 and §4.3.2. */
  enum Label {
    RTP_ENCRYPTION,
    RTP_AUTHENTICATION,
    RTP_SALT,
    RTCP_ENCRYPTION,
    RTCP_AUTHENTICATION,
    RTCP_SALT
  }

  private static final int LABEL_AT = 7;
  private static final int BLOCK_BYTES = 16;

  private final byte[] masterKey;
  private final byte[] masterSalt;

  KeyDerivation(byte[] masterKey, byte[] masterSalt) {
    this.masterKey = masterKey;
    this.masterSalt = masterSalt;
  }

  byte[] derive(Label label, int bytes) {
    byte[] counter = Arrays.copyOf(masterSalt, BLOCK_BYTES);
    counter[LABEL_AT] ^= (byte) label.ordinal();
    byte[] blocks = new byte[(bytes + BLOCK_BYTES - 1) / BLOCK_BYTES * BLOCK_BYTES];
    for (int at = 0; at < blocks.length; at += BLOCK_BYTES) {
      counter[BLOCK_BYTES - 1] = (byte) (at / BLOCK_BYTES);
      System.arraycopy(counter, 0, blocks, at, BLOCK_BYTES);
    }
    try {
      Cipher aes = Cipher.getInstance("AES/ECB/NoPadding");
      aes.init(Cipher.ENCRYPT_MODE, new SecretKeySpec(masterKey, "AES"));
      return Arrays.copyOf(aes.doFinal(blocks), bytes);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK has AES", e);
    }
  }
}
