package parley.relay.call;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Whether what comes from one peer goes into the recording. What was sent under a mask stays out
 * also when repairs bring it after the mask.
 */
final class RecordingGate {

  /** Numbers: what comes later than 20 s was sent by nobody who repairs. */
  private static final int MEMORY = 1_000;

  private @Nullable String mask;
  private int maskedSequence; // the newest number that was kept out, 16 bits
  private boolean maskedBefore; // there is such a number in the current stream

  /** Why nothing is recorded; null: it is. */
  @Nullable String mask() {
    return mask;
  }

  /**
   * Shuts the gate, or opens it.
   *
   * @param why null: open
   * @return whether it was the other way round before
   */
  boolean mask(@Nullable String why) {
    boolean toggles = Objects.isNull(why) != Objects.isNull(mask);
    mask = why;
    return toggles;
  }

  /** Another stream has other numbers. */
  void streamChanged() {
    maskedBefore = false;
  }

  /**
   * @param sequence of a packet, 16 bits
   */
  boolean lets(int sequence) {
    int ahead = (short) (sequence - maskedSequence);
    if (mask != null) {
      if (!maskedBefore || ahead > 0) {
        maskedSequence = sequence;
        maskedBefore = true;
      }
      return false;
    }
    if (!maskedBefore) {
      return true;
    }
    maskedBefore = ahead < MEMORY;
    return ahead > 0;
  }
}
