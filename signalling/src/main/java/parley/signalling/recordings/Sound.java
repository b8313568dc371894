package parley.signalling.recordings;

import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** Bytes to be sent, all or some of them. */
interface Sound {

  long length();

  /**
   * Reads from a byte on; closed by whoever asked.
   *
   * @param from at most {@link #length}
   */
  InputStream open(long from) throws IOException;

  /** Those of a file. */
  static Sound of(Path file, long length) {
    return new Sound() {
      @Override
      public long length() {
        return length;
      }

      @Override
      public InputStream open(long from) throws IOException {
        FileChannel channel = FileChannel.open(file, StandardOpenOption.READ);
        channel.position(from);
        return Channels.newInputStream(channel);
      }
    };
  }
}
