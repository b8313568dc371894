package parley.relay.opus;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * One mono Opus decoder; stereo is mixed down. Any thread, one at a time. Broken packets are
 * answered as such: nothing that the network brings throws here.
 */
public final class OpusDecoder {

  /** 120 ms at 48 kHz: no packet plays longer (RFC 6716 §3.2.5). */
  public static final int MAX_SAMPLES = 5760;

  /** What a packet may have at most; the relay's door refuses longer ones. */
  private static final int MAX_PACKET_BYTES = 1500;

  private static final int RESET_STATE = 4028;

  private final MemorySegment state;
  private final MemorySegment packet = OpusLibrary.allocate(MAX_PACKET_BYTES);
  private final MemorySegment samples;
  private final int maxSamples;

  /**
   * @param sampleRateHz 8000, 12000, 16000, 24000 or 48000
   */
  public OpusDecoder(int sampleRateHz) {
    maxSamples = MAX_SAMPLES / (48_000 / sampleRateHz);
    samples = OpusLibrary.allocate(maxSamples * Float.BYTES);
    try {
      state = OpusLibrary.allocate((int) OpusLibrary.DECODER_GET_SIZE.invokeExact(1));
      int result = (int) OpusLibrary.DECODER_INIT.invokeExact(state, sampleRateHz, 1);
      int _ = OpusLibrary.check(result);
    } catch (IllegalStateException e) {
      throw e;
    } catch (Throwable e) {
      throw OpusLibrary.impossible(e);
    }
  }

  /** Forgets everything it has heard. */
  public void reset() {
    try {
      int _ = OpusLibrary.check((int) OpusLibrary.DECODER_RESET.invokeExact(state, RESET_STATE));
    } catch (IllegalStateException e) {
      throw e;
    } catch (Throwable e) {
      throw OpusLibrary.impossible(e);
    }
  }

  /**
   * Decodes a packet.
   *
   * @param out gets up to {@link #MAX_SAMPLES} samples between −1 and 1, from index 0
   * @return how many; negative when the packet is broken
   */
  public int decode(byte[] data, int offset, int lengthBytes, float[] out) {
    if (lengthBytes < 1 || lengthBytes > MAX_PACKET_BYTES) {
      return -1;
    }
    MemorySegment.copy(data, offset, packet, ValueLayout.JAVA_BYTE, 0, lengthBytes);
    return decode(packet, lengthBytes, maxSamples, 0, out);
  }

  /**
   * Rebuilds what went before a packet, from the copy of it that the packet may carry (in-band
   * forward error correction, RFC 6716 §2.1.7), else by concealment.
   *
   * @param samples how many are missing before the packet: a multiple of 2.5 ms
   * @return how many were written
   */
  public int decodeLost(byte[] data, int offset, int lengthBytes, int samples, float[] out) {
    if (lengthBytes < 1 || lengthBytes > MAX_PACKET_BYTES) {
      return conceal(samples, out);
    }
    MemorySegment.copy(data, offset, packet, ValueLayout.JAVA_BYTE, 0, lengthBytes);
    return decode(packet, lengthBytes, samples, 1, out);
  }

  /**
   * Goes on without a packet: the sound so far, fading; after discontinuous transmission comfort
   * noise.
   *
   * @param samples how many: a multiple of 2.5 ms
   * @return how many were written
   */
  public int conceal(int samples, float[] out) {
    return decode(MemorySegment.NULL, 0, samples, 0, out);
  }

  private int decode(MemorySegment data, int lengthBytes, int atMost, int fec, float[] out) {
    try {
      int decoded =
          (int)
              OpusLibrary.DECODE_FLOAT.invokeExact(state, data, lengthBytes, samples, atMost, fec);
      if (decoded > 0) {
        MemorySegment.copy(samples, ValueLayout.JAVA_FLOAT, 0, out, 0, decoded);
      }
      return decoded;
    } catch (Throwable e) {
      throw OpusLibrary.impossible(e);
    }
  }
}
