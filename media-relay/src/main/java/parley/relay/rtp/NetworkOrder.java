package parley.relay.rtp;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** Big-endian integers in byte arrays. */
final class NetworkOrder {

  private static final VarHandle SHORTS =
      MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.BIG_ENDIAN);
  private static final VarHandle INTS =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);
  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

  private NetworkOrder() {}

  static int unsignedByte(byte[] data, int at) {
    return data[at] & 0xFF;
  }

  static int unsignedShort(byte[] data, int at) {
    return (short) SHORTS.get(data, at) & 0xFFFF;
  }

  static int getInt(byte[] data, int at) {
    return (int) INTS.get(data, at);
  }

  static long getLong(byte[] data, int at) {
    return (long) LONGS.get(data, at);
  }

  static void putShort(byte[] data, int at, int value) {
    SHORTS.set(data, at, (short) value);
  }

  static void putInt(byte[] data, int at, int value) {
    INTS.set(data, at, value);
  }

  static void putLong(byte[] data, int at, long value) {
    LONGS.set(data, at, value);
  }
}
