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
  private boolean opening; // unmasked, and nothing has come since but repairs
  private int newest; // number that has come, 16 bits
  private boolean any; // there is one in the current stream

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
    opening = toggles && why == null;
    return toggles;
  }

  /** Another stream has other numbers. */
  void streamChanged() {
    maskedBefore = false;
    any = false;
  }

  /**
   * A packet came, and copies may be taken out of it. The first one that is new after a mask ends
   * the masked stretch: all before it was sent under the mask, whether it came or was lost.
   *
   * @param sequence its own, 16 bits
   */
  void arrived(int sequence) {
    if (any && (short) (sequence - newest) <= 0) {
      return; // a repair, or overtaken
    }
    if (opening) {
      opening = false;
      maskedSequence = sequence - 1 & 0xFFFF;
      maskedBefore = true;
    }
    newest = sequence;
    any = true;
  }

  /**
   * @param sequence of a packet, 16 bits
   */
  boolean lets(int sequence) {
    int ahead = (short) (sequence - maskedSequence);
    if (mask != null || opening) {
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
