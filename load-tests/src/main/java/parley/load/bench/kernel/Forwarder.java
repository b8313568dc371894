package parley.load.bench.kernel;

import java.lang.foreign.Arena;
import java.net.SocketException;
import java.util.Map;

/**
 * The floor: receives and sends the same packets to the same addresses as a server would, and does
 * nothing else. No server that uses sockets can be cheaper without sending fewer datagrams.
 */
public final class Forwarder implements AutoCloseable {

  private static final int KERNEL_BUFFER_BYTES = 4 << 20;
  private static final int BATCH = 64;
  private static final int DATAGRAM_BYTES = 2048;

  private final Arena arena = Arena.ofShared();
  private final LinuxUdp socket;
  private final MessageVector in = new MessageVector(arena, BATCH, DATAGRAM_BYTES);
  private final MessageVector out = new MessageVector(arena, BATCH, DATAGRAM_BYTES);
  private final Map<Integer, int[]> receivers;
  private final int address;
  private final int port;

  /**
   * @param address to bind, IPv4 as a number; the clients have the same
   * @param receivers for each sender's port, which ports its packets go to
   */
  public Forwarder(int address, Map<Integer, int[]> receivers) throws SocketException {
    this.address = address;
    this.receivers = Map.copyOf(receivers);
    socket = new LinuxUdp(arena, address, 0, KERNEL_BUFFER_BYTES);
    port = socket.port(arena);
  }

  public int port() {
    return port;
  }

  /** Forwards until the thread is interrupted. */
  public void run() {
    while (!Thread.currentThread().isInterrupted()) {
      forwardBatch();
    }
  }

  private void forwardBatch() {
    int count = socket.receive(in, LinuxUdp.WAIT_FOR_ONE);
    int queued = 0;
    for (int i = 0; i < count; i++) {
      int[] to = receivers.get(in.peerPort(i));
      int length = in.received(i);
      for (int k = 0; to != null && k < to.length; k++) {
        out.pointTo(queued, in.buffer(i), length);
        out.peer(queued, address, to[k]);
        if (++queued == BATCH) {
          socket.send(out, queued);
          queued = 0;
        }
      }
    }
    socket.send(out, queued);
    in.rearm(count);
  }

  @Override
  public void close() {
    socket.close();
    arena.close();
  }
}
