package parley.relay.recording;

import java.text.Normalizer;
import java.util.Locale;

/**
 * Names of tracks and folders: made of what anybody may call himself, and yet safe on every file
 * system, in every archive and shell. Letters outside ASCII go, because a JVM started in the C
 * locale cannot even name such a file; the full name stands in {@code call.json}.
 */
final class TrackName {

  /** Recognisable, and far from any file system's limit. */
  private static final int MAX_LENGTH = 40;

  private TrackName() {}

  /**
   * @param number from 1, in the order of joining
   */
  static String of(int number, String displayName) {
    return String.format(Locale.ROOT, "%02d-%s.opus", number, slug(displayName, "participant"));
  }

  /** Lower-case letters, digits and single dashes; {@code otherwise} when nothing is left. */
  static String slug(String text, String otherwise) {
    String plain = Normalizer.normalize(text, Normalizer.Form.NFKD);
    StringBuilder slug = new StringBuilder();
    for (int i = 0; i < plain.length() && slug.length() < MAX_LENGTH; i++) {
      char c = Character.toLowerCase(plain.charAt(i));
      if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9')) {
        slug.append(c);
      } else if (Character.getType(c) != Character.NON_SPACING_MARK
          && !slug.isEmpty()
          && slug.charAt(slug.length() - 1) != '-') {
        slug.append('-');
      }
    }
    if (!slug.isEmpty() && slug.charAt(slug.length() - 1) == '-') {
      slug.setLength(slug.length() - 1);
    }
    return slug.isEmpty() ? otherwise : slug.toString();
  }
}
