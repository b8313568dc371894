package parley.relay.rtp;

/**
 * Which packets of a stream are missing, and when to ask for them (generic NACK, RFC 4585 §6.2.1):
 * not at once, for they may only have been overtaken, and not for ever.
 */
public final class MissingPackets {

  /** So many at once are asked for: a PID and the 16 bits behind it. */
  private static final int CAPACITY = 17;

  /** Reordering is over by then. */
  private static final long FIRST_NS = 15_000_000L;

  /** Most round trips are shorter. */
  private static final long AGAIN_NS = 80_000_000L;

  private static final int TIMES = 3;

  private final int[] sequences = new int[CAPACITY];
  private final int[] asked = new int[CAPACITY];
  private final long[] dueNs = new long[CAPACITY];
  private int count;
  private boolean started;
  private int highest;
  private int firstAsked;
  private int askedBits;

  /** Another stream. */
  public void reset() {
    count = 0;
    started = false;
  }

  /** A packet has come. */
  public void on(int sequence, long nowNs) {
    int step = started ? (short) (sequence - highest) : 1;
    if (step <= 0) {
      remove(sequence);
      return;
    }
    // After a longer gap the network was down: what is missing is too old to be asked for.
    for (int i = step - 1; i > 0 && step <= CAPACITY; i--) {
      add(sequence - i & 0xFFFF, nowNs);
    }
    started = true;
    highest = sequence;
  }

  private void add(int sequence, long nowNs) {
    if (count == CAPACITY) {
      drop(0);
    }
    sequences[count] = sequence;
    asked[count] = 0;
    dueNs[count] = nowNs + FIRST_NS;
    count++;
  }

  private void remove(int sequence) {
    for (int i = 0; i < count; i++) {
      if (sequences[i] == sequence) {
        drop(i);
        return;
      }
    }
  }

  private void drop(int index) {
    count--;
    for (int i = index; i < count; i++) {
      sequences[i] = sequences[i + 1];
      asked[i] = asked[i + 1];
      dueNs[i] = dueNs[i + 1];
    }
  }

  /** Whether something is to be asked for now: {@link #first} and {@link #following}. */
  public boolean poll(long nowNs) {
    boolean any = false;
    askedBits = 0;
    for (int i = 0; i < count; i++) {
      if (nowNs - dueNs[i] < 0) {
        continue;
      }
      if (asked[i] == TIMES) {
        drop(i--);
        continue;
      }
      int behind = any ? sequences[i] - firstAsked & 0xFFFF : 0;
      if (behind > 16) {
        continue; // next time
      }
      if (any) {
        askedBits |= 1 << (behind - 1);
      } else {
        firstAsked = sequences[i];
        any = true;
      }
      asked[i]++;
      dueNs[i] = nowNs + AGAIN_NS;
    }
    return any;
  }

  /** PID: the first that is asked for. */
  public int first() {
    return firstAsked;
  }

  /** BLP: bit i stands for the one i + 1 behind the first. */
  public int following() {
    return askedBits;
  }
}
