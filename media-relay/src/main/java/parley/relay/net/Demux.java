package parley.relay.net;

import parley.relay.srtp.PacketBuffer;
import parley.relay.trunk.Trunk;

/** What a datagram is, by its first bytes (RFC 7983 §7, RFC 5761 §4, RFC 8489 §5). */
enum Demux {
  STUN,
  DTLS,
  RTP,
  RTCP,
  /** Of another relay, for a call that both carry ({@link Trunk}). */
  TRUNK,
  /** Starts like STUN; length or magic cookie say it is none. */
  BROKEN_STUN,
  UNKNOWN;

  private static final int STUN_HEADER_BYTES = 20;
  private static final int STUN_MAGIC_COOKIE = 0x2112A442;
  private static final int DTLS_RECORD_HEADER_BYTES = 13;
  private static final int RTP_HEADER_BYTES = 12;
  private static final int RTCP_HEADER_BYTES = 8;

  static Demux of(PacketBuffer packet) {
    if (packet.length < RTCP_HEADER_BYTES) {
      return UNKNOWN;
    }
    int first = packet.data[packet.offset] & 0xff;
    if (first <= 3) {
      return isStun(packet) ? STUN : BROKEN_STUN;
    }
    if (first >= 20 && first <= 63) {
      return packet.length >= DTLS_RECORD_HEADER_BYTES ? DTLS : UNKNOWN;
    }
    if (first >= 128 && first <= 191) {
      return rtpOrRtcp(packet);
    }
    return Trunk.isOne(packet) ? TRUNK : UNKNOWN;
  }

  /** RTCP packet types 192 to 223 fall on RTP payload types that rtcp-mux leaves unused. */
  private static Demux rtpOrRtcp(PacketBuffer packet) {
    int second = packet.data[packet.offset + 1] & 0xff;
    if (second >= 192 && second <= 223) {
      return RTCP;
    }
    return packet.length >= RTP_HEADER_BYTES ? RTP : UNKNOWN;
  }

  private static boolean isStun(PacketBuffer packet) {
    if (packet.length < STUN_HEADER_BYTES) {
      return false;
    }
    byte[] data = packet.data;
    int at = packet.offset;
    int attributesBytes = (data[at + 2] & 0xff) << 8 | (data[at + 3] & 0xff);
    int cookie =
        (data[at + 4] & 0xff) << 24
            | (data[at + 5] & 0xff) << 16
            | (data[at + 6] & 0xff) << 8
            | (data[at + 7] & 0xff);
    return cookie == STUN_MAGIC_COOKIE
        && attributesBytes % 4 == 0
        && attributesBytes + STUN_HEADER_BYTES == packet.length;
  }
}
