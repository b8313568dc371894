package parley.signalling.wire;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.UUID;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Name of a contact, a group or a task: {@code d-}, {@code g-} or {@code t-} and a UUID.
 *
 * <p>UUIDs are equal regardless of case (RFC 9562 §4), so jids are too; they are written in lower
 * case.
 *
 * @param kind what the prefix says
 * @param uuid what follows the first dash
 */
public record Jid(Kind kind, UUID uuid) implements Comparable<Jid> {

  /** What a jid names. */
  public enum Kind {
    CONTACT("d-"),
    GROUP("g-"),
    TASK("t-");

    private final String prefix;

    Kind(String prefix) {
      this.prefix = prefix;
    }
  }

  /** UUID.fromString also takes "1-1-1-1-1", which no client means. */
  private static final Pattern UUID_TEXT =
      Pattern.compile(
          "[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}");

  /** Reads a jid; null when it is none. */
  public static @Nullable Jid tryParse(String text) {
    for (Kind kind : Kind.values()) {
      if (text.startsWith(kind.prefix)) {
        String uuid = text.substring(kind.prefix.length());
        return UUID_TEXT.matcher(uuid).matches() ? new Jid(kind, UUID.fromString(uuid)) : null;
      }
    }
    return null;
  }

  /**
   * Reads a jid that must be one: from configuration, from our own store.
   *
   * @throws IllegalArgumentException when it is none
   */
  public static Jid of(String text) {
    Jid jid = tryParse(text);
    if (jid == null) {
      throw new IllegalArgumentException(
          "not a jid: " + text + " (expected d-, g- or t- followed by a UUID)");
    }
    return jid;
  }

  /** Whether it names a person, and so a direct call. */
  public boolean isContact() {
    return kind == Kind.CONTACT;
  }

  /** Prefix and first group of the UUID: enough to find it in a log. */
  public String shortForm() {
    return toString().substring(0, kind.prefix.length() + 8);
  }

  @Override
  public int compareTo(Jid other) {
    int byKind = kind.compareTo(other.kind);
    return byKind != 0 ? byKind : uuid.compareTo(other.uuid);
  }

  @Override
  @JsonValue
  public String toString() {
    return kind.prefix + uuid;
  }
}
