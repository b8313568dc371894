package parley.relay.rtp;

import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import parley.relay.srtp.PacketBuffer;

/**
 * Walks through a compound RTCP packet (RFC 3550 §6.1) without copying. Tolerant: what is broken
 * ends the walk, what is unknown is stepped over, and counts that promise more than is there are
 * cut to what is there.
 *
 * <pre>
 * reader.wrap(buffer);
 * while (reader.next()) switch (reader.type()) …
 * </pre>
 */
public final class RtcpReader {

  private byte[] data = {};
  private int next;
  private int end;
  private int at;
  private int packetEnd;

  public void wrap(PacketBuffer packet) {
    data = packet.data;
    next = packet.offset;
    end = packet.offset + packet.length;
  }

  /** Steps to the next packet of the compound; false when there is none that makes sense. */
  public boolean next() {
    if (next + Rtcp.HEADER_BYTES > end || (data[next] & 0xC0) != 0x80) {
      return false;
    }
    int length = 4 * (NetworkOrder.unsignedShort(data, next + 2) + 1);
    if (next + length > end) {
      return false;
    }
    int padding = (data[next] & 0x20) == 0 ? 0 : NetworkOrder.unsignedByte(data, next + length - 1);
    if (padding > length - Rtcp.HEADER_BYTES) {
      return false;
    }
    at = next;
    packetEnd = next + length - padding;
    next += length;
    return true;
  }

  public int type() {
    return NetworkOrder.unsignedByte(data, at + 1);
  }

  /** The five bits beside the type: a count, or the format of a feedback packet. */
  public int count() {
    return data[at] & 0x1F;
  }

  /** Whether there is a first SSRC at all. */
  public boolean hasSsrc() {
    return packetEnd - at >= Rtcp.HEADER_BYTES + 4;
  }

  /** The SSRC after the header: who reports, or says good bye. Valid after {@link #hasSsrc}. */
  public int ssrc() {
    return NetworkOrder.getInt(data, at + Rtcp.HEADER_BYTES);
  }

  /** Whether this is a sender report with its sender's part whole. */
  public boolean hasSenderInfo() {
    return type() == Rtcp.SENDER_REPORT
        && packetEnd - at >= Rtcp.HEADER_BYTES + 4 + Rtcp.SENDER_INFO_BYTES;
  }

  /** 64-bit NTP time of a sender report. */
  public long ntp() {
    return NetworkOrder.getLong(data, at + 8);
  }

  public int rtpTimestamp() {
    return NetworkOrder.getInt(data, at + 16);
  }

  public int packetCount() {
    return NetworkOrder.getInt(data, at + 20);
  }

  public int octetCount() {
    return NetworkOrder.getInt(data, at + 24);
  }

  /** How many report blocks of a sender or receiver report are really there. */
  public int blocks() {
    if (type() != Rtcp.SENDER_REPORT && type() != Rtcp.RECEIVER_REPORT) {
      return 0;
    }
    return Math.clamp((packetEnd - firstBlock()) / Rtcp.BLOCK_BYTES, 0, count());
  }

  /** Whom report block {@code i} is about; i below {@link #blocks}, as in all that follow. */
  public int blockSsrc(int i) {
    return NetworkOrder.getInt(data, block(i));
  }

  /** In 1/256. */
  public int fractionLost(int i) {
    return NetworkOrder.unsignedByte(data, block(i) + 4);
  }

  /** Since the beginning, signed. */
  public int cumulativeLost(int i) {
    return NetworkOrder.getInt(data, block(i) + 4) << 8 >> 8;
  }

  public int extendedHighest(int i) {
    return NetworkOrder.getInt(data, block(i) + 8);
  }

  /** In ticks of the stream's clock. */
  public int jitter(int i) {
    return NetworkOrder.getInt(data, block(i) + 12);
  }

  /** The middle 32 bits of the NTP time of the sender report they had last; 0: none yet. */
  public int lastSenderReport(int i) {
    return NetworkOrder.getInt(data, block(i) + 16);
  }

  /** How long they had it, in 1/65536 s. */
  public int delaySinceLastSenderReport(int i) {
    return NetworkOrder.getInt(data, block(i) + 20);
  }

  /** How many SSRCs a BYE really holds. */
  public int byeCount() {
    return type() != Rtcp.BYE ? 0 : Math.min(count(), (packetEnd - at - Rtcp.HEADER_BYTES) / 4);
  }

  public int byeSsrc(int i) {
    return NetworkOrder.getInt(data, at + Rtcp.HEADER_BYTES + 4 * i);
  }

  /** How many pairs of a packet and the 16 behind it a generic NACK asks for; 0: it is none. */
  public int nacks() {
    boolean nack = type() == Rtcp.TRANSPORT_FEEDBACK && count() == Rtcp.NACK_FORMAT;
    return nack ? Math.max(0, (packetEnd - at - Rtcp.HEADER_BYTES - 8) / 4) : 0;
  }

  /** Whose packets are asked for. Valid while there are {@link #nacks}, as in what follows. */
  public int mediaSsrc() {
    return NetworkOrder.getInt(data, at + Rtcp.HEADER_BYTES + 4);
  }

  /** PID: a sequence number that is missing. */
  public int nackFirst(int i) {
    return NetworkOrder.unsignedShort(data, at + Rtcp.HEADER_BYTES + 8 + 4 * i);
  }

  /** BLP: bit k says that the one k + 1 behind it is missing too. */
  public int nackFollowing(int i) {
    return NetworkOrder.unsignedShort(data, at + Rtcp.HEADER_BYTES + 10 + 4 * i);
  }

  /** The CNAME of a source description's first chunk (RFC 3550 §6.5.1), if it has one. */
  public @Nullable String cname() {
    if (type() != Rtcp.SOURCE_DESCRIPTION || count() == 0) {
      return null;
    }
    int item = at + Rtcp.HEADER_BYTES + 4;
    while (item + 2 <= packetEnd && data[item] != 0) {
      int length = NetworkOrder.unsignedByte(data, item + 1);
      if (item + 2 + length > packetEnd) {
        return null;
      }
      if (data[item] == Rtcp.CNAME_ITEM) {
        return new String(data, item + 2, length, StandardCharsets.UTF_8);
      }
      item += 2 + length;
    }
    return null;
  }

  private int firstBlock() {
    int info = type() == Rtcp.SENDER_REPORT ? Rtcp.SENDER_INFO_BYTES : 0;
    return at + Rtcp.HEADER_BYTES + 4 + info;
  }

  private int block(int i) {
    return firstBlock() + i * Rtcp.BLOCK_BYTES;
  }
}
