package parley.relay.net;

import parley.relay.srtp.PacketBuffer;

/** A media loop's spare buffers. Owned by the loop. */
final class PacketPool {

  /** A call acquires one, sends it and acquires the next: a few at once is already unusual. */
  private static final int SPARE = 64;

  private final PacketBuffer[] spare = new PacketBuffer[SPARE];
  private int count;

  PacketBuffer acquire() {
    return count == 0 ? new PacketBuffer() : spare[--count];
  }

  void release(PacketBuffer packet) {
    if (count < SPARE) {
      spare[count++] = packet;
    }
  }
}
