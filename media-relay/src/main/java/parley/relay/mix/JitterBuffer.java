package parley.relay.mix;

import java.util.Arrays;
import parley.relay.rtp.OpusToc;

/**
 * The packets of one voice that wait to be played, in order. Sequence numbers and timestamps are
 * extended beyond their 16 and 32 bits, so that they compare.
 */
final class JitterBuffer {

  /** Over a second of packets of 20 ms. */
  static final int CAPACITY = 64;

  /** A timestamp so far from the one before is another clock's. */
  private static final long MAX_JUMP = 10L * OpusToc.CLOCK_HZ;

  private final long[] sequences = new long[CAPACITY];
  private final long[] timestamps = new long[CAPACITY];
  private final byte[][] packets = new byte[CAPACITY][0];
  private final int[] lengths = new int[CAPACITY];
  private final DelayEstimator delay = new DelayEstimator();
  private boolean started;
  private long next;
  private long highest;
  private long highestTimestamp;
  private long late;

  JitterBuffer() {
    clear();
  }

  /** Forgets the packets, not how long they had to wait. */
  void clear() {
    Arrays.fill(sequences, -1);
    started = false;
  }

  /** Another voice, or another stream of the same. */
  void restart() {
    clear();
    delay.restart();
  }

  /**
   * A packet has come.
   *
   * @param sequence 16 bits
   * @param timestamp 32 bits, 48 kHz
   * @param arrival when, in ticks of 48 kHz
   */
  void insert(int sequence, int timestamp, byte[] data, int offset, int lengthBytes, long arrival) {
    if (started && jumped(sequence, timestamp)) {
      restart();
    }
    if (!started) {
      started = true;
      highest = sequence + (1L << 16);
      next = highest;
      highestTimestamp = (timestamp & 0xFFFF_FFFFL) + (1L << 32);
    }
    long seq = highest + (short) (sequence - (int) highest);
    long ts = highestTimestamp + (timestamp - (int) highestTimestamp);
    delay.on(ts, arrival);
    if (seq < next) {
      late++;
      return;
    }
    if (seq > highest) {
      highest = seq;
      highestTimestamp = ts;
      next = Math.max(next, seq - CAPACITY + 1); // nobody took them out: the oldest go
    }
    put(at(seq), seq, ts, data, offset, lengthBytes);
  }

  private boolean jumped(int sequence, int timestamp) {
    return Math.abs((short) (sequence - (int) highest)) > 10 * CAPACITY
        || Math.abs((long) (timestamp - (int) highestTimestamp)) > MAX_JUMP;
  }

  private void put(int at, long seq, long ts, byte[] data, int offset, int lengthBytes) {
    if (packets[at].length < lengthBytes) {
      packets[at] = new byte[Math.max(lengthBytes, 256)];
    }
    System.arraycopy(data, offset, packets[at], 0, lengthBytes);
    lengths[at] = lengthBytes;
    sequences[at] = seq;
    timestamps[at] = ts;
  }

  /** Whether the packet that is next in line is here. */
  boolean hasNext() {
    return has(next);
  }

  /** Whether the one behind the next is here. */
  boolean hasFollowing() {
    return has(next + 1);
  }

  /** Whether any later one is here while the next is not. */
  boolean hasGap() {
    return started && !has(next) && highest >= next;
  }

  private boolean has(long seq) {
    return started && sequences[at(seq)] == seq;
  }

  /** Of the next packet, extended. Valid while {@link #hasNext}, as in all below. */
  long timestamp() {
    return timestamps[at(next)];
  }

  byte[] data() {
    return packets[at(next)];
  }

  int length() {
    return lengths[at(next)];
  }

  /** Of the packet behind the next; valid while {@link #hasFollowing}. */
  byte[] followingData() {
    return packets[at(next + 1)];
  }

  int followingLength() {
    return lengths[at(next + 1)];
  }

  private static int at(long seq) {
    return (int) (seq % CAPACITY);
  }

  /** The next one is played, or given up. */
  void advance() {
    sequences[at(next)] = -1;
    next++;
  }

  /** Sequence number, 16 bits, of the packet that was played or given up last. */
  int played() {
    return (int) (next - 1) & 0xFFFF;
  }

  /** When the sound of that time is to be played, in ticks of our clock. */
  long dueAt(long timestamp) {
    return timestamp + delay.quickest() + delay.delay();
  }

  /** How long packets wait now, in ticks. */
  int delay() {
    return delay.delay();
  }

  /** Packets that came when their time had passed. */
  long late() {
    return late;
  }
}
