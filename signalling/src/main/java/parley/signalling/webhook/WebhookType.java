package parley.signalling.webhook;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The events there are. */
public enum WebhookType {
  CALL_BUZZ("call.buzz"),
  CALL_STARTED("call.started"),
  CALL_FINISHED("call.finished"),
  RECORDING_READY("recording.ready"),
  RECORDING_FAILED("recording.failed"),
  RECORDING_MISSING("recording.missing");

  private final String text;

  WebhookType(String text) {
    this.text = text;
  }

  /** Null when there is none of this name. */
  public static @Nullable WebhookType tryParse(String text) {
    return Arrays.stream(values()).filter(type -> type.text.equals(text)).findFirst().orElse(null);
  }

  /** All names, as they stand in settings. */
  public static List<String> names() {
    return Arrays.stream(values()).map(WebhookType::toString).toList();
  }

  @Override
  @JsonValue
  public String toString() {
    return text;
  }
}
