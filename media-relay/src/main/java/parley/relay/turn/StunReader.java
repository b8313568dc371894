package parley.relay.turn;

import static parley.relay.turn.Bytes.int16;
import static parley.relay.turn.Bytes.int32;
import static parley.relay.turn.Bytes.int64;
import static parley.relay.turn.Bytes.padded;
import static parley.relay.turn.Bytes.uint32;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A STUN message where it lies (RFC 8489 §5, §14): made once, wrapped again for each. Only what
 * MESSAGE-INTEGRITY covers is found; what was appended behind it is not believed.
 */
final class StunReader {

  static final int HEADER_BYTES = 20;
  static final int ATTRIBUTE_HEADER_BYTES = 4;
  static final int MAGIC_COOKIE = 0x2112A442;
  static final int TRANSACTION_ID_BYTES = 12;
  static final int HMAC_SHA1_BYTES = 20;
  static final int HMAC_SHA256_BYTES = 32;

  /**
   * All that have room in a request of 548 bytes, which is the most that a client sends who does
   * not know the way (RFC 8489 §6.1).
   */
  static final int MAX_UNKNOWN = 132;

  private static final int[] NO_ATTRIBUTES = {};

  private byte[] data = new byte[0];
  private int offset;
  private int bodyEnd;
  private int integrityAt;
  private int sha256At;
  private int fingerprintAt;

  private boolean peerIpv6;
  private long peerHigh;
  private long peerLow;
  private int peerPort;

  /**
   * False if these bytes are not exactly one whole STUN message; then nothing else may be asked.
   */
  boolean wrap(byte[] bytes, int from, int lengthBytes) {
    data = bytes;
    offset = from;
    bodyEnd = lengthBytes;
    integrityAt = -1;
    sha256At = -1;
    fingerprintAt = -1;
    if (lengthBytes < HEADER_BYTES
        || (bytes[from] & 0xC0) != 0
        || int32(bytes, from + 4) != MAGIC_COOKIE
        || int16(bytes, from + 2) != lengthBytes - HEADER_BYTES
        || lengthBytes % 4 != 0) {
      return false;
    }
    int at = HEADER_BYTES;
    while (at < lengthBytes) {
      if (fingerprintAt >= 0 || lengthBytes - at < ATTRIBUTE_HEADER_BYTES) {
        return false; // FINGERPRINT must be the last one (RFC 8489 §14.7)
      }
      int valueBytes = int16(bytes, from + at + 2);
      int next = at + ATTRIBUTE_HEADER_BYTES + padded(valueBytes);
      if (next > lengthBytes || !note(int16(bytes, from + at), valueBytes, at)) {
        return false;
      }
      at = next;
    }
    return true;
  }

  private boolean note(int attribute, int valueBytes, int at) {
    switch (attribute) {
      case StunAttribute.MESSAGE_INTEGRITY -> {
        if (valueBytes != HMAC_SHA1_BYTES) {
          return false;
        }
        // Behind the SHA-256 one only FINGERPRINT counts (RFC 8489 §14.6).
        if (integrityAt < 0 && sha256At < 0) {
          integrityAt = at;
          bodyEnd = at;
        }
      }
      case StunAttribute.MESSAGE_INTEGRITY_SHA256 -> {
        // A usage may allow to cut it (RFC 8489 §14.6); TURN is none that does.
        if (valueBytes != HMAC_SHA256_BYTES) {
          return false;
        }
        if (sha256At < 0) {
          sha256At = at;
          bodyEnd = Math.min(bodyEnd, at);
        }
      }
      case StunAttribute.FINGERPRINT -> {
        if (valueBytes != 4) {
          return false;
        }
        fingerprintAt = at;
        bodyEnd = Math.min(bodyEnd, at);
      }
      default -> {}
    }
    return true;
  }

  /** Method and class together. */
  int type() {
    return int16(data, offset);
  }

  boolean isRequest() {
    return (type() & StunMethod.ERROR) == 0;
  }

  boolean isIndication() {
    return (type() & StunMethod.ERROR) == StunMethod.INDICATION;
  }

  int method() {
    return type() & ~StunMethod.ERROR;
  }

  byte[] data() {
    return data;
  }

  int offset() {
    return offset;
  }

  int transactionAt() {
    return offset + 8;
  }

  /** Relative to {@link #offset}; -1 without one. */
  int integrityAt() {
    return integrityAt;
  }

  /** Relative to {@link #offset}; -1 without one. */
  int sha256At() {
    return sha256At;
  }

  boolean hasIntegrity() {
    return integrityAt >= 0 || sha256At >= 0;
  }

  /** Relative to {@link #offset}; -1 without one. */
  int fingerprintAt() {
    return fingerprintAt;
  }

  /** Where the value of the first attribute of this type begins in {@link #data}; -1: none. */
  int find(int attribute) {
    return findFrom(attribute, HEADER_BYTES);
  }

  /** The next one of the same type, from a value that {@link #find} or this gave; -1: no more. */
  int findNext(int attribute, int valueAt) {
    return findFrom(attribute, valueAt - offset + padded(lengthAt(valueAt)));
  }

  private int findFrom(int attribute, int from) {
    int at = from;
    while (at < bodyEnd) {
      if (int16(data, offset + at) == attribute) {
        return offset + at + ATTRIBUTE_HEADER_BYTES;
      }
      at += ATTRIBUTE_HEADER_BYTES + padded(int16(data, offset + at + 2));
    }
    return -1;
  }

  boolean has(int attribute) {
    return find(attribute) >= 0;
  }

  /** Bytes of the value that begins there, padding left out. */
  int lengthAt(int valueAt) {
    return int16(data, valueAt - 2);
  }

  /** Null: not there. */
  @Nullable String text(int attribute) {
    int at = find(attribute);
    return at < 0 ? null : new String(data, at, lengthAt(at), StandardCharsets.UTF_8);
  }

  /** Null: not there. */
  byte @Nullable [] bytes(int attribute) {
    int at = find(attribute);
    return at < 0 ? null : Arrays.copyOfRange(data, at, at + lengthAt(at));
  }

  /** Reads an XOR-…-ADDRESS (RFC 8489 §14.2) into {@link #peer}; false if it is none. */
  boolean readXorAddress(int valueAt) {
    int family = data[valueAt + 1] & 0xFF;
    peerIpv6 = family == IpAddress.IPV6_FAMILY;
    if (lengthAt(valueAt) != (peerIpv6 ? 20 : 8)
        || (!peerIpv6 && family != IpAddress.IPV4_FAMILY)) {
      return false;
    }
    peerPort = int16(data, valueAt + 2) ^ MAGIC_COOKIE >>> 16;
    long cookie = MAGIC_COOKIE & 0xFFFF_FFFFL;
    if (peerIpv6) {
      peerHigh = int64(data, valueAt + 4) ^ (cookie << 32 | uint32(data, transactionAt()));
      peerLow = int64(data, valueAt + 12) ^ int64(data, transactionAt() + 4);
    } else {
      peerHigh = 0;
      peerLow = uint32(data, valueAt + 4) ^ cookie;
    }
    return true;
  }

  boolean peerIpv6() {
    return peerIpv6;
  }

  long peerHigh() {
    return peerHigh;
  }

  long peerLow() {
    return peerLow;
  }

  int peerPort() {
    return peerPort;
  }

  /** What {@link #readXorAddress} read last. */
  IpAddress peer() {
    return new IpAddress(peerIpv6, peerHigh, peerLow);
  }

  /** Attributes that have to be understood and are not (RFC 8489 §6.3.1). */
  int[] unknownRequired(boolean dontFragment) {
    if (!hasUnknownRequired(dontFragment)) {
      return NO_ATTRIBUTES;
    }
    int[] unknown = new int[MAX_UNKNOWN];
    int count = 0;
    int at = HEADER_BYTES;
    while (at < bodyEnd && count < MAX_UNKNOWN) {
      int attribute = int16(data, offset + at);
      if (StunAttribute.isUnknownRequired(attribute, dontFragment)) {
        unknown[count++] = attribute;
      }
      at += ATTRIBUTE_HEADER_BYTES + padded(int16(data, offset + at + 2));
    }
    return Arrays.copyOf(unknown, count);
  }

  /** Allocates nothing, for indications. */
  boolean hasUnknownRequired(boolean dontFragment) {
    int at = HEADER_BYTES;
    while (at < bodyEnd) {
      if (StunAttribute.isUnknownRequired(int16(data, offset + at), dontFragment)) {
        return true;
      }
      at += ATTRIBUTE_HEADER_BYTES + padded(int16(data, offset + at + 2));
    }
    return false;
  }

  boolean isOfTransaction(byte[] id) {
    return Arrays.equals(
        data, transactionAt(), transactionAt() + TRANSACTION_ID_BYTES, id, 0, id.length);
  }

  byte[] transactionId() {
    return Arrays.copyOfRange(data, transactionAt(), transactionAt() + TRANSACTION_ID_BYTES);
  }
}
