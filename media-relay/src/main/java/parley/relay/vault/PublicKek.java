package parley.relay.vault;

import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.interfaces.RSAKey;
import java.security.interfaces.XECKey;
import java.security.spec.MGF1ParameterSpec;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Locale;
import javax.crypto.Cipher;
import javax.crypto.KEM;
import javax.crypto.SecretKey;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.OAEPParameterSpec;
import javax.crypto.spec.PSource;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * A public key that wraps; its private half, which this node need not have, unwraps. So a node can
 * record and never read back what it wrote.
 *
 * <p>X25519: DHKEM(X25519, HKDF-SHA256) as in RFC 9180 §4.1 gives an encapsulation (32 bytes) and a
 * shared secret, from which HKDF makes an AES-256-GCM key that is used once. RSA: OAEP with SHA-256
 * (RFC 8017 §7.1), the context as label.
 */
final class PublicKek implements KeyEncryptionKey {

  static final String X25519 = "DHKEM-X25519";
  static final String RSA = "RSA-OAEP-256";

  /** Of a DHKEM with X25519 (RFC 9180 §7.1). */
  private static final int ENCAPSULATION_BYTES = 32;

  private static final int TAG_BITS = 128;
  private static final int KEY_BYTES = 32;

  /** RSA below it is no match for AES-256, above it only slow. */
  private static final int LEAST_RSA_BITS = 3072;

  private final PublicKey publicKey;
  private final @Nullable PrivateKey privateKey;
  private final String method;

  /**
   * @param privateKey null where it is not known
   * @throws GeneralSecurityException for keys of other kinds, or too short ones
   */
  PublicKek(PublicKey publicKey, @Nullable PrivateKey privateKey) throws GeneralSecurityException {
    this.publicKey = publicKey;
    this.privateKey = privateKey;
    if (publicKey instanceof XECKey && publicKey.getEncoded().length == 44) {
      method = X25519;
    } else if (publicKey instanceof RSAKey rsa && rsa.getModulus().bitLength() >= LEAST_RSA_BITS) {
      method = RSA;
    } else {
      throw new GeneralSecurityException(
          "right would be an X25519 key, or an RSA key of 3072 bits and more");
    }
  }

  @Override
  public String id() {
    try {
      byte[] digest = MessageDigest.getInstance("SHA-256").digest(publicKey.getEncoded());
      String kind = method.equals(RSA) ? "rsa" : "x25519";
      return kind + "-" + HexFormat.of().formatHex(digest, 0, 8).toLowerCase(Locale.ROOT);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  @Override
  public String method() {
    return method;
  }

  @Override
  public boolean unwraps() {
    return privateKey != null;
  }

  @Override
  public byte[] wrap(DataKey key) throws GeneralSecurityException {
    if (method.equals(RSA)) {
      Cipher cipher = Cipher.getInstance("RSA/ECB/OAEPPadding");
      cipher.init(Cipher.ENCRYPT_MODE, publicKey, oaep(key.id()));
      return cipher.doFinal(key.secret());
    }
    KEM.Encapsulated secret = KEM.getInstance("DHKEM").newEncapsulator(publicKey).encapsulate();
    byte[] sealed = once(Cipher.ENCRYPT_MODE, secret.key(), key.id()).doFinal(key.secret());
    byte[] wrapped = Arrays.copyOf(secret.encapsulation(), ENCAPSULATION_BYTES + sealed.length);
    System.arraycopy(sealed, 0, wrapped, ENCAPSULATION_BYTES, sealed.length);
    return wrapped;
  }

  @Override
  public DataKey unwrap(byte[] wrapped, String id) throws GeneralSecurityException {
    if (privateKey == null) {
      throw new GeneralSecurityException("the private half of " + id() + " is not here");
    }
    if (method.equals(RSA)) {
      Cipher cipher = Cipher.getInstance("RSA/ECB/OAEPPadding");
      cipher.init(Cipher.DECRYPT_MODE, privateKey, oaep(id));
      return KeyEncryptionKey.checked(cipher.doFinal(wrapped), id);
    }
    if (wrapped.length <= ENCAPSULATION_BYTES) {
      throw new GeneralSecurityException("it is too short");
    }
    SecretKey secret =
        KEM.getInstance("DHKEM")
            .newDecapsulator(privateKey)
            .decapsulate(Arrays.copyOf(wrapped, ENCAPSULATION_BYTES));
    byte[] dataKey =
        once(Cipher.DECRYPT_MODE, secret, id)
            .doFinal(wrapped, ENCAPSULATION_BYTES, wrapped.length - ENCAPSULATION_BYTES);
    return KeyEncryptionKey.checked(dataKey, id);
  }

  /** The key is good for one message, so the nonce may be zero. */
  private static Cipher once(int mode, SecretKey secret, String id)
      throws GeneralSecurityException {
    byte[] key = DataKey.derive(secret.getEncoded(), "parley-wrap 1 " + id, KEY_BYTES);
    Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
    cipher.init(mode, new SecretKeySpec(key, "AES"), new GCMParameterSpec(TAG_BITS, new byte[12]));
    cipher.updateAAD(KeyEncryptionKey.context(id));
    return cipher;
  }

  private static OAEPParameterSpec oaep(String id) {
    return new OAEPParameterSpec(
        "SHA-256",
        "MGF1",
        MGF1ParameterSpec.SHA256,
        new PSource.PSpecified(KeyEncryptionKey.context(id)));
  }

  @Override
  public String toString() {
    return "PublicKek[" + id() + "]";
  }
}
