package parley.relay.recording;

import java.io.IOException;

/**
 * Packets of our own for the time in which a participant sent nothing that could be recorded.
 *
 * <p>Two kinds. <b>Silence</b> is a CELT frame with its silence flag set (RFC 6716 §4.3): every
 * decoder turns it into digital zero after one overlap. <b>Concealment</b> is a packet whose frames
 * are empty, with the mode, bandwidth and frame size of the packet before, as RFC 7845 §4.1 asks
 * for after a loss: the decoder bridges the hole as it would have done live, and keeps the state
 * that the next packet was predicted from. A silence frame there would reset that state and leave
 * the speaker faint for the following 100 ms. Concealment must stay short: decoders hold its noise
 * floor for as long as it lasts.
 */
final class Filler {

  /** The shortest Opus frame, 2.5 ms: what every filled length is a multiple of. */
  static final int STEP = 120;

  /** 100 ms: after this a decoder's concealment has faded into noise. */
  static final int MAX_CONCEALED = 4800;

  private static final byte[][] SILENCE = silencePackets();

  private final TrackOutput output;
  private final byte[] empty = new byte[1];

  Filler(TrackOutput output) {
    this.output = output;
  }

  /** A silent packet of 120, 240, 480 or 960 samples: full band, mono, one frame. */
  static byte[] silencePacket(int samples) {
    return SILENCE[Integer.numberOfTrailingZeros(samples / STEP)].clone();
  }

  /** Writes silence; returns how long it really lasts: at most {@code samples}, by whole steps. */
  long silence(long samples) throws IOException {
    long left = samples;
    for (int size = 3; size >= 0; size--) {
      int frame = STEP << size;
      for (; left >= frame; left -= frame) {
        output.packet(SILENCE[size], 0, SILENCE[size].length, frame);
      }
    }
    return samples - left;
  }

  /**
   * Writes concealment in the manner of the packet before; returns how long it really lasts, at
   * most {@code samples}: SILK and hybrid know nothing shorter than 10 ms.
   *
   * @param toc first byte of the packet before
   */
  long conceal(long samples, int toc) throws IOException {
    int frame = OpusPacket.frameSamples(toc);
    int shortest = shortestFrame(toc);
    int single = toc & 0xfc; // code 0: one frame
    long left = samples;
    while (left >= shortest) {
      while (frame > left) {
        single -= 8; // the next configuration down is the same mode with a shorter frame
        frame = OpusPacket.frameSamples(single);
      }
      empty[0] = (byte) single;
      output.packet(empty, 0, 1, frame);
      left -= frame;
    }
    return samples - left;
  }

  /** The shortest frame of the mode that this packet uses. */
  static int shortestFrame(int toc) {
    return OpusPacket.isCelt(toc) ? STEP : 480;
  }

  private static byte[][] silencePackets() {
    byte[][] packets = new byte[4][];
    for (int size = 0; size < 4; size++) {
      packets[size] = new byte[] {(byte) ((28 + size) << 3), (byte) 0xff, (byte) 0xfe};
    }
    return packets;
  }
}
