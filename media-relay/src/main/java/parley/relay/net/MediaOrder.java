package parley.relay.net;

import parley.relay.srtp.PacketBuffer;

/** Which of a leg's packets is the newest, and which stream they are. Owned by its leg. */
final class MediaOrder {

  private static final int SEQUENCE_AT = 2;
  private static final int SSRC_AT = 8;

  private boolean any;
  private int ssrc;
  private int newest;

  /** Of a packet with an RTP header; anything else is no stream's. */
  static int ssrc(PacketBuffer packet) {
    int at = packet.offset + SSRC_AT;
    return packet.length < SSRC_AT + 4 ? 0 : int16(packet, at) << 16 | int16(packet, at + 2);
  }

  /**
   * A packet that proved genuine.
   *
   * @return whether it is newer than all before: what was overtaken tells nothing about where the
   *     client is now
   */
  boolean isNewest(PacketBuffer packet) {
    int sequence = int16(packet, packet.offset + SEQUENCE_AT);
    int stream = ssrc(packet);
    if (any && stream == ssrc && (short) (sequence - newest) <= 0) {
      return false;
    }
    any = true;
    ssrc = stream;
    newest = sequence;
    return true;
  }

  /** Of the newest packet. */
  int ssrc() {
    return ssrc;
  }

  private static int int16(PacketBuffer packet, int at) {
    return (packet.data[at] & 0xFF) << 8 | (packet.data[at + 1] & 0xFF);
  }
}
