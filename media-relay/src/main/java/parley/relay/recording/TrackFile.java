package parley.relay.recording;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** A track on disk: only ever appended to, by whole pages. */
final class TrackFile implements PageOutput, AutoCloseable {

  private final Path path;
  private FileChannel channel;
  private long size;

  /**
   * @throws IOException also when the file is there already
   */
  TrackFile(Path path) throws IOException {
    this.path = path;
    channel = FileChannel.open(path, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
  }

  /** Closes the file until there is something to write again: a process may have only so many. */
  void rest() throws IOException {
    channel.close();
  }

  private FileChannel open() throws IOException {
    if (!channel.isOpen()) {
      channel = FileChannel.open(path, StandardOpenOption.WRITE).position(size);
    }
    return channel;
  }

  @Override
  public void page(byte[] data, int length, long granule) throws IOException {
    ByteBuffer page = ByteBuffer.wrap(data, 0, length);
    FileChannel file = open();
    try {
      while (page.hasRemaining()) {
        file.write(page);
      }
    } catch (IOException e) {
      file.truncate(size); // a full disk takes half pages; leave only whole ones
      throw e;
    }
    size += length;
  }

  /** Returns when the bytes would survive a power cut. */
  void sync() throws IOException {
    open().force(true);
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
