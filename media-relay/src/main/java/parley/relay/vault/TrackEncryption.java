package parley.relay.vault;

import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import javax.crypto.Cipher;

/** Encrypts one track, page by page. Owned by the recorder's thread. */
public final class TrackEncryption {

  private final EncryptedTrack track;

  /**
   * @param call uid of the call
   * @param file name of the track's file
   */
  public TrackEncryption(DataKey key, String call, String file) {
    track = new EncryptedTrack(key, call, file);
  }

  /**
   * The bytes to append to the file for one page.
   *
   * @param granule samples up to the end of the page
   */
  public byte[] segment(byte[] page, int length, long granule) {
    int head = track.number() == 0 ? EncryptedTrack.MAGIC.length : 0;
    int sealed = length + EncryptedTrack.TAG_BYTES;
    ByteBuffer out = ByteBuffer.allocate(head + EncryptedTrack.HEADER_BYTES + sealed);
    if (head > 0) {
      out.put(EncryptedTrack.MAGIC);
    }
    out.putInt(sealed).putLong(granule);
    try {
      track
          .next(Cipher.ENCRYPT_MODE, granule)
          .doFinal(page, 0, length, out.array(), out.position());
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("AES-GCM takes a page of any length", e);
    }
    return out.array();
  }
}
