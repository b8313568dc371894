package parley.signalling.directory;

import java.util.Arrays;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import parley.signalling.wire.IconData;

/**
 * A picture: one that is found elsewhere, or one made of letters on a colour.
 *
 * @param letters one or two
 * @param color background, {@code #rrggbb}
 * @param url of a picture that the chat server has; empty: letters on a colour
 * @param told what the chat server itself tells its clients; null: nothing, so we tell them
 */
public record Icon(String letters, String color, String url, @Nullable IconData told) {

  /** Each dark enough for white letters (contrast of 4.5 and more). */
  private static final String[] PALETTE = {
    "#4f6bed", "#0b7a5f", "#b4478f", "#a5500f", "#7a54c7", "#33708f", "#c2402f", "#6b5b4b"
  };

  private static final Pattern COLOR = Pattern.compile("#[0-9a-fA-F]{6}");

  /** Longer ones are no addresses of pictures; each event about somebody carries it twice. */
  private static final int MAX_URL_CHARS = 1_024;

  /** What a URI is made of (RFC 3986 §2), so that nothing has to be escaped in it. */
  private static final Pattern URL =
      Pattern.compile("https?://[A-Za-z0-9._~:/?#@!$&()*+,;=%\\[\\]-]+");

  /** Two letters, each at most a base character with its accents. */
  private static final int MAX_LETTERS = 8;

  /**
   * @throws IllegalArgumentException with a sentence that says what would be right
   */
  public Icon {
    if (!COLOR.matcher(color).matches()) {
      throw new IllegalArgumentException(
          "color is \""
              + color
              + "\"; right would be like \"#4f6bed\" (quoted: # begins a comment)");
    }
    if (letters.isEmpty() || letters.length() > MAX_LETTERS) {
      throw new IllegalArgumentException(
          "letters is \"" + letters + "\"; right would be one or two letters");
    }
    if (!url.isEmpty() && (url.length() > MAX_URL_CHARS || !URL.matcher(url).matches())) {
      throw new IllegalArgumentException(
          "icon is no address of a picture; right would be like https://chat.example/alice.png");
    }
  }

  public Icon(String letters, String color) {
    this(letters, color, "", null);
  }

  /** The same, for those who find the picture of this address. */
  public Icon withUrl(String picture) {
    return new Icon(letters, color, picture, null);
  }

  /**
   * The icon of something of which the chat server tells its clients.
   *
   * @param told null: it has no picture, so clients draw the name's initials
   * @param key the colour stays the same for it
   */
  public static Icon told(@Nullable IconData told, String name, String key) {
    Icon drawn = of("", "", name, key);
    IconData data = told == null ? IconData.letters(drawn.letters, drawn.color) : told;
    return new Icon(drawn.letters, drawn.color, "", data);
  }

  /**
   * The icon of something that has a name.
   *
   * @param letters empty: the name's initials
   * @param color empty: one that stays the same for this key
   */
  public static Icon of(String letters, String color, String name, String key) {
    return new Icon(
        letters.isEmpty() ? initials(name) : letters,
        color.isEmpty() ? PALETTE[Math.floorMod(key.hashCode(), PALETTE.length)] : color);
  }

  private static String initials(String name) {
    String[] words = name.strip().split("\\s+");
    String initials =
        Arrays.stream(words)
            .filter(word -> !word.isEmpty())
            .limit(2)
            .map(word -> new String(Character.toChars(word.codePointAt(0))))
            .collect(Collectors.joining());
    return initials.isEmpty() ? "?" : initials.toUpperCase(Locale.ROOT);
  }

  /** The picture: scales to any size. */
  public String svg() {
    String text = letters.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
    return """
    <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 64 64" width="512" height="512">\
    <defs><linearGradient id="g" x1="0" y1="0" x2="1" y2="1">\
    <stop offset="0" stop-color="#fff" stop-opacity=".22"/>\
    <stop offset="1" stop-color="#000" stop-opacity=".12"/></linearGradient></defs>\
    <rect width="64" height="64" fill="%s"/><rect width="64" height="64" fill="url(#g)"/>\
    <text x="32" y="33" fill="#fff" font-family="system-ui,-apple-system,'Segoe UI',Roboto,\
    'Helvetica Neue',Arial,sans-serif" font-size="26" font-weight="600" text-anchor="middle" \
    dominant-baseline="central">%s</text></svg>
    """
        .formatted(color, text);
  }
}
