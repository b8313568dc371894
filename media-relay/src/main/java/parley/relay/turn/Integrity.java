package parley.relay.turn;

import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.zip.CRC32;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** MESSAGE-INTEGRITY, its SHA-256 form and FINGERPRINT (RFC 8489 §14.5 to §14.7). */
final class Integrity {

  private static final int FINGERPRINT_XOR = 0x5354554E;

  private final Mac sha1 = mac("HmacSHA1");
  private final Mac sha256 = mac("HmacSHA256");
  private final CRC32 crc = new CRC32();

  private static Mac mac(String name) {
    try {
      return Mac.getInstance(name);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java platform has " + name, e);
    }
  }

  /** Whether the strongest integrity of the message holds; it has to have one. */
  boolean verify(StunReader message, byte[] key) {
    boolean strong = message.sha256At() >= 0;
    int at = strong ? message.sha256At() : message.integrityAt();
    int valueAt = message.offset() + at + StunReader.ATTRIBUTE_HEADER_BYTES;
    int valueBytes = message.lengthAt(valueAt);
    byte[] right = compute(strong, key, message.data(), message.offset(), at, valueBytes);
    byte[] given = Arrays.copyOfRange(message.data(), valueAt, valueAt + valueBytes);
    return MessageDigest.isEqual(Arrays.copyOf(right, valueBytes), given);
  }

  /**
   * The code over the first bytes of a message, as if it ended with the attribute that will carry
   * it.
   *
   * @param lengthBytes how much comes before that attribute
   * @param valueBytes of the attribute
   */
  byte[] compute(
      boolean strong, byte[] key, byte[] data, int offset, int lengthBytes, int valueBytes) {
    Mac mac = strong ? sha256 : sha1;
    try {
      mac.init(new SecretKeySpec(key, mac.getAlgorithm()));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("any key is good for an HMAC", e);
    }
    int told =
        lengthBytes + StunReader.ATTRIBUTE_HEADER_BYTES + valueBytes - StunReader.HEADER_BYTES;
    mac.update(data, offset, 2);
    mac.update((byte) (told >> 8));
    mac.update((byte) told);
    mac.update(data, offset + 4, lengthBytes - 4);
    return mac.doFinal();
  }

  boolean isFingerprintRight(StunReader message) {
    int at = message.offset() + message.fingerprintAt();
    return Bytes.int32(message.data(), at + StunReader.ATTRIBUTE_HEADER_BYTES)
        == fingerprint(message.data(), message.offset(), message.fingerprintAt());
  }

  /** Over bytes whose length field already counts the attribute. */
  int fingerprint(byte[] data, int offset, int lengthBytes) {
    crc.reset();
    crc.update(data, offset, lengthBytes);
    return (int) crc.getValue() ^ FINGERPRINT_XOR;
  }
}
