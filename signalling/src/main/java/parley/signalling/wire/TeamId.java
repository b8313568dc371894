package parley.signalling.wire;

import com.fasterxml.jackson.annotation.JsonValue;

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

  @Override
  @JsonValue
  public String toString() {
    return value;
  }
}
