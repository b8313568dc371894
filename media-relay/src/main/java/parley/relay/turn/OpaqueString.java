package parley.relay.turn;

import java.text.Normalizer;

/** The profile by which user names, realms and passwords are compared (RFC 8265 §4.2). */
final class OpaqueString {

  private OpaqueString() {}

  /**
   * Other spaces become ASCII's, then everything is composed (NFC).
   *
   * @throws IllegalArgumentException if it is empty or has control characters
   */
  static String of(String text) {
    var mapped = new StringBuilder(text.length());
    text.codePoints()
        .map(c -> Character.getType(c) == Character.SPACE_SEPARATOR ? ' ' : c)
        .forEach(
            c -> {
              if (Character.isISOControl(c)) {
                throw new IllegalArgumentException(
                    "holds a control character, which no user name, realm or password may");
              }
              mapped.appendCodePoint(c);
            });
    if (mapped.isEmpty()) {
      throw new IllegalArgumentException("is empty");
    }
    return Normalizer.normalize(mapped, Normalizer.Form.NFC);
  }
}
