package parley.load;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * What the wire tells of one sender's sound: RTP times, audio levels (RFC 6464) and arrivals.
 * Filled by a proxy's thread.
 */
final class LevelTrace {

  /** RFC 8285 §4.2. */
  private static final int ONE_BYTE_HEADERS = 0xBEDE;

  /** −dBov: a beep is far louder, the digital silence between two beeps is 127. */
  private static final int LOUD = 60;

  private static final double PACKET_MS = 20;

  /** Packets to either side: three seconds. */
  private static final int NEARBY = 150;

  private record Heard(double rtpMs, int level, double atMs) {}

  /** The identifier that was agreed on; until it is known nothing can be read. */
  volatile int levelExtension;

  private final List<Heard> packets = new ArrayList<>();
  private int firstTimestamp;

  synchronized void onPacket(byte[] data, double atMs) {
    // RFC 7983: RTP and RTCP begin with 128 to 191; RFC 5761 §4: RTCP's types stand out.
    if (data.length < 12
        || (data[0] & 0xC0) != 0x80
        || (data[1] & 0x7F) >= 64 && (data[1] & 0x7F) <= 95) {
      return;
    }
    ByteBuffer packet = ByteBuffer.wrap(data);
    int level = level(packet);
    if (level < 0) {
      return;
    }
    int timestamp = packet.getInt(4);
    if (packets.isEmpty()) {
      firstTimestamp = timestamp;
    }
    packets.add(new Heard((timestamp - firstTimestamp) / 48.0, level, atMs));
  }

  private int level(ByteBuffer packet) {
    int at = 12 + 4 * (packet.get(0) & 0x0F);
    if ((packet.get(0) & 0x10) == 0
        || packet.limit() < at + 4
        || (packet.getShort(at) & 0xFFFF) != ONE_BYTE_HEADERS) {
      return -1;
    }
    int end = Math.min(packet.limit(), at + 4 + 4 * (packet.getShort(at + 2) & 0xFFFF));
    for (int i = at + 4; i < end; ) {
      int head = packet.get(i++) & 0xFF;
      if (head == 0) {
        continue; // padding
      }
      int length = (head & 0x0F) + 1;
      if (head >> 4 == levelExtension && i < end) {
        return packet.get(i) & 0x7F;
      }
      i += length;
    }
    return -1;
  }

  /**
   * When the sound set in, Unix time in ms: where on the sender's RTP clock, which is laid on ours
   * by the packets nearby that took the shortest time; over minutes the two clocks drift apart. The
   * beginnings of packets, so up to 20 ms early.
   */
  synchronized List<Double> onsetsMs() {
    List<Double> onsets = new ArrayList<>();
    for (int i = 1; i < packets.size(); i++) {
      if (packets.get(i).level < LOUD && packets.get(i - 1).level >= LOUD) {
        onsets.add(packets.get(i).rtpMs + offsetNear(i));
      }
    }
    return onsets;
  }

  private double offsetNear(int packet) {
    return packets
        .subList(Math.max(0, packet - NEARBY), Math.min(packets.size(), packet + NEARBY))
        .stream()
        .mapToDouble(p -> p.atMs - PACKET_MS - p.rtpMs)
        .min()
        .orElseThrow();
  }
}
