package parley.relay.opus;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** One mono Opus encoder. Any thread, one at a time. */
public final class OpusEncoder {

  /** The longest packet it writes: twice the bit rate, for a loud onset. */
  public static final int MAX_BYTES = 480;

  /** What is encoded, and for what. */
  public enum Use {
    /**
     * A mix of voices: CELT only, which renders several tones at once and music as well as speech,
     * changes over between two encoders within 2.5 ms, and costs half of what the hybrid does. Bits
     * are cheaper than what finds out how to do with fewer: at complexity 1, where onsets are still
     * looked for, and 96 kbit/s voices come out 1 dB cleaner than at 5 and 80, in two thirds of the
     * time, and three sines with as few harmonics (0.3 %).
     */
    MIX(2051, 48_000, 96_000, 1),
    /**
     * One voice as browsers send it, with a copy of each frame in the next (in-band forward error
     * correction): for clients that are made here.
     */
    VOICE(2048, 48_000, 32_000, 9),
    /** One voice of telephone quality; the bit rate is where nothing is lost any more. */
    TELEPHONE(2048, 8_000, 20_000, 2);

    private final int application;
    private final int sampleRateHz;
    private final int bitrate;
    private final int complexity;

    Use(int application, int sampleRateHz, int bitrate, int complexity) {
      this.application = application;
      this.sampleRateHz = sampleRateHz;
      this.bitrate = bitrate;
      this.complexity = complexity;
    }

    /** Samples in 20 ms. */
    public int frameSamples() {
      return sampleRateHz / 50;
    }

    /** The longest frame: 60 ms. */
    private int maxSamples() {
      return 3 * frameSamples();
    }
  }

  private static final int SET_BITRATE = 4002;
  private static final int SET_COMPLEXITY = 4010;
  private static final int SET_INBAND_FEC = 4012;
  private static final int SET_PACKET_LOSS_PERCENT = 4014;
  private static final int SET_PREDICTION_DISABLED = 4042;

  /** What an encoder is told to expect, so that it spends anything on copies. */
  private static final int FEC_FOR_PERCENT = 10;

  private final Use use;
  private final MemorySegment state;
  private final MemorySegment packet = OpusLibrary.allocate(MAX_BYTES);
  private final MemorySegment samples;

  public OpusEncoder(Use use) {
    this.use = use;
    this.samples = OpusLibrary.allocate(use.maxSamples() * Float.BYTES);
    try {
      this.state = OpusLibrary.allocate((int) OpusLibrary.ENCODER_GET_SIZE.invokeExact(1));
    } catch (Throwable e) {
      throw OpusLibrary.impossible(e);
    }
    reset();
  }

  /** Forgets everything it has encoded. */
  public void reset() {
    try {
      int result =
          (int) OpusLibrary.ENCODER_INIT.invokeExact(state, use.sampleRateHz, 1, use.application);
      int _ = OpusLibrary.check(result);
    } catch (IllegalStateException e) {
      throw e;
    } catch (Throwable e) {
      throw OpusLibrary.impossible(e);
    }
    set(SET_BITRATE, use.bitrate);
    set(SET_COMPLEXITY, use.complexity);
    if (use == Use.VOICE) {
      set(SET_INBAND_FEC, 1);
      set(SET_PACKET_LOSS_PERCENT, FEC_FOR_PERCENT);
    }
  }

  /**
   * Goes on as if it had encoded what the other has: whoever decodes the other's packets may go on
   * with this one's. A codec's state is position independent and can be freely copied (opus.h).
   */
  public void continueFrom(OpusEncoder other) {
    state.copyFrom(other.state);
  }

  /**
   * Whether the next packets can be decoded without those before, at some cost in quality: for a
   * decoder that comes from another encoder's packets.
   */
  public void independent(boolean on) {
    set(SET_PREDICTION_DISABLED, on ? 1 : 0);
  }

  /**
   * Encodes 20 ms.
   *
   * @param pcm {@link Use#frameSamples} samples between −1 and 1, from index 0
   * @param out gets up to {@link #MAX_BYTES}
   * @return the packet's length in bytes
   */
  public int encode(float[] pcm, byte[] out, int offset) {
    return encode(pcm, use.frameSamples(), out, offset);
  }

  /**
   * Encodes a frame of another length.
   *
   * @param count samples in 2.5, 5, 10, 20, 40 or 60 ms
   */
  public int encode(float[] pcm, int count, byte[] out, int offset) {
    MemorySegment.copy(pcm, 0, samples, ValueLayout.JAVA_FLOAT, 0, count);
    try {
      int length =
          OpusLibrary.check(
              (int) OpusLibrary.ENCODE_FLOAT.invokeExact(state, samples, count, packet, MAX_BYTES));
      MemorySegment.copy(packet, ValueLayout.JAVA_BYTE, 0, out, offset, length);
      return length;
    } catch (IllegalStateException e) {
      throw e;
    } catch (Throwable e) {
      throw OpusLibrary.impossible(e);
    }
  }

  private void set(int request, int value) {
    try {
      int result = (int) OpusLibrary.ENCODER_CTL.invokeExact(state, request, value);
      int _ = OpusLibrary.check(result);
    } catch (IllegalStateException e) {
      throw e;
    } catch (Throwable e) {
      throw OpusLibrary.impossible(e);
    }
  }
}
