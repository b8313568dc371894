package parley.relay.turn;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import org.jspecify.annotations.Nullable;

/** How a password becomes a key (RFC 8489 §18.5). */
enum PasswordAlgorithm {
  MD5(1, "MD5"),
  SHA256(2, "SHA-256");

  static final int ENTRY_BYTES = 4;

  private final int number;
  private final String digest;

  PasswordAlgorithm(int number, String digest) {
    this.number = number;
    this.digest = digest;
  }

  /**
   * What PASSWORD-ALGORITHM holds, and each entry of the offer: a number, and how long its
   * parameters are, which is 0 for all that there are. Null: none that we know.
   */
  static @Nullable PasswordAlgorithm ofEntry(int entry) {
    for (PasswordAlgorithm each : values()) {
      if (each.number << 16 == entry) {
        return each;
      }
    }
    return null;
  }

  /** What PASSWORD-ALGORITHMS offers: the stronger first; neither takes parameters. */
  static byte[] offered() {
    return new byte[] {0, (byte) SHA256.number, 0, 0, 0, (byte) MD5.number, 0, 0};
  }

  byte[] key(String username, String realm, String password) {
    return digest(username + ":" + realm + ":" + password);
  }

  /** USERHASH is SHA-256 whatever the password's algorithm (RFC 8489 §14.4). */
  static byte[] userHash(String username, String realm) {
    return SHA256.digest(username + ":" + realm);
  }

  private byte[] digest(String text) {
    try {
      return MessageDigest.getInstance(digest).digest(text.getBytes(StandardCharsets.UTF_8));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has " + digest, e);
    }
  }
}
