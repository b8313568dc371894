package parley.load.bench.media;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * What a packet of the bench carries instead of sound: when it was sent, in which turn, by whom;
 * and a pattern over the rest, so that a server which changes, mixes or replaces the payload is
 * found out. It begins like Opus, for servers that look.
 */
public final class Stamp {

  /** Within the 80 to 120 bytes of 20 ms of speech at 32 to 48 kbit/s. */
  public static final int PAYLOAD_BYTES = 100;

  /** Opus TOC byte (RFC 6716 §3.1): CELT, full band, 20 ms, mono, one frame. */
  private static final byte TOC = (byte) 0xF8;

  private static final int TURN_AT = 1;
  private static final int SPEAKER_AT = 5;
  private static final int SENT_AT = 9;
  private static final int PATTERN_AT = 17;
  private static final long MIX = 0x9E3779B97F4A7C15L;

  private static final VarHandle INT =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);
  private static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

  private Stamp() {}

  static void write(byte[] data, int at, int turn, int speaker, long sentNs) {
    data[at] = TOC;
    INT.set(data, at + TURN_AT, turn);
    INT.set(data, at + SPEAKER_AT, speaker);
    LONG.set(data, at + SENT_AT, sentNs);
    long pattern = seed(turn, speaker, sentNs);
    for (int i = PATTERN_AT; i + 8 <= PAYLOAD_BYTES; i += 8) {
      LONG.set(data, at + i, pattern);
      pattern = pattern * MIX + 1;
    }
  }

  /** Whether these are the bytes that {@link #write} wrote. */
  public static boolean isIntact(byte[] data, int at, int lengthBytes) {
    if (lengthBytes != PAYLOAD_BYTES || data[at] != TOC) {
      return false;
    }
    long pattern = seed(turn(data, at), speaker(data, at), sentNs(data, at));
    for (int i = PATTERN_AT; i + 8 <= PAYLOAD_BYTES; i += 8) {
      if ((long) LONG.get(data, at + i) != pattern) {
        return false;
      }
      pattern = pattern * MIX + 1;
    }
    return true;
  }

  /** Which turn, or whatever else the sender had to number. */
  public static int turn(byte[] data, int at) {
    return (int) INT.get(data, at + TURN_AT);
  }

  /** Which leg sent it. */
  public static int speaker(byte[] data, int at) {
    return (int) INT.get(data, at + SPEAKER_AT);
  }

  /** As {@link System#nanoTime}. */
  public static long sentNs(byte[] data, int at) {
    return (long) LONG.get(data, at + SENT_AT);
  }

  private static long seed(int turn, int speaker, long sentNs) {
    return (turn * MIX ^ speaker) * MIX ^ sentNs;
  }
}
