package parley.relay.evidence;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * One line of a seal: a text, a tab, and the link of the chain at this line, which is the SHA-256
 * of the link before it and the text. A line that is changed, moved, left out or put in breaks it.
 */
final class SealLine {

  /** The first line: this layout. */
  static final String FORMAT = "parley-seal 1";

  /** The link before the first line. */
  static final byte[] START = new byte[32];

  private SealLine() {}

  /** The link at a line. */
  static byte[] link(byte[] before, String text) {
    MessageDigest digest = digest();
    digest.update(before);
    return digest.digest(text.getBytes(StandardCharsets.UTF_8));
  }

  /** What is signed for all lines up to the one with this link. */
  static byte[] signed(byte[] link) {
    return (FORMAT + " " + hex(link)).getBytes(StandardCharsets.US_ASCII);
  }

  static byte[] sha256(byte[] data) {
    return digest().digest(data);
  }

  static MessageDigest digest() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  static String hex(byte[] data) {
    return HexFormat.of().formatHex(data);
  }
}
