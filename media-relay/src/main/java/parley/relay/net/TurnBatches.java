package parley.relay.net;

import java.lang.foreign.Arena;
import java.net.InetSocketAddress;
import parley.relay.turn.TurnDrop;
import parley.relay.turn.TurnMeter;

/**
 * What a TURN loop receives and sends through the kernel: one row of datagrams each way, whichever
 * of its sockets they are of. Owned by the loop.
 */
final class TurnBatches {

  /** A quarter of a call of a thousand, in 96 KB. */
  static final int CAPACITY = 64;

  private final TurnMeter meter;
  private final KnownNames known = new KnownNames();

  /** For calls from the loop; it is the garbage collector's, as the rows are. */
  private final KernelUdp kernel;

  private final DatagramVector in;
  private final DatagramVector out;
  private int sender = -1;
  private int waiting;

  TurnBatches(TurnMeter meter) {
    this.meter = meter;
    Arena arena = Arena.ofAuto();
    kernel = new KernelUdp(arena);
    in = new DatagramVector(arena, CAPACITY, UdpTransport.MAX_DATAGRAM_BYTES);
    out = new DatagramVector(arena, CAPACITY, TurnLoop.MAX_MESSAGE_BYTES);
  }

  KernelUdp kernel() {
    return kernel;
  }

  /**
   * @return how many datagrams there are now
   */
  int receive(int socket, int most) {
    return kernel.receive(socket, in, most);
  }

  int length(int i) {
    return in.received(i);
  }

  InetSocketAddress sender(int i) {
    return in.sender(i, known);
  }

  /** Copies one out, and makes room for the next. */
  void take(int i, byte[] into, int offset, int lengthBytes) {
    in.read(i, into, offset, lengthBytes);
    in.rearm(i);
  }

  /** Queues; what waits for another socket leaves before. */
  void send(int socket, InetSocketAddress to, byte[] data, int offset, int lengthBytes) {
    if (socket != sender || waiting == CAPACITY) {
      flush();
      sender = socket;
    }
    out.write(waiting++, to, data, offset, lengthBytes);
  }

  /** What the kernel does not take is lost: it would be too late afterwards. */
  void flush() {
    int first = 0;
    while (first < waiting) {
      int taken = kernel.send(sender, out, first, waiting);
      first += taken;
      if (taken == 0) {
        if (kernel.isFull()) {
          meter.drop(TurnDrop.SEND_QUEUE_FULL);
        } else {
          meter.drop(TurnDrop.SEND_FAILED);
        }
        first++;
      }
    }
    waiting = 0;
  }

  /** Nothing more is sent through it. */
  void forget(int socket) {
    if (socket == sender) {
      flush();
      sender = -1;
    }
  }
}
