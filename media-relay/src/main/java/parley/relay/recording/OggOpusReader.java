package parley.relay.recording;

import java.io.IOException;
import java.io.InputStream;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;

/**
 * Reads one Ogg Opus stream (RFC 3533, RFC 7845) packet by packet, each with its place. It holds a
 * page at a time, however long the stream is. What a crash left of a last page is not read; a page
 * that is not what was written ends it with an exception.
 *
 * <p>Places are granule positions: samples at 48 kHz, of which the first {@link #preSkip} are not
 * played. Not thread-safe.
 */
public final class OggOpusReader implements AutoCloseable {

  private static final int HEADER_BYTES = 27;
  private static final int MAX_SEGMENTS = 255;
  private static final int MAX_PAGE_BYTES = HEADER_BYTES + MAX_SEGMENTS + MAX_SEGMENTS * 255;

  /** RFC 7845 §6: what a demultiplexer has to put up with. */
  private static final int MAX_PACKET_BYTES = 61_440;

  private static final int LAST = 4;
  private static final int MIN_HEAD_BYTES = 19;

  /** RFC 3533 §6: no packet ends on this page. */
  private static final long NONE_ENDS = -1;

  private static final VarHandle INT =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
  private static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  private final InputStream in;
  private final String name;
  private final int preSkip;

  /** Grows to the largest page there is: most have some kilobytes. */
  private byte[] page = new byte[8192];

  private long pageAt;
  private final Deque<byte[]> packets = new ArrayDeque<>();
  private byte[] open = {};
  private byte[] packet = {};
  private int samples;
  private long place;
  private long next;
  private long end = Long.MAX_VALUE;

  private OggOpusReader(InputStream in, String name) throws IOException {
    this.in = in;
    this.name = name;
    byte[] head = header();
    boolean opus = head.length >= MIN_HEAD_BYTES && begins(head, "OpusHead") && head[8] >>> 4 == 0;
    if (!opus) {
      throw new IOException(name + " is no Ogg Opus file");
    }
    preSkip = (head[10] & 0xff) | (head[11] & 0xff) << 8;
    if (!begins(header(), "OpusTags")) {
      throw damaged();
    }
  }

  /**
   * Begins to read.
   *
   * @param in is closed with the reader, also when this fails
   * @param name of the track, for what is said of it
   */
  public static OggOpusReader open(InputStream in, String name) throws IOException {
    try {
      return new OggOpusReader(in, name);
    } catch (IOException | RuntimeException e) {
      in.close();
      throw e;
    }
  }

  /** How long a stream plays, in samples at 48 kHz; reads all of it. */
  public static long length(InputStream in, String name) throws IOException {
    try (OggOpusReader reader = open(in, name)) {
      while (reader.next()) {
        // to its end
      }
      return Math.max(0, Math.min(reader.next, reader.end) - reader.preSkip);
    }
  }

  /** How many samples at the beginning are only for the decoder. */
  public int preSkip() {
    return preSkip;
  }

  /** Goes to the next packet that can be decoded; false at the end. */
  public boolean next() throws IOException {
    while (true) {
      while (packets.isEmpty()) {
        if (!page()) {
          return false;
        }
        if (!packets.isEmpty()) {
          measurePage();
        }
      }
      packet = packets.remove();
      samples = OpusPacket.samples(packet, 0, packet.length);
      if (samples > 0) {
        place = next;
        next += samples;
        return true;
      }
    }
  }

  /** The packet; not to be changed. */
  public byte[] packet() {
    return packet;
  }

  /** Samples that it plays. */
  public int samples() {
    return samples;
  }

  /** Where it begins. */
  public long place() {
    return place;
  }

  /** Where the stream ends (RFC 7845 §4.4), as soon as that is known: packets may go beyond it. */
  public long end() {
    return end;
  }

  /** Whether it is a frame of digital silence, as the recorder fills gaps with. */
  public boolean isSilence() {
    return packet.length == 3
        && OpusPacket.isCelt(packet[0] & 0xff)
        && (packet[0] & 3) == 0
        && packet[1] == (byte) 0xff
        && packet[2] == (byte) 0xfe;
  }

  /**
   * The page says where its last packet ends (RFC 7845 §4), which is how a hole in the stream is
   * seen. On the last page it is where playing ends.
   */
  private void measurePage() {
    long granule = (long) LONG.get(page, 6);
    long sum = 0;
    for (byte[] each : packets) {
      sum += Math.max(0, OpusPacket.samples(each, 0, each.length));
    }
    if ((page[5] & LAST) != 0) {
      end = granule;
    } else if (granule != NONE_ENDS) {
      next = Math.max(next, granule - sum);
    }
  }

  /** RFC 7845 §3: each of the two headers begins on a page of its own. */
  private byte[] header() throws IOException {
    while (packets.isEmpty()) {
      if (!page()) {
        throw damaged();
      }
    }
    return packets.remove();
  }

  /** Reads a page; false when there is no whole one any more. */
  private boolean page() throws IOException {
    if (in.readNBytes(page, 0, HEADER_BYTES) < HEADER_BYTES) {
      return false;
    }
    if (!begins(page, "OggS") || page[4] != 0) {
      throw damaged();
    }
    int segments = page[26] & 0xff;
    if (in.readNBytes(page, HEADER_BYTES, segments) < segments) {
      return false;
    }
    int body = 0;
    for (int i = 0; i < segments; i++) {
      body += page[HEADER_BYTES + i] & 0xff;
    }
    int content = HEADER_BYTES + segments;
    if (content + body > page.length) {
      page = Arrays.copyOf(page, Math.min(MAX_PAGE_BYTES, 2 * (content + body)));
    }
    if (in.readNBytes(page, content, body) < body) {
      return false;
    }
    int written = (int) INT.get(page, 22);
    INT.set(page, 22, 0);
    if (OggCrc.of(page, 0, content + body) != written) {
      throw damaged();
    }
    cut(segments, content);
    pageAt += content + body;
    return true;
  }

  /** Packets are cut into segments of 255 bytes; a shorter one ends a packet. */
  private void cut(int segments, int content) throws IOException {
    int from = content;
    int to = content;
    for (int i = 0; i < segments; i++) {
      int length = page[HEADER_BYTES + i] & 0xff;
      to += length;
      if (length < 255) {
        packets.add(join(from, to));
        open = new byte[0];
        from = to;
      }
    }
    if (to > from) {
      open = join(from, to);
    }
  }

  private byte[] join(int from, int to) throws IOException {
    int before = open.length;
    if (before + to - from > MAX_PACKET_BYTES) {
      throw damaged();
    }
    byte[] joined = Arrays.copyOf(open, before + to - from);
    System.arraycopy(page, from, joined, before, to - from);
    return joined;
  }

  private IOException damaged() {
    return new IOException(
        "track "
            + name
            + " is damaged from byte "
            + pageAt
            + " on: it is not as it was recorded, and verifying the recording says more");
  }

  private static boolean begins(byte[] data, String word) {
    byte[] expected = word.getBytes(StandardCharsets.US_ASCII);
    return data.length >= expected.length
        && Arrays.equals(data, 0, expected.length, expected, 0, expected.length);
  }

  @Override
  public void close() throws IOException {
    in.close();
  }
}
