package parley.relay.recording;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;

/** Finds out how far a track goes that was never closed. */
final class OggTail {

  /** Two of the largest pages: the last whole one lies within. */
  private static final int WINDOW = 2 * 65_307;

  private OggTail() {}

  /** Playing time of an Ogg Opus file up to its last whole page, in samples; 0 if it has none. */
  static long duration(Path file) throws IOException {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      long from = Math.max(0, channel.size() - WINDOW);
      ByteBuffer bytes = ByteBuffer.allocate((int) (channel.size() - from));
      while (bytes.hasRemaining() && channel.read(bytes, from + bytes.position()) > 0) {
        // until the end of the file
      }
      return Math.max(0, lastGranule(bytes.array(), bytes.position()) - OggOpusWriter.PRE_SKIP);
    }
  }

  private static long lastGranule(byte[] data, int length) {
    ByteBuffer view = ByteBuffer.wrap(data).order(ByteOrder.LITTLE_ENDIAN);
    for (int at = length - 27; at >= 0; at--) {
      boolean page =
          data[at] == 'O' && data[at + 1] == 'g' && data[at + 2] == 'g' && data[at + 3] == 'S';
      if (page && whole(data, at, length)) {
        return view.getLong(at + 6);
      }
    }
    return 0;
  }

  private static boolean whole(byte[] data, int at, int length) {
    int segments = data[at + 26] & 0xff;
    int size = 27 + segments;
    if (at + size > length) {
      return false;
    }
    for (int i = 0; i < segments; i++) {
      size += data[at + 27 + i] & 0xff;
    }
    if (at + size > length) {
      return false;
    }
    byte[] page = Arrays.copyOfRange(data, at, at + size);
    int written = ByteBuffer.wrap(page).order(ByteOrder.LITTLE_ENDIAN).getInt(22);
    ByteBuffer.wrap(page).putInt(22, 0);
    return OggCrc.of(page, 0, size) == written;
  }
}
