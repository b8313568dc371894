package parley.signalling.webhook;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** What a receiver and we share, and sign with (Standard Webhooks 1.0, "Signature scheme"). */
public final class WebhookSecret {

  private static final String PREFIX = "whsec_";
  private static final String HMAC = "HmacSHA256";

  /** The convention asks for 24 to 64 bytes. */
  private static final int MIN_BYTES = 24;

  private static final int MAX_BYTES = 64;

  private final SecretKeySpec key;

  private WebhookSecret(byte[] key) {
    this.key = new SecretKeySpec(key, HMAC);
  }

  /**
   * Reads {@code whsec_} and the key in base64; the prefix may be left out.
   *
   * @throws IllegalArgumentException with a sentence that says what would be right
   */
  public static WebhookSecret of(String text) {
    byte[] key;
    try {
      key = Base64.getDecoder().decode(text.startsWith(PREFIX) ? text.substring(6) : text);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "a secret is not in base64; right would be whsec_ and what `openssl rand -base64 32`"
              + " prints",
          e);
    }
    if (key.length < MIN_BYTES || key.length > MAX_BYTES) {
      throw new IllegalArgumentException(
          "a secret has "
              + key.length
              + " bytes; right would be 24 to 64: whsec_ and what `openssl rand -base64 32`"
              + " prints");
    }
    return new WebhookSecret(key);
  }

  /**
   * One signature, as it stands in {@code webhook-signature}.
   *
   * @param id the message's, without a full stop
   * @param timestamp of the attempt, Unix seconds
   */
  public String sign(String id, long timestamp, byte[] body) {
    try {
      Mac mac = Mac.getInstance(HMAC);
      mac.init(key);
      mac.update((id + "." + timestamp + ".").getBytes(StandardCharsets.UTF_8));
      return "v1," + Base64.getEncoder().encodeToString(mac.doFinal(body));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK has HMAC-SHA256", e);
    }
  }

  @Override
  public String toString() {
    return "WebhookSecret";
  }
}
