package parley.relay.net;

import java.lang.foreign.Arena;
import java.net.InetSocketAddress;
import parley.relay.srtp.PacketBuffer;

/**
 * What a media loop takes from the kernel at a time: datagrams in a row that serves all its
 * sockets, and the objects for addresses seen lately, so that a packet of somebody known needs
 * none. Owned by the loop.
 */
final class ReceiveBatch {

  private final KernelUdp kernel;
  private final DatagramVector datagrams;
  private final KnownNames known = new KnownNames();
  private final PacketBuffer scratch = new PacketBuffer();

  ReceiveBatch() {
    Arena arena = Arena.ofAuto(); // the garbage collector's, as this is
    kernel = new KernelUdp(arena);
    datagrams = new DatagramVector(arena, UdpTransport.BATCH, UdpTransport.MAX_DATAGRAM_BYTES);
  }

  KernelUdp kernel() {
    return kernel;
  }

  /**
   * @return how many datagrams there are now
   */
  int receive(int socket) {
    return kernel.receive(socket, datagrams, UdpTransport.BATCH);
  }

  InetSocketAddress sender(int i) {
    return datagrams.sender(i, known);
  }

  /** Copies one out, and makes room for the next; valid until the next is taken. */
  PacketBuffer take(int i) {
    scratch.offset = 0;
    scratch.length = Math.min(datagrams.received(i), UdpTransport.MAX_DATAGRAM_BYTES);
    datagrams.read(i, scratch.data, 0, scratch.length);
    datagrams.rearm(i);
    return scratch;
  }
}
