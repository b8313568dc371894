package parley.relay.vault;

import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.Objects;
import javax.crypto.Cipher;

/**
 * Reads an encrypted track as the Ogg Opus file that it is. What a crash left of a last segment is
 * not read; whether the track is whole, the seal says.
 */
public final class TrackDecryption extends InputStream {

  private final DataInputStream in;
  private final EncryptedTrack track;
  private byte[] page = new byte[0];
  private int at;
  private boolean ended;

  private TrackDecryption(DataInputStream in, EncryptedTrack track) {
    this.in = in;
    this.track = track;
  }

  /**
   * @param call uid of the call
   * @throws IOException when the file is no encrypted track
   */
  static TrackDecryption open(Path file, DataKey key, String call) throws IOException {
    String name = String.valueOf(file.getFileName());
    var in = new DataInputStream(new BufferedInputStream(Files.newInputStream(file)));
    byte[] magic = in.readNBytes(EncryptedTrack.MAGIC.length);
    if (!Arrays.equals(magic, EncryptedTrack.MAGIC)) {
      in.close();
      throw new IOException(name + " is no encrypted track");
    }
    return new TrackDecryption(in, new EncryptedTrack(key, call, name));
  }

  @Override
  public int read(byte[] into, int offset, int length) throws IOException {
    Objects.checkFromIndexSize(offset, length, into.length);
    if (length == 0) {
      return 0;
    }
    if (at == page.length && !next()) {
      return -1;
    }
    int count = Math.min(length, page.length - at);
    System.arraycopy(page, at, into, offset, count);
    at += count;
    return count;
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  private boolean next() throws IOException {
    while (!ended) {
      byte[] sealed;
      long granule;
      try {
        int length = in.readInt();
        granule = in.readLong();
        if (length < EncryptedTrack.TAG_BYTES || length > EncryptedTrack.MAX_SEGMENT_BYTES) {
          throw new IOException("segment " + track.number() + " has an impossible length");
        }
        sealed = in.readNBytes(length);
        ended = sealed.length < length;
      } catch (EOFException e) {
        ended = true;
        return false;
      }
      if (!ended && decrypt(sealed, granule)) {
        return true;
      }
    }
    return false;
  }

  private boolean decrypt(byte[] sealed, long granule) throws IOException {
    long number = track.number();
    try {
      page = track.next(Cipher.DECRYPT_MODE, granule).doFinal(sealed);
      at = 0;
      return page.length > 0;
    } catch (GeneralSecurityException e) {
      throw new IOException(
          "segment " + number + " is not what was encrypted, or this is not its key", e);
    }
  }

  /**
   * How far a track goes, in samples, up to its last whole segment; told without its key, so a node
   * that cannot read its recordings can still say what a crash took.
   */
  public static long granule(Path file) throws IOException {
    long last = 0;
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      long size = channel.size();
      ByteBuffer header = ByteBuffer.allocate(EncryptedTrack.HEADER_BYTES);
      long position = EncryptedTrack.MAGIC.length;
      while (position + EncryptedTrack.HEADER_BYTES <= size) {
        channel.read(header.clear(), position);
        long length = header.getInt(0) & 0xffff_ffffL;
        position += EncryptedTrack.HEADER_BYTES + length;
        if (length < EncryptedTrack.TAG_BYTES || position > size) {
          break;
        }
        last = header.getLong(4);
      }
    }
    return last;
  }

  @Override
  public void close() throws IOException {
    in.close();
  }
}
