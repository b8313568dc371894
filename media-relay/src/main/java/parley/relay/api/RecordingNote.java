package parley.relay.api;

import java.util.Map;

/**
 * Something that a recording has to tell beside what was said: a mask, a notice, somebody's
 * consent.
 *
 * @param what a word: {@code masked}, {@code consent}, {@code notice_played}
 * @param contact whom it is about, as in {@link PeerInfo}; empty: everybody
 * @param peer the device, where it is about one; else empty
 * @param text for people: why, by whom
 * @param figures counts that go with it
 */
public record RecordingNote(
    String what, String contact, String peer, String text, Map<String, Long> figures) {

  /** What a contact said to being recorded; each recording of the call tells it. */
  public static final String CONSENT = "consent";

  /** A sentence or two. */
  private static final int MAX_TEXT = 1_000;

  public RecordingNote {
    text = text.length() <= MAX_TEXT ? text : text.substring(0, MAX_TEXT);
    figures = Map.copyOf(figures);
  }

  /** One without figures, about a contact. */
  public static RecordingNote about(String what, String contact, String text) {
    return new RecordingNote(what, contact, "", text, Map.of());
  }
}
