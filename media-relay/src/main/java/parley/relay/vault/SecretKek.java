package parley.relay.vault;

import java.security.GeneralSecurityException;
import java.security.Provider;
import java.security.SecureRandom;
import java.util.Arrays;
import javax.crypto.Cipher;
import javax.crypto.SecretKey;
import javax.crypto.spec.GCMParameterSpec;
import org.jspecify.annotations.Nullable;

/**
 * An AES key that wraps by AES-GCM: of a file, of a PKCS #12 store, or in a device (PKCS #11) that
 * never gives it out. A wrapped key is the nonce (12 bytes) and the ciphertext with its tag.
 */
final class SecretKek implements KeyEncryptionKey {

  static final String METHOD = "AES-256-GCM";

  private static final int NONCE_BYTES = 12;
  private static final int TAG_BITS = 128;

  private final String id;
  private final SecretKey key;
  private final @Nullable Provider device;
  private final SecureRandom random = new SecureRandom();

  /**
   * @param device which works with this key; null: the JDK itself
   */
  SecretKek(String id, SecretKey key, @Nullable Provider device) {
    this.id = id;
    this.key = key;
    this.device = device;
  }

  @Override
  public String id() {
    return id;
  }

  @Override
  public String method() {
    return METHOD;
  }

  @Override
  public boolean unwraps() {
    return true;
  }

  @Override
  public byte[] wrap(DataKey dataKey) throws GeneralSecurityException {
    byte[] nonce = new byte[NONCE_BYTES];
    random.nextBytes(nonce);
    byte[] sealed = cipher(Cipher.ENCRYPT_MODE, nonce, dataKey.id()).doFinal(dataKey.secret());
    byte[] wrapped = Arrays.copyOf(nonce, NONCE_BYTES + sealed.length);
    System.arraycopy(sealed, 0, wrapped, NONCE_BYTES, sealed.length);
    return wrapped;
  }

  @Override
  public DataKey unwrap(byte[] wrapped, String dataKeyId) throws GeneralSecurityException {
    if (wrapped.length <= NONCE_BYTES) {
      throw new GeneralSecurityException("it is too short");
    }
    byte[] nonce = Arrays.copyOf(wrapped, NONCE_BYTES);
    byte[] secret =
        cipher(Cipher.DECRYPT_MODE, nonce, dataKeyId)
            .doFinal(wrapped, NONCE_BYTES, wrapped.length - NONCE_BYTES);
    return KeyEncryptionKey.checked(secret, dataKeyId);
  }

  private Cipher cipher(int mode, byte[] nonce, String dataKeyId) throws GeneralSecurityException {
    String how = "AES/GCM/NoPadding";
    Cipher cipher = device == null ? Cipher.getInstance(how) : Cipher.getInstance(how, device);
    cipher.init(mode, key, new GCMParameterSpec(TAG_BITS, nonce));
    cipher.updateAAD(KeyEncryptionKey.context(dataKeyId));
    return cipher;
  }

  @Override
  public String toString() {
    return "SecretKek[" + id + "]";
  }
}
