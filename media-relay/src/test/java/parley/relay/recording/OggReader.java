package parley.relay.recording;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Reads Ogg files strictly: every page's checksum, number and flags are looked at. */
final class OggReader {

  record Page(int flags, long granule, int serial, int number, List<byte[]> packets) {}

  private OggReader() {}

  static List<Page> pages(Path file) throws IOException {
    return pages(Files.readAllBytes(file));
  }

  static List<Page> pages(byte[] data) {
    List<Page> pages = new ArrayList<>();
    ByteArrayOutputStream packet = new ByteArrayOutputStream();
    int at = 0;
    while (at < data.length) {
      ByteBuffer view = ByteBuffer.wrap(data, at, data.length - at).slice();
      view.order(ByteOrder.LITTLE_ENDIAN);
      assertThat(view.getInt(0)).as("capture pattern at %d", at).isEqualTo(0x5367674f);
      int segments = view.get(26) & 0xff;
      List<byte[]> packets = new ArrayList<>();
      int body = at + 27 + segments;
      for (int i = 0; i < segments; i++) {
        int lace = view.get(27 + i) & 0xff;
        packet.write(data, body, lace);
        body += lace;
        if (lace < 255) {
          packets.add(packet.toByteArray());
          packet.reset();
        }
      }
      int crc = view.getInt(22);
      byte[] page = java.util.Arrays.copyOfRange(data, at, body);
      ByteBuffer.wrap(page).putInt(22, 0);
      assertThat(OggCrc.of(page, 0, page.length)).as("checksum at %d", at).isEqualTo(crc);
      assertThat(view.getInt(18)).as("page number").isEqualTo(pages.size());
      pages.add(new Page(view.get(5), view.getLong(6), view.getInt(14), view.getInt(18), packets));
      at = body;
    }
    return pages;
  }

  /** The audio packets, without the two headers. */
  static List<byte[]> packets(Path file) throws IOException {
    List<byte[]> all = pages(file).stream().flatMap(p -> p.packets().stream()).toList();
    return all.subList(2, all.size());
  }
}
