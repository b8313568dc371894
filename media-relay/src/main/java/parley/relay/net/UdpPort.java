package parley.relay.net;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.IoEventLoop;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.epoll.EpollDatagramChannel;
import io.netty.channel.socket.DatagramPacket;
import io.netty.channel.socket.SocketProtocolFamily;
import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetSocketAddress;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import parley.relay.Drop;
import parley.relay.LoopMeter;
import parley.relay.srtp.PacketBuffer;

/**
 * One UDP socket on one local address, so that an answer leaves from the address it was asked at.
 * Owned by its event loop.
 */
final class UdpPort {

  private static final Logger log = LoggerFactory.getLogger(UdpPort.class);

  /** Half a second of a thousand clients' audio, should the loop be held up that long. */
  static final int SOCKET_BUFFER_BYTES = 4 * 1024 * 1024;

  /**
   * What may wait in the process when the kernel takes no more: as much again as the kernel's own
   * buffer. Audio that waited longer is of no use.
   */
  private static final WriteBufferWaterMark SEND_QUEUE =
      new WriteBufferWaterMark(SOCKET_BUFFER_BYTES / 2, SOCKET_BUFFER_BYTES);

  private final Channel channel;
  private final InetSocketAddress local;
  private final LoopMeter meter;
  private final RelayedPeers relayed;
  private final @Nullable SendBatch batch; // Linux only
  private @Nullable SocketReader reader; // likewise
  private final int fd;
  private boolean unflushed;

  private UdpPort(Channel channel, LoopMeter meter, RelayedPeers relayed) {
    this.channel = channel;
    this.relayed = relayed;
    this.local = (InetSocketAddress) channel.localAddress();
    this.meter = meter;
    if (channel instanceof EpollDatagramChannel epoll) {
      this.batch = new SendBatch();
      this.fd = epoll.fd().intValue();
    } else {
      this.batch = null;
      this.fd = -1;
    }
  }

  /**
   * Binds; what arrives from {@link #start} on goes to the receiver. Any thread but the event
   * loop's.
   *
   * @param received what the loop takes in at a time, where it reads by the kernel's own calls
   * @throws PortUnavailable with the operating system's reason as its cause
   */
  static UdpPort bind(
      UdpTransport transport,
      EventLoop loop,
      InetSocketAddress address,
      UdpReceiver receiver,
      LoopMeter meter,
      RelayedPeers relayed,
      ReceiveBatch received) {
    SocketProtocolFamily family =
        address.getAddress() instanceof Inet4Address
            ? SocketProtocolFamily.INET
            : SocketProtocolFamily.INET6;
    Inbound inbound = new Inbound(receiver, meter);
    Bootstrap bootstrap =
        new Bootstrap()
            .group(loop)
            .option(ChannelOption.SO_RCVBUF, SOCKET_BUFFER_BYTES)
            .option(ChannelOption.SO_SNDBUF, SOCKET_BUFFER_BYTES)
            .option(ChannelOption.WRITE_BUFFER_WATER_MARK, SEND_QUEUE)
            .option(ChannelOption.AUTO_READ, false)
            .handler(inbound);
    transport.configure(bootstrap, family);
    ChannelFuture bound = bootstrap.bind(address).awaitUninterruptibly();
    if (!bound.isSuccess()) {
      throw new PortUnavailable(
          "cannot bind UDP " + address, Objects.requireNonNull(bound.cause()));
    }
    UdpPort port = new UdpPort(bound.channel(), meter, relayed);
    inbound.port = port;
    if (port.fd >= 0) {
      SocketReader reader =
          new SocketReader((IoEventLoop) loop, port.fd, port, receiver, meter, received);
      port.reader = reader;
      port.channel.closeFuture().addListener(_ -> reader.close()); // on the loop
    }
    return port;
  }

  /** Begins to read. */
  void start() {
    if (reader != null) {
      reader.start();
    } else {
      channel.config().setAutoRead(true);
    }
  }

  /**
   * Has the kernel ask the network card itself when there is nothing, if it lets us and can.
   *
   * @return whether it does
   */
  boolean busyPoll(KernelUdp kernel, int us) {
    return fd >= 0 && kernel.busyPoll(fd, us);
  }

  InetSocketAddress local() {
    return local;
  }

  /** What the kernel really gave, in bytes, its own overhead left out. */
  int receiveBufferBytes() {
    int told = Objects.requireNonNullElse(channel.config().getOption(ChannelOption.SO_RCVBUF), 0);
    // Linux doubles what it is asked for (socket(7)); the JDK's channel halves it, epoll's does
    // not.
    return channel instanceof EpollDatagramChannel ? told / 2 : told;
  }

  /** Queues a datagram until {@link #flush}. */
  void send(byte[] data, int offset, int lengthBytes, Destination to) {
    if (relayed.take(local, to.remote, data, offset, lengthBytes)) {
      meter.sent(lengthBytes);
      return;
    }
    if (batch != null) {
      if (!batch.hasRoom(lengthBytes)) {
        flush();
      }
      batch.add(data, offset, lengthBytes, to);
    } else if (channel.isWritable()) {
      ByteBuf copy =
          channel.alloc().directBuffer(lengthBytes).writeBytes(data, offset, lengthBytes);
      var _ = channel.write(new DatagramPacket(copy, to.remote), channel.voidPromise());
    } else {
      meter.drop(Drop.SEND_QUEUE_FULL);
      return;
    }
    meter.sent(lengthBytes);
    unflushed = true;
  }

  void flush() {
    if (!unflushed) {
      return;
    }
    unflushed = false;
    if (batch == null) {
      channel.flush();
    } else if (channel.isOpen()) { // the number of a closed one may be another's by now
      batch.send(fd, meter);
    } else {
      batch.clear();
    }
  }

  /** Any thread. */
  ChannelFuture close() {
    return channel.close();
  }

  /** Netty's end of the port. */
  private static final class Inbound extends ChannelInboundHandlerAdapter {
    private final UdpReceiver receiver;
    private final LoopMeter meter;
    private final PacketBuffer scratch = new PacketBuffer();
    // Set before the first read, which only then is switched on.
    private volatile UdpPort port;

    @SuppressWarnings("NullAway.Init") // the port knows its channel, and the channel this handler
    Inbound(UdpReceiver receiver, LoopMeter meter) {
      this.receiver = receiver;
      this.meter = meter;
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
      DatagramPacket datagram = (DatagramPacket) message;
      try {
        ByteBuf content = datagram.content();
        scratch.offset = 0;
        scratch.length = Math.min(content.readableBytes(), scratch.data.length);
        content.readBytes(scratch.data, 0, scratch.length);
        meter.received(scratch.length);
        receiver.onDatagram(port, datagram.sender(), scratch);
      } finally {
        datagram.release();
      }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext context) {
      receiver.onBatchEnd();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
      if (cause instanceof IOException) {
        // ICMP errors of earlier datagrams and refused writes end up here: normal on UDP.
        meter.drop(Drop.SEND_FAILED);
      } else {
        log.error("a datagram could not be handled", cause);
      }
    }
  }
}
