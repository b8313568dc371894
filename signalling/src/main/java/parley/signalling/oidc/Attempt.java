package parley.signalling.oidc;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Base64;

/**
 * One person on the way to the provider and back.
 *
 * @param state proves that who comes back is who was sent (RFC 6749 §10.12)
 * @param nonce proves that the ID token was made for this attempt (OpenID Connect Core §3.1.2.1)
 * @param verifier proves that who redeems the code is who asked for it (RFC 7636 §4.1)
 * @param redirect where the provider sends him back to
 */
public record Attempt(String state, String nonce, String verifier, String redirect) {

  /** RFC 7636 §7.1 wants 256 bits of the verifier; the others get them, too. */
  private static final int SECRET_BYTES = 32;

  static Attempt begin(SecureRandom random, String redirect) {
    return new Attempt(secret(random), secret(random), secret(random), redirect);
  }

  /** S256, the only method that hides the verifier (RFC 7636 §4.2). */
  String challenge() {
    try {
      byte[] ascii = verifier.getBytes(StandardCharsets.US_ASCII);
      return base64(MessageDigest.getInstance("SHA-256").digest(ascii));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JVM has SHA-256", e);
    }
  }

  private static String secret(SecureRandom random) {
    byte[] secret = new byte[SECRET_BYTES];
    random.nextBytes(secret);
    return base64(secret);
  }

  private static String base64(byte[] bytes) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }

  @Override
  public String toString() {
    return "Attempt";
  }
}
