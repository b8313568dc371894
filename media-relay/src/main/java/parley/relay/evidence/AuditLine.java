package parley.relay.evidence;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.PublicKey;
import java.security.Signature;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A line of the audit log: one JSON object whose first key is its number and whose last two are the
 * SHA-256 of the whole line before it (without the newline) and an Ed25519 signature over all that
 * stands before the signature. There is one way to write a line: what could be spelt in two ways
 * could be changed unnoticed.
 *
 * @param n counts from 1, through all files
 * @param text without the newline
 * @param before SHA-256 of the line before, 64 digits
 */
record AuditLine(long n, String text, String before) {

  /** What {@link #before} is in the very first line. */
  static final String START = "0".repeat(64);

  /** Six fields of 500 characters, each at most six bytes when escaped, and the frame. */
  static final int MAX_BYTES = 32_768;

  private static final String SIGNED = "parley-audit 1 ";
  private static final String SIGNATURE = ",\"signature\":\"";

  private static final DateTimeFormatter ISO =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSSSSS'Z'").withZone(ZoneOffset.UTC);

  private static final Pattern FRAME =
      Pattern.compile(
          "\\{\"n\":([1-9][0-9]{0,17}),\"at\":\".*\",\"before\":\"([0-9a-f]{64})\""
              + SIGNATURE
              + "([A-Za-z0-9+/]{86}==)\"\\}",
          Pattern.DOTALL);

  /** Writes a line. */
  static AuditLine write(long n, Instant at, AuditEntry entry, String before, SigningKey key) {
    var text = new StringBuilder(512).append("{\"n\":").append(n);
    add(text, "at", ISO.format(at));
    add(text, "who", entry.who());
    add(text, "what", entry.what());
    add(text, "on", entry.on());
    add(text, "why", entry.why());
    add(text, "from", entry.from());
    add(text, "outcome", entry.outcome());
    add(text, "before", before);
    byte[] signature = key.sign(signed(text.toString()));
    text.append(SIGNATURE).append(Base64.getEncoder().encodeToString(signature)).append("\"}");
    return new AuditLine(n, text.toString(), before);
  }

  /** Empty when it has not the form of a line. */
  static Optional<AuditLine> tryParse(String text) {
    Matcher frame = FRAME.matcher(text);
    if (!frame.matches()) {
      return Optional.empty();
    }
    byte[] signature = Base64.getDecoder().decode(frame.group(3));
    // The last letter has four bits that no decoder looks at.
    return Base64.getEncoder().encodeToString(signature).equals(frame.group(3))
        ? Optional.of(new AuditLine(Long.parseLong(frame.group(1)), text, frame.group(2)))
        : Optional.empty();
  }

  /** What the next line holds as the SHA-256 of the line before. */
  String sha256() {
    return SealLine.hex(SealLine.sha256(text.getBytes(StandardCharsets.UTF_8)));
  }

  /** Whether this line comes right behind that one. */
  boolean follows(AuditLine other) {
    return n == other.n + 1
        && MessageDigest.isEqual(
            HexFormat.of().parseHex(before), HexFormat.of().parseHex(other.sha256()));
  }

  /** What its signature is over. */
  byte[] signed() {
    return signed(text.substring(0, text.lastIndexOf(SIGNATURE)));
  }

  boolean isSignedBy(PublicKey key) {
    try {
      Signature verification = Signature.getInstance("Ed25519");
      verification.initVerify(key);
      verification.update(signed());
      return verification.verify(signature());
    } catch (GeneralSecurityException e) {
      return false; // a signature that is none
    }
  }

  byte[] signature() {
    int from = text.lastIndexOf(SIGNATURE) + SIGNATURE.length();
    return Base64.getDecoder().decode(text.substring(from, text.length() - 2));
  }

  private static byte[] signed(String text) {
    String hash = SealLine.hex(SealLine.sha256(text.getBytes(StandardCharsets.UTF_8)));
    return (SIGNED + hash).getBytes(StandardCharsets.US_ASCII);
  }

  private static void add(StringBuilder text, String name, String value) {
    text.append(",\"").append(name).append("\":\"");
    value
        .codePoints()
        .forEach(
            c -> {
              if (c == '"' || c == '\\') {
                text.append('\\').append((char) c);
              } else if (c < 0x20 || c == 0x7f || c == 0x2028 || c == 0x2029 || lonely(c)) {
                text.append("\\u").append(HexFormat.of().toHexDigits((char) c));
              } else {
                text.appendCodePoint(c);
              }
            });
    text.append('"');
  }

  /** Half of a surrogate pair, which UTF-8 cannot say. */
  private static boolean lonely(int c) {
    return c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE;
  }
}
