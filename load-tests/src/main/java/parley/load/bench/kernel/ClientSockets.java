package parley.load.bench.kernel;

import java.lang.foreign.Arena;
import java.net.SocketException;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A UDP socket for each of thousands of clients. One thread sends and receives; any may open one.
 */
public final class ClientSockets implements AutoCloseable {

  /** Four seconds of ten voices: a client that is read every few microseconds needs none of it. */
  private static final int KERNEL_BUFFER_BYTES = 1 << 20;

  /** More than wait at one client at any time but under overload. */
  private static final int BATCH = 16;

  private static final int DATAGRAM_BYTES = 2048;

  private final Arena arena = Arena.ofShared();
  private final Epoll epoll = new Epoll(arena);
  private final MessageVector in = new MessageVector(arena, BATCH, DATAGRAM_BYTES);
  private final MessageVector out = new MessageVector(arena, 1, DATAGRAM_BYTES);
  private final byte[] scratch = new byte[DATAGRAM_BYTES];
  private final int address;
  private volatile @Nullable LinuxUdp[] sockets = {};
  private long refused;

  /**
   * @param address of all that are not given one of their own, IPv4 as a number
   */
  public ClientSockets(int address) {
    this.address = address;
  }

  /**
   * Opens one.
   *
   * @return its port
   */
  public int open(int client) throws SocketException {
    return open(client, address);
  }

  /**
   * Opens one at an address of its own.
   *
   * @return its port
   */
  public synchronized int open(int client, int ownAddress) throws SocketException {
    LinuxUdp socket = new LinuxUdp(arena, ownAddress, 0, KERNEL_BUFFER_BYTES);
    if (client >= sockets.length) {
      sockets = Arrays.copyOf(sockets, Math.max(64, 2 * client));
    }
    sockets[client] = socket;
    epoll.add(socket.fd(), client);
    return socket.port(arena);
  }

  /** Closes one, on the thread that sends and receives. */
  public synchronized void close(int client) {
    LinuxUdp socket = sockets[client];
    if (socket != null) {
      sockets[client] = null;
      socket.close();
    }
  }

  /**
   * Hands over what is there.
   *
   * @param timeoutMs how long to wait if nothing is
   * @return how many datagrams that was
   */
  public int receive(DatagramSink sink, int timeoutMs) {
    int readable = epoll.await(timeoutMs);
    int total = 0;
    for (int i = 0; i < readable; i++) {
      int client = epoll.readable(i);
      LinuxUdp socket = sockets[client];
      if (socket != null) {
        total += receive(client, socket, sink);
      }
    }
    return total;
  }

  private int receive(int client, LinuxUdp socket, DatagramSink sink) {
    int count = socket.receive(in, LinuxUdp.DONT_WAIT);
    for (int i = 0; i < count; i++) {
      int length = Math.min(in.received(i), scratch.length);
      in.read(i, scratch, length);
      sink.onDatagram(client, scratch, length);
    }
    in.rearm(count);
    return Math.max(0, count);
  }

  public void send(
      int client, int toAddress, int toPort, byte[] data, int offset, int lengthBytes) {
    LinuxUdp socket = sockets[client];
    if (socket == null) {
      return;
    }
    out.peer(0, toAddress, toPort);
    out.write(0, data, offset, lengthBytes);
    refused += 1 - socket.send(out, 1);
  }

  /** Datagrams that the kernel did not take: a fault of the bench, not of the server. */
  public long refused() {
    return refused;
  }

  @Override
  public void close() {
    for (int client = 0; client < sockets.length; client++) {
      close(client);
    }
    epoll.close();
    arena.close();
  }
}
