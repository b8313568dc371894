package parley.signalling.servers;

import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a service token may do. */
public enum Scope {
  /** Look at calls. */
  CALLS_READ("calls:read"),
  /** Start, end and ring; mute and put out participants. */
  CALLS_WRITE("calls:write"),
  /** Switch recording. */
  RECORDING_WRITE("recording:write"),
  /** Fetch the STUN and TURN servers of a contact. */
  ICE_READ("ice:read"),
  /** Have the node examined. */
  NODE_EXAMINE("node:examine"),
  /** Search recordings, look at them, have them verified. */
  RECORDINGS_LIST("recordings:list"),
  /** Hear recordings. */
  RECORDINGS_PLAY("recordings:play"),
  /** Take recordings away. */
  RECORDINGS_EXPORT("recordings:export"),
  /** Decide for how long recordings are kept. */
  RECORDINGS_HOLD("recordings:hold"),
  /** Delete recordings. */
  RECORDINGS_DELETE("recordings:delete"),
  /** Read the metrics. */
  METRICS_READ("metrics:read"),
  /** Sign in at the operator's page and look. */
  OPERATE_VIEW("operate:view"),
  /** Look there, and end calls, mute and put out participants. */
  OPERATE_ACT("operate:act");

  private final String text;

  Scope(String text) {
    this.text = text;
  }

  /** Null when there is none of this name. */
  public static @Nullable Scope tryParse(String text) {
    return Arrays.stream(values()).filter(s -> s.text.equals(text)).findFirst().orElse(null);
  }

  /** All names, as they stand in settings. */
  public static List<String> names() {
    return Arrays.stream(values()).map(Scope::toString).toList();
  }

  @Override
  public String toString() {
    return text;
  }
}
