package parley.signalling.wire;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;

/** The kinds of chats. */
public enum ChatType {
  DIRECT,
  GROUP,
  TASK;

  /** What kind of chat a jid names. */
  public static ChatType of(Jid jid) {
    return switch (jid.kind()) {
      case CONTACT -> DIRECT;
      case GROUP -> GROUP;
      case TASK -> TASK;
    };
  }

  @Override
  @JsonValue
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
