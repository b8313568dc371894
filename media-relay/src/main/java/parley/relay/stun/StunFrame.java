package parley.relay.stun;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The outer shape of a STUN message (RFC 8489 §5, §14), checked before any attribute is decoded:
 * ice4j's decoder may only see what is whole.
 *
 * @param signedLength bytes before MESSAGE-INTEGRITY, or before FINGERPRINT if there is none: what
 *     may be believed once verified
 * @param integrityOffset -1 without MESSAGE-INTEGRITY
 * @param fingerprintOffset -1 without FINGERPRINT as the last attribute
 */
record StunFrame(
    int type,
    int signedLength,
    int integrityOffset,
    int fingerprintOffset,
    List<Integer> unknownRequired) {

  static final int HEADER_BYTES = 20;
  static final int ATTRIBUTE_HEADER_BYTES = 4;
  static final int MAGIC_COOKIE = 0x2112A442;
  static final int TRANSACTION_ID_BYTES = 12;
  static final int HMAC_SHA1_BYTES = 20;

  static final int USERNAME = 0x0006;
  static final int MESSAGE_INTEGRITY = 0x0008;
  static final int PRIORITY = 0x0024;
  static final int USE_CANDIDATE = 0x0025;
  static final int ICE_CONTROLLED = 0x8029;
  static final int ICE_CONTROLLING = 0x802A;
  static final int FINGERPRINT = 0x8028;

  /** Nothing above Ethernet's 1500 bytes arrives in one piece; a check has about 100. */
  private static final int MAX_BYTES = 1500;

  /** From here on an attribute may be ignored by those who do not know it (RFC 8489 §14). */
  private static final int COMPREHENSION_OPTIONAL = 0x8000;

  /** More need not be listed in an error 420. */
  private static final int MAX_UNKNOWN = 8;

  /** Null if these bytes are not exactly one whole STUN message. */
  static @Nullable StunFrame tryWrap(byte[] data, int offset, int length) {
    if (length < HEADER_BYTES
        || length > MAX_BYTES
        || (data[offset] & 0xC0) != 0
        || int32(data, offset + 4) != MAGIC_COOKIE
        || int16(data, offset + 2) != length - HEADER_BYTES
        || length % 4 != 0) {
      return null;
    }
    int signedLength = length;
    int integrityOffset = -1;
    int fingerprintOffset = -1;
    List<Integer> unknown = List.of();
    int at = HEADER_BYTES;
    while (at < length) {
      if (length - at < ATTRIBUTE_HEADER_BYTES || fingerprintOffset >= 0) {
        return null; // FINGERPRINT must be the last one (RFC 8489 §14.7)
      }
      int type = int16(data, offset + at);
      int valueBytes = int16(data, offset + at + 2);
      int next = at + ATTRIBUTE_HEADER_BYTES + padded(valueBytes);
      if (next > length) {
        return null;
      }
      switch (type) {
        case MESSAGE_INTEGRITY -> {
          if (valueBytes != HMAC_SHA1_BYTES) {
            return null;
          }
          if (integrityOffset < 0) {
            integrityOffset = at;
            signedLength = at;
          }
        }
        case FINGERPRINT -> {
          if (valueBytes != 4) {
            return null;
          }
          fingerprintOffset = at;
          signedLength = Math.min(signedLength, at);
        }
        default -> {
          if (integrityOffset < 0 && isUnknownRequired(type) && unknown.size() < MAX_UNKNOWN) {
            unknown = with(unknown, type);
          }
        }
      }
      at = next;
    }
    return new StunFrame(
        int16(data, offset), signedLength, integrityOffset, fingerprintOffset, unknown);
  }

  private static boolean isUnknownRequired(int type) {
    return type < COMPREHENSION_OPTIONAL
        && type != USERNAME
        && type != PRIORITY
        && type != USE_CANDIDATE;
  }

  private static List<Integer> with(List<Integer> list, int type) {
    List<Integer> longer = new ArrayList<>(list);
    longer.add(type);
    return List.copyOf(longer);
  }

  /** Attributes fill up to 32 bits (RFC 8489 §14). */
  static int padded(int bytes) {
    return (bytes + 3) & ~3;
  }

  static int int16(byte[] data, int at) {
    return (data[at] & 0xFF) << 8 | (data[at + 1] & 0xFF);
  }

  static int int32(byte[] data, int at) {
    return int16(data, at) << 16 | int16(data, at + 2);
  }
}
