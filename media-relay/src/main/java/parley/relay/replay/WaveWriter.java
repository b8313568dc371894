package parley.relay.replay;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/**
 * Writes WAV: PCM of 16 bits, mono, 48 kHz. What is too long for RIFF's 32 bits, some twelve hours,
 * becomes RF64 (EBU Tech 3306), which players know as well.
 */
final class WaveWriter implements MixedSound {

  private static final int RATE_HZ = 48_000;
  private static final int SAMPLE_BYTES = 2;

  /** What RIFF counts: the file without its first eight bytes. */
  private static final long MAX_RIFF_BYTES = 0xffff_ffffL;

  private static final int HEADER_BYTES = 44;
  private static final int DS64_BYTES = 36;

  private final OutputStream out;
  private byte[] bytes = {};

  /**
   * @param samples that will follow
   */
  WaveWriter(OutputStream out, long samples) throws IOException {
    this.out = out;
    out.write(header(samples));
  }

  static byte[] header(long samples) {
    long data = samples * SAMPLE_BYTES;
    boolean large = HEADER_BYTES - 8 + data > MAX_RIFF_BYTES;
    ByteBuffer header = ByteBuffer.allocate(HEADER_BYTES + (large ? DS64_BYTES : 0));
    header.order(ByteOrder.LITTLE_ENDIAN);
    tag(header, large ? "RF64" : "RIFF");
    header.putInt(large ? -1 : (int) (HEADER_BYTES - 8 + data));
    tag(header, "WAVE");
    if (large) {
      tag(header, "ds64");
      header.putInt(DS64_BYTES - 8);
      header.putLong(HEADER_BYTES + DS64_BYTES - 8 + data).putLong(data).putLong(samples);
      header.putInt(0); // no table of other chunks
    }
    tag(header, "fmt ");
    header.putInt(16).putShort((short) 1).putShort((short) 1); // PCM, one channel
    header.putInt(RATE_HZ).putInt(RATE_HZ * SAMPLE_BYTES);
    header.putShort((short) SAMPLE_BYTES).putShort((short) (8 * SAMPLE_BYTES));
    tag(header, "data");
    header.putInt(large ? -1 : (int) data);
    return header.array();
  }

  private static void tag(ByteBuffer header, String name) {
    header.put(name.getBytes(StandardCharsets.US_ASCII));
  }

  @Override
  public void write(float[] samples, int count) throws IOException {
    if (bytes.length < count * SAMPLE_BYTES) {
      bytes = new byte[count * SAMPLE_BYTES];
    }
    for (int i = 0; i < count; i++) {
      int value = Math.clamp(Math.round(samples[i] * 32_767), -32_768, 32_767);
      bytes[2 * i] = (byte) value;
      bytes[2 * i + 1] = (byte) (value >> 8);
    }
    out.write(bytes, 0, count * SAMPLE_BYTES);
  }

  @Override
  public void finish() {
    // its header has said how long it is
  }
}
