package parley.relay.rtp;

/** Numbers of RTCP (RFC 3550 §12.1, RFC 4585 §6.1), and how to tell it from RTP on one port. */
public final class Rtcp {

  public static final int SENDER_REPORT = 200;
  public static final int RECEIVER_REPORT = 201;
  public static final int SOURCE_DESCRIPTION = 202;
  public static final int BYE = 203;

  /** Feedback about packets: generic NACK is format 1, transport-wide congestion control 15. */
  public static final int TRANSPORT_FEEDBACK = 205;

  /** Format of a feedback packet (RFC 4585 §6.2.1). */
  public static final int NACK_FORMAT = 1;

  public static final int PAYLOAD_FEEDBACK = 206;

  static final int HEADER_BYTES = 4;
  static final int SENDER_INFO_BYTES = 20;
  static final int BLOCK_BYTES = 24;
  static final int CNAME_ITEM = 1;

  private Rtcp() {}

  /** Whether a packet that looks like RTP or RTCP is the latter (RFC 5761 §4). */
  public static boolean isRtcp(byte[] data, int offset, int lengthBytes) {
    if (lengthBytes < 2) {
      return false;
    }
    int type = NetworkOrder.unsignedByte(data, offset + 1);
    return type >= 192 && type <= 223;
  }
}
