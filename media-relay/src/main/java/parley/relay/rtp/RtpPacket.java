package parley.relay.rtp;

import parley.relay.srtp.PacketBuffer;

/**
 * A view of one RTP packet (RFC 3550 §5.1) with its header extensions (RFC 8285). Wraps, never
 * copies; made once and wrapped again for every packet. Whatever the network brought, nothing here
 * throws: {@link #wrap} says whether it is a packet, and the getters are valid after a true.
 */
public final class RtpPacket {

  /** The fixed part of the header (RFC 3550 §5.1). */
  public static final int HEADER_BYTES = 12;

  private static final int ONE_BYTE_PROFILE = 0xBEDE;
  private static final int TWO_BYTE_PROFILE = 0x1000;

  /** The low four bits of the two-byte profile are the application's (RFC 8285 §4.3). */
  private static final int TWO_BYTE_MASK = 0xFFF0;

  private byte[] data = {}; // the payload's
  private byte[] header = {};
  private int start;
  private int sequence;
  private int timestamp;
  private int extensionsProfile;
  private int extensionsOffset;
  private int extensionsEnd;
  private int payloadOffset;
  private int payloadLength;
  private int foundOffset;
  private int foundLength;

  /** False when this is no RTP packet; the view must not be read then. */
  public boolean wrap(PacketBuffer packet) {
    return wrap(packet.data, packet.offset, packet.length);
  }

  public boolean wrap(byte[] bytes, int offset, int lengthBytes) {
    if (lengthBytes < HEADER_BYTES || (bytes[offset] & 0xC0) != 0x80) {
      return false; // too short, or not version 2
    }
    int end = offset + lengthBytes;
    int at = offset + HEADER_BYTES + 4 * (bytes[offset] & 0x0F);
    int profile = 0;
    int extensionsAt = at;
    if ((bytes[offset] & 0x10) != 0) {
      if (at + 4 > end) {
        return false;
      }
      profile = NetworkOrder.unsignedShort(bytes, at);
      extensionsAt = at + 4;
      at = extensionsAt + 4 * NetworkOrder.unsignedShort(bytes, at + 2);
    }
    if (at > end) {
      return false;
    }
    int padding = 0;
    if ((bytes[offset] & 0x20) != 0) {
      padding = at < end ? NetworkOrder.unsignedByte(bytes, end - 1) : 0;
      if (padding == 0 || padding > end - at) {
        return false; // the count includes itself (RFC 3550 §5.1)
      }
    }
    data = bytes;
    header = bytes;
    start = offset;
    sequence = NetworkOrder.unsignedShort(bytes, offset + 2);
    timestamp = NetworkOrder.getInt(bytes, offset + 4);
    extensionsProfile = profile;
    extensionsOffset = extensionsAt;
    extensionsEnd = at;
    payloadOffset = at;
    payloadLength = end - at - padding;
    foundLength = 0;
    return true;
  }

  /** Where the payload is. */
  public byte[] data() {
    return data;
  }

  /**
   * From here on it reads as a packet with another payload: one that was transcoded, or was found
   * in it.
   */
  public void replace(
      int newSequence, int newTimestamp, byte[] payload, int offset, int lengthBytes) {
    sequence = newSequence;
    timestamp = newTimestamp;
    data = payload;
    payloadOffset = offset;
    payloadLength = lengthBytes;
  }

  public boolean marker() {
    return (header[start + 1] & 0x80) != 0;
  }

  /** 7 bits. */
  public int payloadType() {
    return header[start + 1] & 0x7F;
  }

  /** 16 bits, unsigned. */
  public int sequence() {
    return sequence;
  }

  /** 32 bits, to be read as unsigned. */
  public int timestamp() {
    return timestamp;
  }

  /** 32 bits, to be read as unsigned. */
  public int ssrc() {
    return NetworkOrder.getInt(header, start + 8);
  }

  public int csrcCount() {
    return header[start] & 0x0F;
  }

  /**
   * @param index below {@link #csrcCount}
   */
  public int csrc(int index) {
    return NetworkOrder.getInt(header, start + HEADER_BYTES + 4 * index);
  }

  /** Where the payload begins in {@link #data}. */
  public int payloadOffset() {
    return payloadOffset;
  }

  /** Without padding. */
  public int payloadLength() {
    return payloadLength;
  }

  /**
   * Looks for a header extension element; {@link #extensionOffset} and {@link #extensionLength} say
   * where it is. A broken list of elements ends where it breaks.
   *
   * @param id 1–14 in the one-byte form, 1–255 in the two-byte form
   */
  public boolean findExtension(int id) {
    foundLength = 0;
    if (extensionsProfile == ONE_BYTE_PROFILE) {
      return findOneByte(id);
    }
    return (extensionsProfile & TWO_BYTE_MASK) == TWO_BYTE_PROFILE && findTwoByte(id);
  }

  /**
   * An extension element of two bytes as an unsigned number; −1 when there is none.
   *
   * @param id 0 when not negotiated
   */
  public int extension16(int id) {
    return id == 0 || !findExtension(id) || extensionLength() != 2
        ? -1
        : NetworkOrder.unsignedShort(data(), extensionOffset());
  }

  /** Where the data of the element found last begins in {@link #data}, unless it was replaced. */
  public int extensionOffset() {
    return foundOffset;
  }

  public int extensionLength() {
    return foundLength;
  }

  private boolean findOneByte(int wanted) {
    int at = extensionsOffset;
    while (at < extensionsEnd) {
      int id = (header[at] & 0xF0) >>> 4;
      int length = (header[at] & 0x0F) + 1;
      if (id == 0 && length == 1) {
        at++; // a byte of padding
        continue;
      }
      if (id == 0 || id == 15 || at + 1 + length > extensionsEnd) {
        return false; // RFC 8285 §4.2: processing terminates here
      }
      if (id == wanted) {
        foundOffset = at + 1;
        foundLength = length;
        return true;
      }
      at += 1 + length;
    }
    return false;
  }

  private boolean findTwoByte(int wanted) {
    int at = extensionsOffset;
    while (at < extensionsEnd) {
      int id = NetworkOrder.unsignedByte(header, at);
      if (id == 0) {
        at++; // a byte of padding has no length (RFC 8285 §4.3)
        continue;
      }
      if (at + 2 > extensionsEnd) {
        return false;
      }
      int length = NetworkOrder.unsignedByte(header, at + 1);
      if (at + 2 + length > extensionsEnd) {
        return false;
      }
      if (id == wanted) {
        foundOffset = at + 2;
        foundLength = length;
        return true;
      }
      at += 2 + length;
    }
    return false;
  }
}
