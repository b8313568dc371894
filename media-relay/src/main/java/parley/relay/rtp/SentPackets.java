package parley.relay.rtp;

import parley.relay.srtp.PacketBuffer;

/** The newest packets of an outgoing stream, whole, for a receiver that asks for one again. */
public final class SentPackets {

  /** A second and a quarter of packets of 20 ms: an older one could not be played any more. */
  private static final int CAPACITY = 64;

  /** Once for each of three lost retransmissions; more often would be a flood on request. */
  private static final int TIMES = 3;

  private static final int FIRST_BYTES = 192;

  private final byte[][] packets = new byte[CAPACITY][0];
  private final int[] sequences = new int[CAPACITY];
  private final int[] lengths = new int[CAPACITY];
  private final int[] sentAgain = new int[CAPACITY];

  /** Keeps a copy. */
  public void put(int sequence, PacketBuffer packet) {
    int at = sequence % CAPACITY;
    if (packets[at].length < packet.length) {
      packets[at] = new byte[Math.max(FIRST_BYTES, packet.length)];
    }
    System.arraycopy(packet.data, packet.offset, packets[at], 0, packet.length);
    sequences[at] = sequence;
    lengths[at] = packet.length;
    sentAgain[at] = 0;
  }

  /** Whether that packet is still here, and may be sent once more; {@link #copy} follows. */
  public boolean take(int sequence) {
    int at = sequence % CAPACITY;
    if (lengths[at] == 0 || sequences[at] != sequence || sentAgain[at] == TIMES) {
      return false;
    }
    sentAgain[at]++;
    return true;
  }

  public void copy(int sequence, PacketBuffer into) {
    int at = sequence % CAPACITY;
    PacketBuffer _ = into.set(packets[at], 0, lengths[at]);
  }
}
