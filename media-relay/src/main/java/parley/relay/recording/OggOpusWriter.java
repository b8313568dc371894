package parley.relay.recording;

import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * Writes one Ogg Opus stream (RFC 3533, RFC 7845) as whole pages.
 *
 * <p>The header says two channels although a voice is mono: a decoder plays a mono packet alike on
 * both and a stereo packet as it was sent, so nothing of any sender is lost, whichever comes and
 * however often it changes (RFC 7845 §5.1 lets the two counts differ). Time zero of the track is
 * granule position {@link #PRE_SKIP}.
 */
public final class OggOpusWriter implements TrackOutput {

  /**
   * libopus' encoder lookahead at 48 kHz: 2.5 ms of overlap and 4 ms of delay compensation. Skipped
   * at the start, it makes what was said at a packet's time come out at that time.
   */
  public static final int PRE_SKIP = 312;

  static final int CHANNELS = 2;

  /** RFC 7845 §3: a page a second at most, so that players can seek. */
  private static final int MAX_PAGE_SAMPLES = 48_000;

  /** A lacing table has 255 entries (RFC 3533 §6). */
  private static final int MAX_SEGMENTS = 255;

  private static final int HEADER_BYTES = 27;
  private static final int MAX_BODY_BYTES = MAX_SEGMENTS * 255;
  private static final byte[] NONE = {};
  private static final int FIRST = 2;
  private static final int LAST = 4;

  private static final VarHandle INT =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
  private static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  private final PageOutput output;
  private final int serial;
  private final byte[] lacing = new byte[MAX_SEGMENTS];
  private byte[] body = NONE;
  private byte[] page = NONE;
  private int segments;
  private int bodyBytes;
  private int pageSamples;
  private int pageNumber;
  private long samples;
  private long flushedGranule;

  public OggOpusWriter(PageOutput output, int serial) {
    this.output = output;
    this.serial = serial;
  }

  /**
   * Writes the two header pages (RFC 7845 §5).
   *
   * @param comments {@code NAME=value}; together below 60 kB
   */
  public void open(String vendor, List<String> comments) throws IOException {
    byte[] head = head();
    append(head, 0, head.length);
    emit(FIRST, 0);
    byte[] tags = tags(vendor, comments);
    append(tags, 0, tags.length);
    emit(0, 0);
  }

  /** Samples written so far: the place on the track where the next packet begins. */
  public long position() {
    return samples;
  }

  /** Samples that have been handed to the file. */
  long written() {
    return flushedGranule;
  }

  /** Samples that would be lost if the process ended now. */
  int unflushed() {
    return pageSamples;
  }

  @Override
  public void packet(byte[] data, int offset, int length, int duration) throws IOException {
    int needed = length / 255 + 1;
    if (segments + needed > MAX_SEGMENTS || pageSamples + duration > MAX_PAGE_SAMPLES) {
      flush();
    }
    append(data, offset, length);
    pageSamples += duration;
    samples += duration;
  }

  void flush() throws IOException {
    if (segments > 0) {
      emit(0, samples);
    }
  }

  /**
   * Ends the stream so that it plays for exactly {@code duration} samples (RFC 7845 §4.4: the last
   * granule position trims what was decoded beyond it). The caller has written that much; the
   * lookahead that the pre-skip takes away is appended here.
   */
  public void finish(long duration) throws IOException {
    long end = duration + PRE_SKIP;
    Filler filler = new Filler(this);
    filler.silence(Math.max(end + Filler.STEP - 1 - samples, 0));
    if (segments == 0) {
      filler.silence(Filler.STEP); // trimming works only on a page on which a packet ends
    }
    emit(LAST, Math.max(Math.min(end, samples), flushedGranule));
  }

  /** Flushes, and gives the memory back until the next packet: 128 KiB, all that a writer has. */
  void rest() throws IOException {
    flush();
    body = NONE;
    page = NONE;
  }

  private void append(byte[] packet, int offset, int length) {
    if (body.length == 0) {
      body = new byte[MAX_BODY_BYTES];
      page = new byte[HEADER_BYTES + MAX_SEGMENTS + MAX_BODY_BYTES];
    }
    lace(length);
    System.arraycopy(packet, offset, body, bodyBytes, length);
    bodyBytes += length;
  }

  private void lace(int length) {
    int left = length;
    for (; left >= 255; left -= 255) {
      lacing[segments++] = (byte) 255;
    }
    lacing[segments++] = (byte) left;
  }

  private void emit(int flags, long granule) throws IOException {
    page[0] = 'O';
    page[1] = 'g';
    page[2] = 'g';
    page[3] = 'S';
    page[4] = 0;
    page[5] = (byte) flags;
    LONG.set(page, 6, granule);
    INT.set(page, 14, serial);
    INT.set(page, 18, pageNumber++);
    INT.set(page, 22, 0);
    page[26] = (byte) segments;
    System.arraycopy(lacing, 0, page, HEADER_BYTES, segments);
    System.arraycopy(body, 0, page, HEADER_BYTES + segments, bodyBytes);
    int length = HEADER_BYTES + segments + bodyBytes;
    INT.set(page, 22, OggCrc.of(page, 0, length));
    segments = 0;
    bodyBytes = 0;
    pageSamples = 0;
    output.page(page, length, granule);
    flushedGranule = granule;
  }

  private static byte[] head() {
    byte[] head = new byte[19];
    System.arraycopy("OpusHead".getBytes(StandardCharsets.US_ASCII), 0, head, 0, 8);
    head[8] = 1; // version
    head[9] = CHANNELS;
    head[10] = (byte) PRE_SKIP;
    head[11] = (byte) (PRE_SKIP >> 8);
    INT.set(head, 12, 48_000); // input sample rate; output gain and mapping family stay 0
    return head;
  }

  private static byte[] tags(String vendor, List<String> comments) {
    byte[] vendorBytes = vendor.getBytes(StandardCharsets.UTF_8);
    List<byte[]> values = comments.stream().map(c -> c.getBytes(StandardCharsets.UTF_8)).toList();
    int length = 8 + 4 + vendorBytes.length + 4 + values.stream().mapToInt(v -> 4 + v.length).sum();
    byte[] tags = new byte[length];
    System.arraycopy("OpusTags".getBytes(StandardCharsets.US_ASCII), 0, tags, 0, 8);
    int at = string(tags, 8, vendorBytes);
    INT.set(tags, at, values.size());
    at += 4;
    for (byte[] value : values) {
      at = string(tags, at, value);
    }
    return tags;
  }

  private static int string(byte[] target, int at, byte[] value) {
    INT.set(target, at, value.length);
    System.arraycopy(value, 0, target, at + 4, value.length);
    return at + 4 + value.length;
  }
}
