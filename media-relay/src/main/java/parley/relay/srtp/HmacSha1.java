package parley.relay.srtp;

import java.security.DigestException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;

/**
 * HMAC-SHA1 (RFC 2104) that hashes the padded key once and not for every packet: each message
 * starts from copies of the two digests that have already seen it. {@code javax.crypto.Mac} hashes
 * two more blocks per message.
 */
final class HmacSha1 {

  static final int BYTES = 20;
  private static final int BLOCK_BYTES = 64;

  private final MessageDigest inner;
  private final MessageDigest outer;
  private final byte[] rollOver = new byte[4];

  HmacSha1(byte[] key) {
    inner = keyed(key, 0x36);
    outer = keyed(key, 0x5c);
  }

  private static MessageDigest keyed(byte[] key, int pad) {
    byte[] block = Arrays.copyOf(key, BLOCK_BYTES);
    for (int i = 0; i < BLOCK_BYTES; i++) {
      block[i] ^= (byte) pad;
    }
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-1");
      digest.update(block);
      return digest;
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-1", e);
    }
  }

  /** Of the data followed by the roll-over counter (RFC 3711 §4.2). */
  void sign(byte[] data, int offset, int length, int roc, byte[] tag) {
    Bytes.putInt32(rollOver, 0, roc);
    MessageDigest digest = copy(inner);
    digest.update(data, offset, length);
    digest.update(rollOver);
    finish(digest, tag);
  }

  void sign(byte[] data, int offset, int length, byte[] tag) {
    MessageDigest digest = copy(inner);
    digest.update(data, offset, length);
    finish(digest, tag);
  }

  private void finish(MessageDigest innerDigest, byte[] tag) {
    try {
      innerDigest.digest(tag, 0, BYTES);
      MessageDigest digest = copy(outer);
      digest.update(tag, 0, BYTES);
      digest.digest(tag, 0, BYTES);
    } catch (DigestException e) {
      throw new IllegalStateException("SHA-1", e);
    }
  }

  private static MessageDigest copy(MessageDigest digest) {
    try {
      return (MessageDigest) digest.clone();
    } catch (CloneNotSupportedException e) {
      throw new IllegalStateException("the JDK's SHA-1 can be cloned", e);
    }
  }
}
