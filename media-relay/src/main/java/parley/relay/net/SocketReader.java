package parley.relay.net;

import io.netty.channel.IoEvent;
import io.netty.channel.IoEventLoop;
import io.netty.channel.IoRegistration;
import io.netty.channel.epoll.EpollIoHandle;
import io.netty.channel.epoll.EpollIoOps;
import io.netty.channel.unix.FileDescriptor;
import io.netty.util.concurrent.Future;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import parley.relay.LoopMeter;

/**
 * Reads a port's socket by the kernel's own calls on Linux; Netty's loop only says when. Its
 * channel would make a packet, a buffer and an address of every datagram, which costs as much as
 * decrypting it, and is most of what there would be to collect. Owned by its loop.
 */
final class SocketReader implements EpollIoHandle, AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(SocketReader.class);

  private final IoEventLoop loop;
  private final UdpPort port;
  private final UdpReceiver receiver;
  private final LoopMeter meter;
  private final ReceiveBatch batch;
  private final int fd;
  private final FileDescriptor descriptor;
  private @Nullable IoRegistration registration;
  private boolean closed;

  /**
   * @param socket stays its channel's, which never reads; this has a descriptor of its own for it
   */
  SocketReader(
      IoEventLoop loop,
      int socket,
      UdpPort port,
      UdpReceiver receiver,
      LoopMeter meter,
      ReceiveBatch batch) {
    this.loop = loop;
    this.port = port;
    this.receiver = receiver;
    this.meter = meter;
    this.batch = batch;
    this.fd = batch.kernel().duplicate(socket);
    this.descriptor = new FileDescriptor(fd);
  }

  /** Begins to read. Any thread. */
  void start() {
    loop.execute(this::register);
  }

  private void register() {
    Future<IoRegistration> registered = loop.register(this);
    if (closed || !registered.isSuccess()) {
      log.error("the event loop does not take {}", port.local(), registered.cause());
      return;
    }
    registration = registered.getNow();
    registration.submit(EpollIoOps.EPOLLIN);
  }

  @Override
  public FileDescriptor fd() {
    return descriptor;
  }

  @Override
  public void handle(IoRegistration from, IoEvent event) {
    // What is left after these is told again.
    for (int reads = 0; reads < UdpTransport.MAX_READS && !closed; reads++) {
      int count = batch.receive(fd);
      for (int i = 0; i < count; i++) {
        take(i);
      }
      if (count < UdpTransport.BATCH) {
        break;
      }
    }
    receiver.onBatchEnd();
  }

  private void take(int i) {
    var from = batch.sender(i);
    var packet = batch.take(i);
    meter.received(packet.length);
    try {
      receiver.onDatagram(port, from, packet);
    } catch (RuntimeException | AssertionError e) {
      log.error("a datagram could not be handled", e);
    }
  }

  /** On the loop. */
  @Override
  public void close() {
    if (closed) {
      return;
    }
    closed = true;
    IoRegistration registered = registration;
    if (registered != null) {
      registered.cancel();
    }
    batch.kernel().close(fd);
  }
}
