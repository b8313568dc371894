package parley.relay.net;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.ChannelOption;
import io.netty.channel.FixedRecvByteBufAllocator;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollChannelOption;
import io.netty.channel.epoll.EpollDatagramChannel;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.SocketProtocolFamily;
import io.netty.channel.socket.nio.NioDatagramChannel;

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

  abstract IoHandlerFactory ioHandlers();

  abstract void configure(Bootstrap bootstrap, SocketProtocolFamily family);

  static UdpTransport best() {
    return Epoll.isAvailable() ? EPOLL : NIO;
  }
}
