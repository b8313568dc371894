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

  /** Of the segment whose header was read last. */
  private int length;

  private long granule;
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

  /** Whole segments are passed over as they lie there: nobody asks what is in them. */
  @Override
  public long skip(long count) throws IOException {
    long skipped = 0;
    while (skipped < count) {
      if (at == page.length) {
        if (!header()) {
          return skipped;
        }
        int plain = length - EncryptedTrack.TAG_BYTES;
        if (plain <= count - skipped) {
          if (!passOver()) {
            return skipped;
          }
          skipped += plain;
          continue;
        }
        if (!body()) {
          return skipped;
        }
      }
      int step = (int) Math.min(count - skipped, page.length - at);
      at += step;
      skipped += step;
    }
    return skipped;
  }

  private boolean next() throws IOException {
    while (header() && body()) {
      if (page.length > 0) {
        return true;
      }
    }
    return false;
  }

  /** What stands before a segment; false when there is none. */
  private boolean header() throws IOException {
    if (ended) {
      return false;
    }
    try {
      length = in.readInt();
      granule = in.readLong();
    } catch (EOFException e) {
      ended = true;
      return false;
    }
    if (length < EncryptedTrack.TAG_BYTES || length > EncryptedTrack.MAX_SEGMENT_BYTES) {
      throw new IOException("segment " + track.number() + " has an impossible length");
    }
    return true;
  }

  private boolean passOver() throws IOException {
    try {
      in.skipNBytes(length);
      track.pass();
      return true;
    } catch (EOFException e) {
      ended = true;
      return false;
    }
  }

  private boolean body() throws IOException {
    byte[] sealed = in.readNBytes(length);
    if (sealed.length < length) {
      ended = true;
      return false;
    }
    long number = track.number();
    try {
      page = track.next(Cipher.DECRYPT_MODE, granule).doFinal(sealed);
      at = 0;
      return true;
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
    return measure(file).granule();
  }

  /** How many bytes it has decrypted, told without its key. */
  static long length(Path file) throws IOException {
    return measure(file).plainBytes();
  }

  private record Measure(long granule, long plainBytes) {}

  private static Measure measure(Path file) throws IOException {
    long last = 0;
    long plain = 0;
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
        plain += length - EncryptedTrack.TAG_BYTES;
      }
    }
    return new Measure(last, plain);
  }

  @Override
  public void close() throws IOException {
    in.close();
  }
}
