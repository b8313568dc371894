package parley.relay.stun;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.zip.CRC32;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * MESSAGE-INTEGRITY with short-term credentials and FINGERPRINT (RFC 8489 §14.5, §14.7) over raw
 * bytes. Ours and not ice4j's because that one looks passwords up in a stack that owns sockets.
 */
final class StunIntegrity {

  private static final int FINGERPRINT_XOR = 0x5354554E;
  private static final int FINGERPRINT_BYTES = StunFrame.ATTRIBUTE_HEADER_BYTES + 4;
  private static final int INTEGRITY_BYTES =
      StunFrame.ATTRIBUTE_HEADER_BYTES + StunFrame.HMAC_SHA1_BYTES;

  private StunIntegrity() {}

  /** HMAC-SHA1 over the message as if it ended with the MESSAGE-INTEGRITY at this offset. */
  static byte[] hmac(byte[] message, int integrityOffset, String password) {
    byte[] head = Arrays.copyOf(message, StunFrame.HEADER_BYTES);
    putLength(head, integrityOffset + INTEGRITY_BYTES);
    try {
      Mac mac = Mac.getInstance("HmacSHA1");
      mac.init(new SecretKeySpec(password.getBytes(StandardCharsets.UTF_8), "HmacSHA1"));
      mac.update(head);
      mac.update(message, StunFrame.HEADER_BYTES, integrityOffset - StunFrame.HEADER_BYTES);
      return mac.doFinal();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK has HmacSHA1", e);
    }
  }

  /** CRC-32 over the message as if it ended with the FINGERPRINT at this offset. */
  static int fingerprint(byte[] message, int fingerprintOffset) {
    byte[] head = Arrays.copyOf(message, StunFrame.HEADER_BYTES);
    putLength(head, fingerprintOffset + FINGERPRINT_BYTES);
    CRC32 crc = new CRC32();
    crc.update(head);
    crc.update(message, StunFrame.HEADER_BYTES, fingerprintOffset - StunFrame.HEADER_BYTES);
    return (int) crc.getValue() ^ FINGERPRINT_XOR;
  }

  /** The message with MESSAGE-INTEGRITY added. */
  static byte[] sign(byte[] message, String password) {
    byte[] hmac = hmac(message, message.length, password);
    byte[] longer = appended(message, StunFrame.MESSAGE_INTEGRITY, hmac.length);
    System.arraycopy(hmac, 0, longer, longer.length - hmac.length, hmac.length);
    return longer;
  }

  /** The message with FINGERPRINT added. */
  static byte[] seal(byte[] message) {
    int crc = fingerprint(message, message.length);
    byte[] longer = appended(message, StunFrame.FINGERPRINT, 4);
    putInt16(longer, longer.length - 4, crc >>> 16);
    putInt16(longer, longer.length - 2, crc);
    return longer;
  }

  private static byte[] appended(byte[] message, int type, int valueBytes) {
    int total = message.length + StunFrame.ATTRIBUTE_HEADER_BYTES + valueBytes;
    byte[] longer = Arrays.copyOf(message, total);
    putInt16(longer, message.length, type);
    putInt16(longer, message.length + 2, valueBytes);
    putLength(longer, total);
    return longer;
  }

  static void putLength(byte[] message, int totalBytes) {
    putInt16(message, 2, totalBytes - StunFrame.HEADER_BYTES);
  }

  private static void putInt16(byte[] data, int at, int value) {
    data[at] = (byte) (value >>> 8);
    data[at + 1] = (byte) value;
  }
}
