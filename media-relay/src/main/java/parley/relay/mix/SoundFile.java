package parley.relay.mix;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import parley.relay.opus.OpusDecoder;

/**
 * A sound of an operator's, as samples: WAV (RIFF, PCM of 16 bits) or Ogg Opus (RFC 7845). Read
 * once at the start; what is wrong with it is said in a sentence.
 */
public final class SoundFile {

  private static final int RATE_HZ = 48_000;

  private static final int MAX_SAMPLES = Announcement.MAX_SECONDS * RATE_HZ;

  private SoundFile() {}

  /**
   * Samples of a file.
   *
   * @return mono, 48 kHz, between −1 and 1
   * @throws IOException with a sentence
   */
  public static float[] parse(byte[] file) throws IOException {
    float[] pcm =
        switch (begins(file)) {
          case "RIFF" -> wav(ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN));
          case "OggS" -> ogg(file);
          default ->
              throw new IOException("it is neither WAV nor Ogg Opus; right would be one of them");
        };
    if (pcm.length == 0) {
      throw new IOException("there is no sound in it");
    }
    if (pcm.length > MAX_SAMPLES) {
      throw new IOException("it plays longer than " + Announcement.MAX_SECONDS + " s");
    }
    return pcm;
  }

  private static String begins(byte[] file) {
    return file.length < 4 ? "" : new String(file, 0, 4, StandardCharsets.ISO_8859_1);
  }

  private static float[] wav(ByteBuffer file) throws IOException {
    int channels = 0;
    int rate = 0;
    int at = 12;
    while (at + 8 <= file.limit()) {
      int name = file.getInt(at);
      long length = Integer.toUnsignedLong(file.getInt(at + 4));
      int content = at + 8;
      if (name == tag("fmt ") && length >= 16 && content + 16 <= file.limit()) {
        channels = file.getShort(content + 2);
        rate = file.getInt(content + 4);
        if (file.getShort(content + 14) != 16 || channels < 1 || channels > 2) {
          throw new IOException("the WAV is not of 16 bits, mono or stereo; right would be that");
        }
        if (rate < 8_000 || rate > 96_000) {
          throw new IOException("the WAV has " + rate + " Hz; right would be 8,000 to 96,000");
        }
      } else if (name == tag("data") && rate > 0) {
        int bytes = (int) Math.min(length, file.limit() - content);
        return resample(samples(file, content, bytes, channels), rate);
      }
      at = (int) Math.min(Integer.MAX_VALUE - 16, content + length + (length & 1));
    }
    throw new IOException("the WAV lacks its format or its sound");
  }

  private static int tag(String name) {
    byte[] bytes = name.getBytes(StandardCharsets.US_ASCII);
    return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getInt();
  }

  private static float[] samples(ByteBuffer file, int at, int bytes, int channels) {
    float[] pcm = new float[bytes / (2 * channels)];
    for (int i = 0; i < pcm.length; i++) {
      float sum = 0;
      for (int c = 0; c < channels; c++) {
        sum += file.getShort(at + 2 * (i * channels + c)) / 32_768f;
      }
      pcm[i] = sum / channels;
    }
    return pcm;
  }

  /** Straight lines between samples: an announcement is speech or a tone. */
  private static float[] resample(float[] pcm, int rate) {
    if (rate == RATE_HZ) {
      return pcm;
    }
    float[] out = new float[(int) Math.min(MAX_SAMPLES + 1L, (long) pcm.length * RATE_HZ / rate)];
    for (int i = 0; i < out.length; i++) {
      double place = (double) i * rate / RATE_HZ;
      int before = (int) place;
      float next = before + 1 < pcm.length ? pcm[before + 1] : pcm[before];
      out[i] = (float) (pcm[before] + (next - pcm[before]) * (place - before));
    }
    return out;
  }

  private static float[] ogg(byte[] file) throws IOException {
    List<byte[]> packets = packets(file);
    boolean opus =
        packets.size() > 2
            && packets.getFirst().length >= 19
            && new String(packets.getFirst(), 0, 8, StandardCharsets.US_ASCII).equals("OpusHead");
    if (!opus) {
      throw new IOException("the Ogg file holds no Opus");
    }
    byte[] head = packets.getFirst();
    int preSkip = (head[10] & 0xFF) | (head[11] & 0xFF) << 8;
    var decoder = new OpusDecoder(RATE_HZ);
    float[] frame = new float[OpusDecoder.MAX_SAMPLES];
    float[] pcm = new float[MAX_SAMPLES + preSkip + OpusDecoder.MAX_SAMPLES];
    int length = 0;
    for (byte[] packet : packets.subList(2, packets.size())) {
      int count = decoder.decode(packet, 0, packet.length, frame);
      for (int i = 0; i < count && length < pcm.length; i++) {
        pcm[length++] = frame[i];
      }
    }
    return length <= preSkip ? new float[0] : Arrays.copyOfRange(pcm, preSkip, length);
  }

  /** RFC 3533 §6: packets are cut into segments of 255 bytes; a shorter one ends a packet. */
  private static List<byte[]> packets(byte[] file) throws IOException {
    List<byte[]> packets = new ArrayList<>();
    byte[] open = {};
    int at = 0;
    while (at + 27 <= file.length && begins(Arrays.copyOfRange(file, at, at + 4)).equals("OggS")) {
      int segments = file[at + 26] & 0xFF;
      int content = at + 27 + segments;
      for (int i = 0; i < segments && at + 27 + i < file.length; i++) {
        int length = file[at + 27 + i] & 0xFF;
        if (content + length > file.length) {
          throw new IOException("the Ogg file is cut off");
        }
        int before = open.length;
        open = Arrays.copyOf(open, before + length);
        System.arraycopy(file, content, open, before, length);
        content += length;
        if (length < 255) {
          packets.add(open);
          open = new byte[0];
        }
      }
      at = content;
    }
    return packets;
  }
}
