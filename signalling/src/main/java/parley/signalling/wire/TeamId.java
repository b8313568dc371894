package parley.signalling.wire;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * One team: the last part of the WebSocket's address.
 *
 * @param value the protocol's {@code uid}: a UUID in its textual form
 */
public record TeamId(String value) {
  public TeamId {
    if (value.isBlank()) {
      throw new IllegalArgumentException("a team id is never empty");
    }
  }

  /**
   * A team's uid in its one spelling.
   *
   * @throws IllegalArgumentException when the text is no UUID
   */
  public static TeamId of(String text) {
    return new TeamId(UUID.fromString(text).toString());
  }

  /** The same; null when the text is none. */
  public static @Nullable TeamId tryParse(@Nullable String text) {
    try {
      return text == null ? null : of(text);
    } catch (IllegalArgumentException e) {
      return null;
    }
  }

  @Override
  @JsonValue
  public String toString() {
    return value;
  }
}
