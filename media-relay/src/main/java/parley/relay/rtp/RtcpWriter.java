package parley.relay.rtp;

import parley.relay.srtp.PacketBuffer;

/**
 * Writes a compound RTCP packet into a buffer (RFC 3550 §6.1): a report first, each followed by its
 * blocks, then source descriptions. The caller keeps it below the buffer's size; the relay's own
 * compounds are bounded well below it.
 */
public final class RtcpWriter {

  private static final int PADDED = 0x20;

  private final PacketBuffer out;
  private int packet; // where the packet being written begins
  private int end;

  public RtcpWriter(PacketBuffer out) {
    this.out = out;
    out.offset = 0;
    out.length = 0;
  }

  public RtcpWriter senderReport(int ssrc, long ntp, int rtpTimestamp, long packets, long octets) {
    begin(Rtcp.SENDER_REPORT);
    putInt(ssrc);
    NetworkOrder.putLong(out.data, end, ntp);
    end += 8;
    putInt(rtpTimestamp);
    putInt((int) packets);
    putInt((int) octets);
    return finish(0);
  }

  public RtcpWriter receiverReport(int ssrc) {
    begin(Rtcp.RECEIVER_REPORT);
    putInt(ssrc);
    return finish(0);
  }

  /** Adds a block to the report written last. */
  public RtcpWriter block(
      int ssrc,
      int fractionLost,
      int cumulativeLost,
      int extendedHighest,
      int jitter,
      int lastSenderReport,
      int delaySinceLastSenderReport) {
    putInt(ssrc);
    putInt((fractionLost << 24) | (cumulativeLost & 0xFF_FFFF));
    putInt(extendedHighest);
    putInt(jitter);
    putInt(lastSenderReport);
    putInt(delaySinceLastSenderReport);
    return finish(1);
  }

  /** One source description chunk that holds a CNAME (RFC 3550 §6.5.1). */
  public RtcpWriter cname(int ssrc, byte[] cname) {
    begin(Rtcp.SOURCE_DESCRIPTION);
    putInt(ssrc);
    out.data[end++] = Rtcp.CNAME_ITEM;
    out.data[end++] = (byte) cname.length;
    System.arraycopy(cname, 0, out.data, end, cname.length);
    end += cname.length;
    do {
      out.data[end++] = 0; // ends the list, and fills to a word
    } while ((end - packet) % 4 != 0);
    return finish(1);
  }

  /** Asks for one packet, and those of the 16 behind it that the bits name (RFC 4585 §6.2.1). */
  public RtcpWriter nack(int ssrc, int mediaSsrc, int first, int following) {
    begin(Rtcp.TRANSPORT_FEEDBACK);
    putInt(ssrc);
    putInt(mediaSsrc);
    putInt(first << 16 | following);
    return finish(Rtcp.NACK_FORMAT);
  }

  /** Tells when packets came; the last of a compound, for it may be padded (RFC 3550 §6.4.1). */
  public RtcpWriter feedback(int ssrc, int mediaSsrc, TransportFeedback arrivals, long nowNs) {
    begin(Rtcp.TRANSPORT_FEEDBACK);
    putInt(ssrc);
    putInt(mediaSsrc);
    end = arrivals.write(out.data, end, nowNs);
    int padding = -(end - packet) & 3;
    if (padding > 0) {
      out.data[packet] |= PADDED;
      for (int i = 1; i <= padding; i++) {
        out.data[end++] = (byte) (i == padding ? padding : 0);
      }
    }
    return finish(TransportFeedback.FORMAT);
  }

  public RtcpWriter bye(int ssrc) {
    begin(Rtcp.BYE);
    putInt(ssrc);
    return finish(1);
  }

  private void begin(int type) {
    packet = end;
    out.data[end] = (byte) 0x80;
    out.data[end + 1] = (byte) type;
    end += Rtcp.HEADER_BYTES;
  }

  private RtcpWriter finish(int more) {
    out.data[packet] += (byte) more;
    NetworkOrder.putShort(out.data, packet + 2, (end - packet) / 4 - 1);
    out.length = end;
    return this;
  }

  private void putInt(int value) {
    NetworkOrder.putInt(out.data, end, value);
    end += 4;
  }
}
