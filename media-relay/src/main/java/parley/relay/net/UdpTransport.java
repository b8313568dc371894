package parley.relay.net;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelOption;
import io.netty.channel.FixedRecvByteBufAllocator;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.ServerChannel;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollDatagramChannel;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.SocketProtocolFamily;
import io.netty.channel.socket.nio.NioDatagramChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.channels.spi.SelectorProvider;
import org.jspecify.annotations.Nullable;
import parley.relay.turn.Relay;

/** How datagrams get in and out of the kernel. */
enum UdpTransport {
  /** Linux: many datagrams a system call, in (recvmmsg) and out (sendmmsg). */
  EPOLL {
    @Override
    IoHandlerFactory ioHandlers() {
      return EpollIoHandler.newFactory();
    }

    @Override
    IoHandlerFactory busyIoHandlers(long spanNs) {
      return EpollIoHandler.newFactory(0, () -> new BusyPolling(spanNs, System::nanoTime));
    }

    @Override
    void configure(Bootstrap bootstrap, SocketProtocolFamily family) {
      bootstrap.channelFactory(() -> new EpollDatagramChannel(family)); // read by a SocketReader
    }

    @Override
    TurnPort open(TurnLoop loop, InetSocketAddress local, @Nullable Relay relay)
        throws IOException {
      return LinuxTurnSocket.open(loop, local, relay);
    }

    @Override
    Class<? extends ServerChannel> serverChannel() {
      return EpollServerSocketChannel.class;
    }

    @Override
    Class<? extends Channel> clientChannel() {
      return EpollSocketChannel.class;
    }
  },

  /** Everywhere: one datagram a system call. */
  NIO {
    @Override
    IoHandlerFactory ioHandlers() {
      return NioIoHandler.newFactory();
    }

    @Override
    IoHandlerFactory busyIoHandlers(long spanNs) {
      return NioIoHandler.newFactory(
          SelectorProvider.provider(), () -> new BusyPolling(spanNs, System::nanoTime));
    }

    @Override
    void configure(Bootstrap bootstrap, SocketProtocolFamily family) {
      bootstrap
          .channelFactory(() -> new NioDatagramChannel(family))
          .option(
              ChannelOption.RECVBUF_ALLOCATOR,
              new FixedRecvByteBufAllocator(MAX_DATAGRAM_BYTES).maxMessagesPerRead(BATCH));
    }

    @Override
    TurnPort open(TurnLoop loop, InetSocketAddress local, @Nullable Relay relay)
        throws IOException {
      return TurnSocket.open(loop, local, relay);
    }

    @Override
    Class<? extends ServerChannel> serverChannel() {
      return NioServerSocketChannel.class;
    }

    @Override
    Class<? extends Channel> clientChannel() {
      return NioSocketChannel.class;
    }
  };

  /**
   * A frame of Ethernet carries 1472 bytes of UDP; a longer datagram is none of WebRTC's, arrives
   * cut off and fails its authentication.
   */
  static final int MAX_DATAGRAM_BYTES = 1536;

  /** Datagrams a recvmmsg: a quarter of a call of a thousand, and 96 KB of buffer. */
  static final int BATCH = 64;

  /** Batches before what they caused is flushed: later flushes would only add delay. */
  static final int MAX_READS = 2;

  abstract IoHandlerFactory ioHandlers();

  /** As above, for loops that look for packets for so long before they sleep. */
  abstract IoHandlerFactory busyIoHandlers(long spanNs);

  /**
   * Binds a socket of a TURN server. Only on the loop.
   *
   * @param relay whose address it is; null: the one that clients send to
   * @throws IOException with the operating system's reason
   */
  abstract TurnPort open(TurnLoop loop, InetSocketAddress local, @Nullable Relay relay)
      throws IOException;

  abstract Class<? extends ServerChannel> serverChannel();

  abstract Class<? extends Channel> clientChannel();

  abstract void configure(Bootstrap bootstrap, SocketProtocolFamily family);

  static UdpTransport best() {
    return Epoll.isAvailable() ? EPOLL : NIO;
  }
}
