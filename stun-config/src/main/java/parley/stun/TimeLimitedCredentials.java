package parley.stun;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Instant;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Credentials for a TURN server that end by themselves (the "TURN REST API" convention, coturn's
 * {@code use-auth-secret}): the user name is {@code expiry:name}, the password its HMAC-SHA1 under
 * a secret that the server knows, too.
 *
 * @param username to send
 * @param password to send
 * @param expires when a new allocation is refused with them
 */
public record TimeLimitedCredentials(String username, String password, Instant expires) {

  /**
   * @param name whose they are, for quotas and logs of the server
   */
  public static TimeLimitedCredentials make(String secret, String name, Instant expires) {
    String username = expires.getEpochSecond() + ":" + name;
    try {
      Mac mac = Mac.getInstance("HmacSHA1");
      mac.init(new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), "HmacSHA1"));
      byte[] code = mac.doFinal(username.getBytes(StandardCharsets.UTF_8));
      return new TimeLimitedCredentials(
          username, Base64.getEncoder().encodeToString(code), expires);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java platform has HmacSHA1", e);
    }
  }

  @Override
  public String toString() {
    return "TimeLimitedCredentials[" + username + "]";
  }
}
