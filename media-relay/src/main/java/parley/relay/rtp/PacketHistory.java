package parley.relay.rtp;

import java.util.Arrays;

/** The newest packets of one stream, found again by their sequence numbers. */
public final class PacketHistory {

  /** Over a second of packets of 20 ms: who asks for an older one could not play it any more. */
  public static final int CAPACITY = 64;

  /** Most payloads of speech fit without growing. */
  private static final int FIRST_BYTES = 160;

  private final int[] sequences = new int[CAPACITY];
  private final int[] timestamps = new int[CAPACITY];
  private final int[] lengths = new int[CAPACITY];
  private final byte[][] payloads = new byte[CAPACITY][];
  private int newest;
  private int first;
  private boolean empty = true;

  /** Forgets all: another stream. */
  public void clear() {
    Arrays.fill(lengths, 0);
    empty = true;
  }

  /** Keeps a copy of the packet's payload. */
  public void put(RtpPacket packet) {
    put(
        packet.sequence(),
        packet.timestamp(),
        packet.data(),
        packet.payloadOffset(),
        packet.payloadLength());
  }

  /**
   * @param sequence 16 bits
   * @param timestamp 32 bits
   */
  public void put(int sequence, int timestamp, byte[] data, int offset, int lengthBytes) {
    int at = sequence % CAPACITY;
    byte[] payload = payloads[at];
    if (payload == null || payload.length < lengthBytes) {
      payload = new byte[Math.max(FIRST_BYTES, lengthBytes)];
      payloads[at] = payload;
    }
    System.arraycopy(data, offset, payload, 0, lengthBytes);
    sequences[at] = sequence;
    timestamps[at] = timestamp;
    lengths[at] = lengthBytes;
    if (empty) {
      first = sequence;
    }
    if (empty || (short) (sequence - newest) > 0) {
      newest = sequence;
      empty = false;
    }
  }

  /** Whether anything is kept. */
  public boolean isEmpty() {
    return empty;
  }

  /** Sequence number of the newest packet; meaningless while {@link #isEmpty}. */
  public int newest() {
    return newest;
  }

  /** Sequence number with which it began, as long as its first packets are kept. */
  public int oldestEver() {
    return (newest - first & 0xFFFF) < CAPACITY ? first : newest - CAPACITY & 0xFFFF;
  }

  /** Whether that packet is still there. */
  public boolean has(int sequence) {
    int at = (sequence & 0xFFFF) % CAPACITY;
    return lengths[at] > 0
        && sequences[at] == (sequence & 0xFFFF)
        && (newest - sequence & 0xFFFF) < CAPACITY;
  }

  /** Of a packet that it {@link #has}, as in all that follow. */
  public int timestamp(int sequence) {
    return timestamps[(sequence & 0xFFFF) % CAPACITY];
  }

  /** The payload begins at index 0. */
  public byte[] payload(int sequence) {
    return payloads[(sequence & 0xFFFF) % CAPACITY];
  }

  public int length(int sequence) {
    return lengths[(sequence & 0xFFFF) % CAPACITY];
  }
}
