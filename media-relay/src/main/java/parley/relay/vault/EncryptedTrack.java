package parley.relay.vault;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import javax.crypto.Cipher;
import javax.crypto.SecretKey;
import javax.crypto.spec.GCMParameterSpec;

/**
 * The layout of an encrypted track: eight bytes {@code PARLEYT1}, then segments, each a page of the
 * track. Numbers are big-endian.
 *
 * <pre>
 * 4 bytes  length of what follows the next field
 * 8 bytes  granule: samples at 48 kHz up to the end of the segment
 * n bytes  AES-256-GCM: ciphertext and 16 bytes of tag
 *          key    HKDF-SHA256(data key, "parley-track 1" 0 call 0 file)
 *          nonce  4 bytes of zero, 8 bytes: number of the segment, from 0
 *          also authenticated  "parley-track 1" 0 call 0 file 0, number, granule (8 bytes each)
 * </pre>
 */
final class EncryptedTrack {

  static final byte[] MAGIC = "PARLEYT1".getBytes(StandardCharsets.US_ASCII);

  /** Length and granule. */
  static final int HEADER_BYTES = 12;

  static final int TAG_BYTES = 16;

  /** The longest page of Ogg (RFC 3533 §6) and the tag. */
  static final int MAX_SEGMENT_BYTES = 65_307 + TAG_BYTES;

  private final SecretKey key;
  private final byte[] context;
  private final Cipher cipher;
  private long number;

  EncryptedTrack(DataKey key, String call, String file) {
    this.key = key.track(call, file);
    this.context =
        ("parley-track 1\0" + call + "\0" + file + "\0").getBytes(StandardCharsets.UTF_8);
    try {
      this.cipher = Cipher.getInstance("AES/GCM/NoPadding");
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK has AES-GCM", e);
    }
  }

  /** Ready for the next segment; a number is never used twice. */
  Cipher next(int mode, long granule) throws GeneralSecurityException {
    byte[] nonce = ByteBuffer.allocate(12).putLong(4, number).array();
    cipher.init(mode, key, new GCMParameterSpec(TAG_BYTES * 8, nonce));
    cipher.updateAAD(context);
    cipher.updateAAD(ByteBuffer.allocate(16).putLong(number).putLong(granule).flip());
    number++;
    return cipher;
  }

  /** Leaves out a segment. */
  void pass() {
    number++;
  }

  /** The segment that comes next. */
  long number() {
    return number;
  }
}
