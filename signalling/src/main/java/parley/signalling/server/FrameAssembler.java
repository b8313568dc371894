package parley.signalling.server;

import java.io.ByteArrayOutputStream;

/** Puts the frames of a fragmented message together (RFC 6455 §5.4), up to a limit. */
final class FrameAssembler {

  enum Step {
    /** The message goes on. */
    MORE,
    /** The message is complete: {@link #take()} it. */
    WHOLE,
    /** The message is complete, was larger than allowed, and is gone. */
    TOO_LARGE
  }

  private final int maxBytes;
  private final ByteArrayOutputStream parts = new ByteArrayOutputStream();
  private boolean tooLarge;

  FrameAssembler(int maxBytes) {
    this.maxBytes = maxBytes;
  }

  Step add(byte[] part, boolean last) {
    if (tooLarge || parts.size() + part.length > maxBytes) {
      tooLarge = true;
      parts.reset();
    } else {
      parts.writeBytes(part);
    }
    if (!last) {
      return Step.MORE;
    }
    boolean lost = tooLarge;
    tooLarge = false;
    return lost ? Step.TOO_LARGE : Step.WHOLE;
  }

  byte[] take() {
    byte[] whole = parts.toByteArray();
    parts.reset();
    return whole;
  }
}
