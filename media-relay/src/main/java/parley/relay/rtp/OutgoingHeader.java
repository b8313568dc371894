package parley.relay.rtp;

import java.nio.charset.StandardCharsets;

/**
 * The RTP header of one outgoing stream: what is the same in all its packets is given once. Every
 * packet names its speakers as CSRCs (RFC 7667 §3.6.3), and has the header extensions the receiver
 * agreed to, in the one-byte form (RFC 8285 §4.2).
 */
public final class OutgoingHeader {

  /** The largest id of the one-byte form; 15 is reserved (RFC 8285 §4.2). */
  public static final int MAX_EXTENSION_ID = 14;

  /** The most one element of the one-byte form carries. */
  public static final int MAX_EXTENSION_BYTES = 16;

  /** The header counts them in four bits (RFC 3550 §5.1). */
  public static final int MAX_CSRCS = 15;

  /** The section a packet belongs to (RFC 8843 §15). */
  public static final String MID_URI = "urn:ietf:params:rtp-hdrext:sdes:mid";

  private final int ssrc;
  private final int payloadType;
  private final int levelId;
  private final int midId;
  private final byte[] mid;
  private final int[] speaker = new int[1];

  /**
   * @param payloadType 7 bits
   * @param levelId of the audio level at the receiver, 0 when it does not want it
   * @param midId of the MID at the receiver, 0 when it does not want it
   * @param mid of the receiver's section; not sent when longer than the one-byte form carries
   */
  public OutgoingHeader(int ssrc, int payloadType, int levelId, int midId, String mid) {
    byte[] name = mid.getBytes(StandardCharsets.UTF_8);
    this.ssrc = ssrc;
    this.payloadType = payloadType;
    this.levelId = levelId;
    this.midId = name.length == 0 || name.length > MAX_EXTENSION_BYTES ? 0 : midId;
    this.mid = name;
  }

  public int ssrc() {
    return ssrc;
  }

  public int payloadType() {
    return payloadType;
  }

  /** The most {@link #write} may write. */
  public int maxBytes() {
    return RtpPacket.HEADER_BYTES + 4 * MAX_CSRCS + 4 + 2 + 1 + MAX_EXTENSION_BYTES + 3;
  }

  /** As below, of one speaker. */
  public int write(
      byte[] out, int at, boolean marker, int sequence, int timestamp, int csrc, int level) {
    speaker[0] = csrc;
    return write(out, at, marker, sequence, timestamp, speaker, 1, level);
  }

  /**
   * Writes a header and returns its length in bytes.
   *
   * @param csrcs whose voices are in the packet
   * @param csrcCount how many of them, up to {@link #MAX_CSRCS}
   * @param level the audio level's byte as the speaker sent it, or {@link AudioLevel#ABSENT}
   */
  public int write(
      byte[] out,
      int at,
      boolean marker,
      int sequence,
      int timestamp,
      int[] csrcs,
      int csrcCount,
      int level) {
    boolean withLevel = levelId != 0 && level != AudioLevel.ABSENT;
    boolean extended = withLevel || midId != 0;
    out[at] = (byte) ((extended ? 0x90 : 0x80) | csrcCount);
    out[at + 1] = (byte) (marker ? 0x80 | payloadType : payloadType);
    NetworkOrder.putShort(out, at + 2, sequence);
    NetworkOrder.putInt(out, at + 4, timestamp);
    NetworkOrder.putInt(out, at + 8, ssrc);
    int end = at + RtpPacket.HEADER_BYTES;
    for (int i = 0; i < csrcCount; i++) {
      NetworkOrder.putInt(out, end, csrcs[i]);
      end += 4;
    }
    return (extended ? writeExtensions(out, end, withLevel, level) : end) - at;
  }

  private int writeExtensions(byte[] out, int at, boolean withLevel, int level) {
    int end = at + 4;
    if (withLevel) {
      out[end] = (byte) (levelId << 4); // the length field counts from one
      out[end + 1] = (byte) level;
      end += 2;
    }
    if (midId != 0) {
      out[end] = (byte) (midId << 4 | (mid.length - 1));
      System.arraycopy(mid, 0, out, end + 1, mid.length);
      end += 1 + mid.length;
    }
    while ((end - at) % 4 != 0) {
      out[end++] = 0;
    }
    NetworkOrder.putShort(out, at, 0xBEDE);
    NetworkOrder.putShort(out, at + 2, (end - at - 4) / 4);
    return end;
  }
}
