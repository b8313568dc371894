package parley.relay.srtp;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * Where the system's cipher reads and writes packets. One serves all {@link SrtpTransport}s of a
 * thread: with one each, a server of a thousand clients would fetch another two kilobytes from main
 * memory for every packet, for longer than it encrypts. Owned by one thread.
 */
public final class CipherMemory {

  // The layout of the memory that the library is given.
  private static final int IV_AT = 0;
  private static final int LENGTH_AT = 16;
  private static final int PACKET_AT = 64;
  private static final int BYTES = PACKET_AT + PacketBuffer.CAPACITY_BYTES;

  static final int IV_BYTES = 12;

  private final MemorySegment memory = Arena.ofAuto().allocate(BYTES, 64);
  private final long address = memory.address();

  /** For the next packet's. */
  final byte[] iv = new byte[IV_BYTES];

  /** Copies {@link #iv} in. */
  void takeIv() {
    MemorySegment.copy(iv, 0, memory, JAVA_BYTE, IV_AT, IV_BYTES);
  }

  /** Copies a packet, or a key, in. */
  void take(byte[] data, int offset, int bytes) {
    MemorySegment.copy(data, offset, memory, JAVA_BYTE, PACKET_AT, bytes);
  }

  /** Copies bytes of the packet out, from {@code at} on. */
  void give(int at, byte[] data, int offset, int bytes) {
    MemorySegment.copy(memory, JAVA_BYTE, PACKET_AT + at, data, offset, bytes);
  }

  void wipe(int bytes) {
    memory.asSlice(PACKET_AT, bytes).fill((byte) 0);
  }

  long ivAddress() {
    return address + IV_AT;
  }

  /** Where the library writes how many bytes it made. */
  long lengthAddress() {
    return address + LENGTH_AT;
  }

  long packetAddress() {
    return address + PACKET_AT;
  }
}
