package parley.relay.recording;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** A track on disk: only ever appended to, by whole pages. */
final class TrackFile implements PageOutput, AutoCloseable {

  private final FileChannel channel;
  private long size;

  /**
   * @throws IOException also when the file is there already
   */
  TrackFile(Path path) throws IOException {
    channel = FileChannel.open(path, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
  }

  @Override
  public void page(byte[] data, int length) throws IOException {
    ByteBuffer page = ByteBuffer.wrap(data, 0, length);
    try {
      while (page.hasRemaining()) {
        channel.write(page);
      }
    } catch (IOException e) {
      channel.truncate(size); // a full disk takes half pages; leave only whole ones
      throw e;
    }
    size += length;
  }

  /** Returns when the bytes would survive a power cut. */
  void sync() throws IOException {
    channel.force(true);
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
