package parley.relay.trunk;

import java.nio.charset.StandardCharsets;
import parley.relay.rtp.RtpPacket;
import parley.relay.srtp.PacketBuffer;

/**
 * What passes between two relays: a packet of somebody's, or that he has fallen silent. Each frame
 * says whose it is, so that none depends on one before it.
 *
 * <pre>
 * kind | audio level (RFC 6464) | peer: length, ASCII | contact: length, UTF-8 | RTP, if a voice
 * </pre>
 *
 * The RTP packet is plain: 12 bytes of header, then Opus. A view, wrapped anew for each frame; made
 * by another node of ours and authenticated, and yet nothing here throws.
 */
public final class TrunkFrame {

  /** A peer's id has 64 characters at most, and a contact's jid 38. */
  private static final int MAX_NAME_BYTES = 127;

  private static final int VOICE = 0;
  private static final int SILENT = 1;

  private byte[] data = {};
  private boolean voice;
  private int level;
  private String peer = "";
  private String contact = "";
  private int rtpAt;
  private int rtpBytes;

  /** False when this is no frame; it must not be read then. */
  public boolean wrap(PacketBuffer frame) {
    data = frame.data;
    int at = frame.offset;
    int end = frame.offset + frame.length;
    if (frame.length < 4 || (data[at] != VOICE && data[at] != SILENT)) {
      return false;
    }
    voice = data[at] == VOICE;
    level = data[at + 1] & 0xFF;
    int peerAt = at + 3;
    int contactAt = peerAt + data[at + 2] + 1;
    if (data[at + 2] <= 0 || contactAt > end) {
      return false;
    }
    rtpAt = contactAt + data[contactAt - 1];
    rtpBytes = end - rtpAt;
    if (data[contactAt - 1] < 0 || rtpBytes < (voice ? RtpPacket.HEADER_BYTES : 0)) {
      return false;
    }
    peer = new String(data, peerAt, data[at + 2], StandardCharsets.US_ASCII);
    contact = new String(data, contactAt, data[contactAt - 1], StandardCharsets.UTF_8);
    return true;
  }

  /** Whether there is a packet; else he has fallen silent: muted, gone, or done. */
  public boolean isVoice() {
    return voice;
  }

  /** The audio level's byte. */
  public int level() {
    return level;
  }

  public String peer() {
    return peer;
  }

  public String contact() {
    return contact;
  }

  /** Makes a view read the packet in it; false when it is none. */
  public boolean rtp(RtpPacket view) {
    return voice && view.wrap(data, rtpAt, rtpBytes);
  }

  /** Somebody's packet. False when it does not fit. */
  public static boolean voice(
      PacketBuffer into, String peer, String contact, int level, RtpPacket rtp) {
    int at = names(into, VOICE, peer, contact, level);
    int length = RtpPacket.HEADER_BYTES + rtp.payloadLength();
    if (at == 0 || at + length > into.data.length) {
      return false;
    }
    byte[] to = into.data;
    to[at] = (byte) 0x80;
    to[at + 1] = (byte) (rtp.marker() ? 0x80 : 0);
    int16(to, at + 2, rtp.sequence());
    int16(to, at + 4, rtp.timestamp() >>> 16);
    int16(to, at + 6, rtp.timestamp());
    int16(to, at + 8, rtp.ssrc() >>> 16);
    int16(to, at + 10, rtp.ssrc());
    System.arraycopy(
        rtp.data(), rtp.payloadOffset(), to, at + RtpPacket.HEADER_BYTES, rtp.payloadLength());
    into.length = at + length;
    return true;
  }

  /** Somebody has fallen silent. False when it does not fit. */
  public static boolean silent(PacketBuffer into, String peer, String contact) {
    into.length = names(into, SILENT, peer, contact, 127);
    return into.length > 0;
  }

  /** Where it goes on; 0: the names are too long. */
  private static int names(PacketBuffer into, int kind, String peer, String contact, int level) {
    byte[] one = peer.getBytes(StandardCharsets.US_ASCII);
    byte[] other = contact.getBytes(StandardCharsets.UTF_8);
    if (one.length == 0 || one.length > MAX_NAME_BYTES || other.length > MAX_NAME_BYTES) {
      return 0;
    }
    into.offset = 0;
    byte[] to = into.data;
    to[0] = (byte) kind;
    to[1] = (byte) level;
    to[2] = (byte) one.length;
    System.arraycopy(one, 0, to, 3, one.length);
    int at = 3 + one.length;
    to[at] = (byte) other.length;
    System.arraycopy(other, 0, to, at + 1, other.length);
    return at + 1 + other.length;
  }

  private static void int16(byte[] to, int at, int value) {
    to[at] = (byte) (value >>> 8);
    to[at + 1] = (byte) value;
  }
}
