package parley.load.bench.turn;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Random;

/**
 * What relayed packets carry: in which turn, by which client, when they were sent, and a filling.
 */
final class Probe {

  /** 20 ms of speech at 64 kbit/s, with the headers of SRTP and its tag. */
  static final int BYTES = 200;

  /** As RTP begins: nothing on the way takes it for STUN. */
  private static final byte FIRST = (byte) 0x80;

  private static final int TURN_AT = 1;
  private static final int CLIENT_AT = 5;
  private static final int SENT_AT = 9;
  private static final int FILLING_AT = 17;

  private static final VarHandle INT =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);
  private static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

  private static final byte[] FILLING = new byte[BYTES];

  static {
    new Random(BYTES).nextBytes(FILLING);
  }

  private Probe() {}

  static void fill(byte[] data, int at) {
    System.arraycopy(FILLING, 0, data, at, BYTES);
    data[at] = FIRST;
  }

  static void stamp(byte[] data, int at, int turn, int client, long sentNs) {
    INT.set(data, at + TURN_AT, turn);
    INT.set(data, at + CLIENT_AT, client);
    LONG.set(data, at + SENT_AT, sentNs);
  }

  static boolean isIntact(byte[] data, int at, int lengthBytes) {
    return lengthBytes == BYTES
        && data[at] == FIRST
        && Arrays.equals(data, at + FILLING_AT, at + BYTES, FILLING, FILLING_AT, BYTES);
  }

  static int turn(byte[] data, int at) {
    return (int) INT.get(data, at + TURN_AT);
  }

  static int client(byte[] data, int at) {
    return (int) INT.get(data, at + CLIENT_AT);
  }

  static long sentNs(byte[] data, int at) {
    return (long) LONG.get(data, at + SENT_AT);
  }
}
