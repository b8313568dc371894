package parley.relay.recording;

import java.util.Locale;

/**
 * A stretch of a track that does not hold what its participant said.
 *
 * @param from first sample, 48 kHz, from the start of the recording
 * @param to one past the last sample
 */
record Gap(long from, long to, Why why) {

  enum Why {
    /** Packets did not arrive, or too late. */
    LOSS,
    /** The participant was muted. */
    MUTE,
    /** The relay was too busy, or the disk too slow, to take the packets over. */
    OVERFLOW,
    /** The participant sent nothing: discontinuous transmission, or no microphone. */
    SILENCE,
    /** The participant's stream began anew. */
    RESTART,
    /** What came was not Opus. */
    MALFORMED;

    String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }
}
