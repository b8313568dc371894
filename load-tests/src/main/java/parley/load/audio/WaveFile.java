package parley.load.audio;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

/** Sound in RIFF WAVE, 16 bits, mono: what speech synthesizers write. */
public final class WaveFile {

  private static final int CHUNKS_AT = 12;

  private WaveFile() {}

  /**
   * @throws IllegalArgumentException saying what it is instead
   */
  public static Pcm parse(byte[] file) {
    ByteBuffer in = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
    if (file.length < CHUNKS_AT || !text(file, 0).equals("RIFF") || !text(file, 8).equals("WAVE")) {
      throw new IllegalArgumentException("this is no WAVE file");
    }
    int rateHz = 0;
    for (int at = CHUNKS_AT; at + 8 <= file.length; ) {
      int length = in.getInt(at + 4);
      String chunk = text(file, at);
      at += 8;
      if (chunk.equals("fmt ")) {
        rateHz = rate(in, at);
      } else if (chunk.equals("data")) {
        // A synthesizer that writes into a pipe cannot know the length: it says 2 GB.
        int end = length < 0 || length > file.length - at ? file.length : at + length;
        return Pcm.fromInt16(Arrays.copyOfRange(file, at, end), rateHz, 0);
      }
      at += length + (length & 1);
    }
    throw new IllegalArgumentException("the WAVE file has no sound in it");
  }

  private static int rate(ByteBuffer in, int at) {
    int channels = in.getShort(at + 2);
    int bits = in.getShort(at + 14);
    if (channels != 1 || bits != 16) {
      throw new IllegalArgumentException(
          "the WAVE file has %d channels of %d bits; right would be 1 of 16"
              .formatted(channels, bits));
    }
    return in.getInt(at + 4);
  }

  private static String text(byte[] file, int at) {
    return new String(file, at, 4, java.nio.charset.StandardCharsets.US_ASCII);
  }
}
