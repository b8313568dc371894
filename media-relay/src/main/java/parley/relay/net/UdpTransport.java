package parley.relay.net;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.ChannelOption;
import io.netty.channel.FixedRecvByteBufAllocator;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.ServerChannel;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollChannelOption;
import io.netty.channel.epoll.EpollDatagramChannel;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.DatagramChannel;
import io.netty.channel.socket.SocketProtocolFamily;
import io.netty.channel.socket.nio.NioDatagramChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;

/** How datagrams get in and out of the kernel. */
enum UdpTransport {
  /** Linux: many datagrams a system call, in (recvmmsg) and out (sendmmsg). */
  EPOLL {
    @Override
    IoHandlerFactory ioHandlers() {
      return EpollIoHandler.newFactory();
    }

    @Override
    void configure(Bootstrap bootstrap, SocketProtocolFamily family) {
      bootstrap
          .channelFactory(() -> new EpollDatagramChannel(family))
          .option(EpollChannelOption.MAX_DATAGRAM_PAYLOAD_SIZE, MAX_DATAGRAM_BYTES)
          .option(
              ChannelOption.RECVBUF_ALLOCATOR,
              new FixedRecvByteBufAllocator(BATCH * MAX_DATAGRAM_BYTES)
                  .maxMessagesPerRead(MAX_READS * BATCH));
    }

    @Override
    DatagramChannel open(SocketProtocolFamily family, boolean relay) {
      var channel = new EpollDatagramChannel(family);
      channel.config().setOption(EpollChannelOption.MAX_DATAGRAM_PAYLOAD_SIZE, MAX_DATAGRAM_BYTES);
      channel
          .config()
          .setRecvByteBufAllocator(
              new BatchReads(relay ? RELAY_BATCH : BATCH, MAX_DATAGRAM_BYTES, MAX_READS));
      return channel;
    }

    @Override
    Class<? extends ServerChannel> serverChannel() {
      return EpollServerSocketChannel.class;
    }
  },

  /** Everywhere: one datagram a system call. */
  NIO {
    @Override
    IoHandlerFactory ioHandlers() {
      return NioIoHandler.newFactory();
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
    DatagramChannel open(SocketProtocolFamily family, boolean relay) {
      var channel = new NioDatagramChannel(family);
      channel
          .config()
          .setRecvByteBufAllocator(
              new FixedRecvByteBufAllocator(MAX_DATAGRAM_BYTES).maxMessagesPerRead(BATCH));
      return channel;
    }

    @Override
    Class<? extends ServerChannel> serverChannel() {
      return NioServerSocketChannel.class;
    }
  };

  /**
   * A frame of Ethernet carries 1472 bytes of UDP; a longer datagram is none of WebRTC's, arrives
   * cut off and fails its authentication.
   */
  static final int MAX_DATAGRAM_BYTES = 1536;

  /** Datagrams a recvmmsg: a quarter of a call of a thousand, and 96 KB of buffer. */
  private static final int BATCH = 64;

  /** Batches before what they caused is flushed: later flushes would only add delay. */
  private static final int MAX_READS = 2;

  /**
   * Most relayed addresses hear one peer: a small buffer comes from the pool's cache, and more than
   * so many at once are taken in several calls.
   */
  private static final int RELAY_BATCH = 8;

  abstract IoHandlerFactory ioHandlers();

  /** A socket for {@link TurnSocket}, not bound yet; one of a relayed address if {@code relay}. */
  abstract DatagramChannel open(SocketProtocolFamily family, boolean relay);

  abstract Class<? extends ServerChannel> serverChannel();

  abstract void configure(Bootstrap bootstrap, SocketProtocolFamily family);

  static UdpTransport best() {
    return Epoll.isAvailable() ? EPOLL : NIO;
  }
}
