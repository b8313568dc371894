package parley.relay.api;

/**
 * Whether a call could be recorded at this moment.
 *
 * @param possible what is known of disk, key and clock speaks for it
 * @param reason what is wrong, one sentence; empty when nothing is
 */
public record RecordingHealth(boolean possible, String reason) {

  public static final RecordingHealth GOOD = new RecordingHealth(true, "");

  public static RecordingHealth impossible(String reason) {
    return new RecordingHealth(false, reason);
  }
}
