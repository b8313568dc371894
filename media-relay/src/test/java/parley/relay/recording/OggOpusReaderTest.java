package parley.relay.recording;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class OggOpusReaderTest {

  private static final int FRAME = 960;

  /** The pages of a stream of so many packets of 20 ms, each filled with its number. */
  private static List<byte[]> pages(int packets, int bytes) throws IOException {
    List<byte[]> pages = new ArrayList<>();
    OggOpusWriter writer =
        new OggOpusWriter((data, length, granule) -> pages.add(Arrays.copyOf(data, length)), 7);
    writer.open("Parley", List.of("TITLE=Weekly"));
    for (int i = 0; i < packets; i++) {
      byte[] packet = new byte[bytes];
      Arrays.fill(packet, (byte) i);
      packet[0] = (byte) 0xf8; // CELT, full band, 20 ms, mono
      writer.packet(packet, 0, bytes, FRAME);
    }
    writer.finish((long) packets * FRAME);
    return pages;
  }

  private static byte[] join(List<byte[]> pages) {
    var all = new ByteArrayOutputStream();
    pages.forEach(all::writeBytes);
    return all.toByteArray();
  }

  private static void move(byte[] page, long samples) {
    ByteBuffer view = ByteBuffer.wrap(page).order(ByteOrder.LITTLE_ENDIAN);
    view.putLong(6, view.getLong(6) + samples).putInt(22, 0);
    view.putInt(22, OggCrc.of(page, 0, page.length));
  }

  private static OggOpusReader open(byte[] stream) throws IOException {
    return OggOpusReader.open(new ByteArrayInputStream(stream), "01-alice.opus");
  }

  private static List<Long> places(byte[] stream) throws IOException {
    List<Long> places = new ArrayList<>();
    try (OggOpusReader reader = open(stream)) {
      while (reader.next()) {
        places.add(reader.place());
      }
    }
    return places;
  }

  @Test
  void givesBackEveryPacketInItsPlace() throws IOException {
    try (OggOpusReader reader = open(join(pages(120, 1_000)))) {
      assertThat(reader.preSkip()).isEqualTo(OggOpusWriter.PRE_SKIP);
      for (int i = 0; i < 120; i++) {
        assertThat(reader.next()).isTrue();
        assertThat(reader.place()).isEqualTo((long) FRAME * i);
        assertThat(reader.samples()).isEqualTo(FRAME);
        assertThat(reader.packet()).hasSize(1_000).endsWith((byte) i);
        assertThat(reader.isSilence()).isFalse();
      }
      assertThat(reader.next()).as("silence for the decoder's delay").isTrue();
      assertThat(reader.isSilence()).isTrue();
      assertThat(reader.end()).isEqualTo(120L * FRAME + OggOpusWriter.PRE_SKIP);
    }
  }

  @Test
  void tellsHowLongAStreamPlays() throws IOException {
    var stream = new ByteArrayInputStream(join(pages(75, 80)));
    assertThat(OggOpusReader.length(stream, "01-alice.opus")).isEqualTo(75L * FRAME);
  }

  @Test
  void seesAHoleWhereThePagesSayThatThereIsOne() throws IOException {
    List<byte[]> pages = pages(150, 80); // 50 packets a page
    for (int i = 3; i < pages.size(); i++) {
      move(pages.get(i), 48_000);
    }
    List<Long> places = places(join(pages));
    assertThat(places.get(49)).isEqualTo(49L * FRAME);
    assertThat(places.get(50)).isEqualTo(48_000 + 50L * FRAME);
    assertThat(places.get(149)).isEqualTo(48_000 + 149L * FRAME);
  }

  @Test
  void beginsLateWhereTheFirstPageSaysSo() throws IOException {
    List<byte[]> pages = pages(60, 80);
    for (int i = 2; i < pages.size(); i++) {
      move(pages.get(i), 96_000); // RFC 7845 §4.3
    }
    assertThat(places(join(pages)).getFirst()).isEqualTo(96_000);
  }

  @Test
  void endsBeforeHalfAPage() throws IOException {
    byte[] stream = join(pages(150, 80));
    byte[] cut = Arrays.copyOf(stream, stream.length - 300);
    assertThat(places(cut)).hasSizeBetween(99, 149);
  }

  @Test
  void refusesWhatIsNoOpus() {
    assertThatThrownBy(() -> open(new byte[0])).isInstanceOf(IOException.class);
    assertThatThrownBy(
            () ->
                open(
                    "RIFF and so on, long enough for a page header"
                        .getBytes(StandardCharsets.US_ASCII)))
        .hasMessageContaining("is damaged from byte 0 on");
  }

  @Test
  void noticesEveryFlippedBitOrReadsOn() throws IOException {
    byte[] stream = join(pages(150, 80));
    int all = places(stream).size();
    Random random = new Random(1);
    for (int i = 0; i < 500; i++) {
      byte[] flipped = stream.clone();
      int at = random.nextInt(stream.length);
      flipped[at] ^= (byte) (1 << random.nextInt(8));
      // Only a length of the last page can be changed so that it looks cut off.
      try {
        assertThat(places(flipped)).as("byte %d", at).hasSizeLessThan(all);
      } catch (IOException e) {
        assertThat(e).hasMessageContaining("damaged from byte");
      }
    }
  }
}
