package parley.relay.net;

import io.netty.channel.IoEvent;
import io.netty.channel.IoEventLoop;
import io.netty.channel.IoRegistration;
import io.netty.channel.epoll.EpollIoHandle;
import io.netty.channel.epoll.EpollIoOps;
import io.netty.channel.unix.FileDescriptor;
import io.netty.util.concurrent.Future;
import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;
import parley.relay.turn.Relay;
import parley.relay.turn.TurnDrop;
import parley.relay.turn.TurnServer;

/**
 * A UDP socket of the TURN server on Linux: Netty's loop says when there is something to read, the
 * rest goes by the kernel's own calls, which for thousands of relayed addresses with a packet each
 * costs less than half of what channels do. Owned by its loop.
 */
final class LinuxTurnSocket implements TurnPort, EpollIoHandle {

  /**
   * A relayed address mostly hears one peer. Fewer than this, and the socket is known to be empty
   * without asking again.
   */
  private static final int RELAY_BATCH = 8;

  /** Batches before others have their turn. */
  private static final int MAX_READS = 4;

  /** Told once for what comes, however much it is: reading goes on until nothing is left. */
  private static final EpollIoOps READABLE = EpollIoOps.EPOLLIN.with(EpollIoOps.EPOLLET);

  private final TurnLoop loop;
  private final TurnBatches batches;
  private final @Nullable Relay relay;
  private final InetSocketAddress local;
  private final FileDescriptor descriptor;
  private final int fd;
  private final Runnable readOn = this::read;
  private @Nullable IoRegistration registration;
  private boolean closed;

  private LinuxTurnSocket(TurnLoop loop, int fd, InetSocketAddress local, @Nullable Relay relay) {
    this.loop = loop;
    this.batches = loop.batches();
    this.relay = relay;
    this.local = local;
    this.fd = fd;
    this.descriptor = new FileDescriptor(fd);
  }

  /**
   * Binds a socket. Only on the loop.
   *
   * @param relay null: the one that clients send to
   * @throws IOException with the kernel's words
   */
  static LinuxTurnSocket open(TurnLoop loop, InetSocketAddress local, @Nullable Relay relay)
      throws IOException {
    int bytes = relay == null ? TurnPort.LISTEN_BUFFER_BYTES : TurnPort.RELAY_BUFFER_BYTES;
    KernelUdp kernel = loop.batches().kernel();
    int fd = kernel.open(local, bytes);
    var socket = new LinuxTurnSocket(loop, fd, local, relay);
    if (socket.isIpv4()) {
      kernel.fragments(fd, true);
    }
    Future<IoRegistration> registered = ((IoEventLoop) loop.thread()).register(socket);
    if (!registered.isSuccess()) {
      kernel.close(fd);
      throw new IOException("the event loop does not take it", registered.cause());
    }
    IoRegistration registration = registered.getNow();
    socket.registration = registration;
    registration.submit(READABLE);
    return socket;
  }

  private boolean isIpv4() {
    return local.getAddress() instanceof Inet4Address;
  }

  @Override
  public FileDescriptor fd() {
    return descriptor;
  }

  @Override
  public void handle(IoRegistration from, IoEvent event) {
    read();
  }

  private void read() {
    int most = relay == null ? TurnBatches.CAPACITY : RELAY_BATCH;
    for (int reads = 0; reads < MAX_READS && !closed; reads++) {
      int count = batches.receive(fd, most);
      for (int i = 0; i < count; i++) {
        take(i);
      }
      if (count < most) {
        return;
      }
    }
    if (!closed) {
      loop.thread().execute(readOn); // there is more, and nobody will say so again
    }
  }

  private void take(int i) {
    int length = batches.length(i);
    InetSocketAddress from = batches.sender(i);
    int at = TurnServer.HEADROOM_BYTES;
    batches.take(i, loop.scratch(), at, length);
    if (length >= UdpTransport.MAX_DATAGRAM_BYTES) {
      loop.meter().drop(TurnDrop.TOO_BIG);
    } else if (relay == null) {
      loop.onClientMessage(this, from, at, length);
    } else {
      loop.onPeerDatagram(relay, from, at, length);
    }
  }

  @Override
  public boolean isStream() {
    return false;
  }

  @Override
  public void send(InetSocketAddress client, byte[] data, int offset, int lengthBytes) {
    if (!closed) {
      loop.beginRound();
      batches.send(fd, client, data, offset, lengthBytes);
    }
  }

  @Override
  public void send(
      InetSocketAddress peer, byte[] data, int offset, int lengthBytes, boolean dontFragment) {
    if (!dontFragment || !isIpv4()) {
      send(peer, data, offset, lengthBytes);
      return;
    }
    // What waits may be fragmented, this one may not. Path discovery alone asks for it.
    batches.flush();
    batches.kernel().fragments(fd, false);
    send(peer, data, offset, lengthBytes);
    batches.flush();
    batches.kernel().fragments(fd, true);
  }

  @Override
  public void close() {
    if (closed) {
      return;
    }
    closed = true;
    batches.forget(fd);
    if (relay != null) {
      loop.onRelayClosed(relay);
    }
    IoRegistration registered = registration;
    if (registered != null) {
      registered.cancel();
    }
    batches.kernel().close(fd);
  }
}
