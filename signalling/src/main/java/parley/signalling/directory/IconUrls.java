package parley.signalling.directory;

import org.jspecify.annotations.Nullable;
import parley.signalling.wire.IconData;
import parley.signalling.wire.IconData.SingleIcon;

/**
 * Where clients find icons. Events are written once for many clients, who reach this server by
 * different names: they carry {@link #PLACEHOLDER} as the server's address, and each socket puts in
 * the one its client used.
 */
public final class IconUrls {

  /** A name that can never be anyone's (RFC 6761 §6.4). */
  static final String PLACEHOLDER = "http://parley.invalid";

  private static final int SMALL_PIXELS = 64;
  private static final int LARGE_PIXELS = 512;

  private IconUrls() {}

  /**
   * @param name jid or uid of what the icon stands for
   */
  static IconData data(Icon icon, String name) {
    IconData told = icon.told();
    if (told != null) {
      return told;
    }
    String url = icon.url().isEmpty() ? PLACEHOLDER + "/icons/" + name + ".svg" : icon.url();
    return new IconData(
        new SingleIcon(url, SMALL_PIXELS, SMALL_PIXELS),
        new SingleIcon(url, LARGE_PIXELS, LARGE_PIXELS),
        "",
        icon.letters(),
        icon.color());
  }

  /**
   * Puts in the address by which a client reaches this server.
   *
   * @param base scheme, host and port without a slash at the end
   */
  public static String resolve(String json, String base) {
    return json.replace(PLACEHOLDER, base);
  }

  /** The icon of a team, or of something in it; null when it has none of this name. */
  static @Nullable Icon find(Team team, String name) {
    return team.uid().value().equals(name) ? team.icon() : team.icon(name);
  }
}
