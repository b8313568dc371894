package parley.signalling.server;

import java.io.ByteArrayOutputStream;
import org.jspecify.annotations.Nullable;

/**
 * Puts the frames of a fragmented message together (RFC 6455 §5.4), up to a limit. What is beyond
 * it is thrown away until the message ends, if it ever does.
 */
final class FrameAssembler {

  enum Step {
    /** The message goes on. */
    MORE,
    /** The message is complete: {@link #take()} it. */
    WHOLE,
    /** The message is larger than allowed; told once. */
    TOO_LARGE,
    /** It goes on all the same: as much again as is allowed has been thrown away. */
    STILL_TOO_LARGE
  }

  /** What a frame counts at least, so that frames with nothing in them come to an end too. */
  static final int LEAST_FRAME_BYTES = 64;

  private final int maxBytes;

  /** Between messages there is none: most clients say something once in a while. */
  private @Nullable ByteArrayOutputStream parts;

  private long counted;
  private boolean tooLarge;

  FrameAssembler(int maxBytes) {
    this.maxBytes = maxBytes;
  }

  Step add(byte[] part, boolean last) {
    // A message of one frame counts as it is.
    boolean alone = last && counted == 0;
    counted += alone ? part.length : Math.max(part.length, LEAST_FRAME_BYTES);
    if (counted > maxBytes) {
      Step step = tooLarge ? Step.STILL_TOO_LARGE : Step.TOO_LARGE;
      forget();
      tooLarge = !last;
      return step;
    }
    if (tooLarge) {
      if (last) {
        forget();
        tooLarge = false;
      }
      return Step.MORE; // nothing to act upon; what was too large has been told
    }
    ByteArrayOutputStream begun = parts == null ? new ByteArrayOutputStream(part.length) : parts;
    begun.writeBytes(part);
    parts = begun;
    return last ? Step.WHOLE : Step.MORE;
  }

  byte[] take() {
    byte[] whole = parts == null ? new byte[0] : parts.toByteArray();
    forget();
    return whole;
  }

  private void forget() {
    counted = 0;
    parts = null;
  }
}
