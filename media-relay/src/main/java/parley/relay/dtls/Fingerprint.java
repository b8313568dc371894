package parley.relay.dtls;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Hash of a certificate as SDP carries it (RFC 8122 §5).
 *
 * @param algorithm sha-256, sha-384 or sha-512
 * @param hex upper-case bytes, separated by colons
 */
public record Fingerprint(String algorithm, String hex) {

  private static final HexFormat COLONS = HexFormat.ofDelimiter(":").withUpperCase();
  private static final Pattern HEX_BYTES = Pattern.compile("[0-9A-F]{2}(:[0-9A-F]{2})*");

  /**
   * Reads an {@code a=fingerprint} value such as {@code sha-256 AB:CD:…}. Null if it is malformed
   * or its hash is refused: sha-1 and md5 no longer bind a certificate (RFC 8122 §5.1).
   */
  public static @Nullable Fingerprint tryParse(String sdpValue) {
    String[] parts = sdpValue.trim().split("\\s+", 3);
    if (parts.length != 2) {
      return null;
    }
    String algorithm = parts[0].toLowerCase(Locale.ROOT);
    int hashBytes =
        switch (algorithm) {
          case "sha-256" -> 32;
          case "sha-384" -> 48;
          case "sha-512" -> 64;
          default -> 0;
        };
    String hex = parts[1].toUpperCase(Locale.ROOT);
    if (hashBytes == 0 || hex.length() != hashBytes * 3 - 1 || !HEX_BYTES.matcher(hex).matches()) {
      return null;
    }
    return new Fingerprint(algorithm, hex);
  }

  /**
   * The fingerprint of a certificate.
   *
   * @param algorithm one of those that {@link #tryParse} accepts
   * @param der the certificate's encoding
   */
  static Fingerprint of(String algorithm, byte[] der) {
    try {
      byte[] hash = MessageDigest.getInstance(algorithm.replace("sha-", "SHA-")).digest(der);
      return new Fingerprint(algorithm, COLONS.formatHex(hash));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has " + algorithm, e);
    }
  }

  /** Whether this is the fingerprint of the certificate with this encoding. */
  boolean matches(byte[] der) {
    return MessageDigest.isEqual(
        hex.getBytes(StandardCharsets.US_ASCII),
        of(algorithm, der).hex.getBytes(StandardCharsets.US_ASCII));
  }

  /** As in SDP: {@code sha-256 AB:CD:…}. */
  public String sdpValue() {
    return algorithm + " " + hex;
  }
}
