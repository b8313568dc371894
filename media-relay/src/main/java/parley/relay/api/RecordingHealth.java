package parley.relay.api;

/**
 * Whether a call could be recorded at this moment.
 *
 * @param possible what is known of disk, key and clock speaks for it
 * @param subject what is wrong; of no meaning when nothing is
 * @param reason what is wrong, one sentence; empty when nothing is
 */
public record RecordingHealth(boolean possible, Subject subject, String reason) {

  public static final RecordingHealth GOOD = new RecordingHealth(true, Subject.DISK, "");

  /** What a recording needs. */
  public enum Subject {
    DISK,
    /** Those that sign and encrypt. */
    KEY,
    CLOCK
  }

  /** It is not, because of the disk. */
  public static RecordingHealth impossible(String reason) {
    return impossible(Subject.DISK, reason);
  }

  public static RecordingHealth impossible(Subject subject, String reason) {
    return new RecordingHealth(false, subject, reason);
  }
}
