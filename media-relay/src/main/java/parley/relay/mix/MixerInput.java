package parley.relay.mix;

/**
 * What a call tells its mixer. The mixer may be on another thread: nothing here waits or answers.
 *
 * <p>A <em>track</em> is a voice in the mix, a <em>stream</em> one encoded sum of tracks; both are
 * named by small numbers that the call gives out.
 */
public interface MixerInput {

  /**
   * A voice is heard from now on.
   *
   * @param track below {@link Mixer#MAX_TRACKS}
   * @param another whether it is another voice, or another stream of it, than the track had before
   */
  void beginTrack(int track, boolean another);

  /**
   * A packet of a voice. The bytes are copied.
   *
   * @param sequence 16 bits
   * @param timestamp 32 bits, 48 kHz
   * @param before whether it went before the voice's beginning: not to be heard, but the decoder
   *     has to know it
   */
  void packet(
      int track,
      int sequence,
      int timestamp,
      boolean before,
      byte[] data,
      int offset,
      int length,
      long nowNs);

  /** The voice is heard no longer. */
  void endTrack(int track);

  /**
   * A sum is wanted from now on, or has other tracks from now on.
   *
   * @param stream below {@link Mixer#MAX_STREAMS}; its codec is that of number stream / {@link
   *     Mixer#STREAMS_A_CODEC}
   * @param without the tracks that are left out, a bit each
   * @param like the stream whose listeners come over, so that it has to begin as that one went on;
   *     itself: nobody's
   */
  void beginStream(int stream, int without, int like);

  /** Somebody joins a stream who has heard something else before. */
  void joinStream(int stream);

  void endStream(int stream);
}
