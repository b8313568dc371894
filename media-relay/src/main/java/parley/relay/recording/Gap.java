package parley.relay.recording;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/**
 * A stretch of a track that does not hold what its participant said.
 *
 * @param from first sample, 48 kHz, from the start of the recording
 * @param to one past the last sample
 */
record Gap(long from, long to, Why why) {

  enum Why {
    /** Packets did not arrive, or too late. */
    LOSS(true),
    /** The participant was muted. */
    MUTE(false),
    /** Somebody kept this out of the recording, or the participant had not agreed to it. */
    MASK(false),
    /** The relay was too busy, or the disk too slow, to take the packets over. */
    OVERFLOW(true),
    /** The participant sent nothing: discontinuous transmission, or no microphone. */
    SILENCE(false),
    /** The participant's stream began anew. */
    RESTART(true),
    /** What came was not Opus. */
    MALFORMED(true),
    /** The recording could not go on, {@code call.json} says why; the call did. */
    STOPPED(true),
    /** The process died before it had written this. */
    CRASH(true);

    /** Whether something is missing that should be there: what counts against completeness. */
    private final boolean due;

    Why(boolean due) {
      this.due = due;
    }

    boolean isDue() {
      return due;
    }

    String word() {
      return name().toLowerCase(Locale.ROOT);
    }

    /** The cause of this word; empty when we never write it. */
    static Optional<Why> of(String word) {
      return Arrays.stream(values()).filter(why -> why.word().equals(word)).findFirst();
    }
  }
}
