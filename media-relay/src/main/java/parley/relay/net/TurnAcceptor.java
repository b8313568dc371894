package parley.relay.net;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.WriteBufferWaterMark;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;
import parley.relay.turn.TurnDrop;

/** Takes TCP connections, or TLS ones, for the TURN server. */
final class TurnAcceptor {

  /** Connections that are made while the loop is busy for a moment. */
  private static final int BACKLOG = 1024;

  /**
   * What may wait for a slow client: a quarter of a second of a megabit. Audio later is useless.
   */
  private static final WriteBufferWaterMark SEND_QUEUE =
      new WriteBufferWaterMark(16 * 1024, 32 * 1024);

  private final Channel channel;

  private TurnAcceptor(Channel channel) {
    this.channel = channel;
  }

  /**
   * Binds. Any thread but the loop's.
   *
   * @param certificate null: no TLS
   * @throws PortUnavailable with the operating system's reason as its cause
   */
  static TurnAcceptor listen(
      TurnLoop loop,
      UdpTransport transport,
      InetSocketAddress address,
      @Nullable ServerCertificate certificate) {
    ServerBootstrap bootstrap =
        new ServerBootstrap()
            .group(loop.thread())
            .channel(transport.serverChannel())
            .option(ChannelOption.SO_BACKLOG, BACKLOG)
            .option(ChannelOption.SO_REUSEADDR, true)
            .childOption(ChannelOption.TCP_NODELAY, true)
            .childOption(ChannelOption.SO_KEEPALIVE, true)
            .childOption(ChannelOption.WRITE_BUFFER_WATER_MARK, SEND_QUEUE)
            .childHandler(new Arrivals(loop, certificate));
    ChannelFuture bound = bootstrap.bind(address).awaitUninterruptibly();
    Throwable cause = bound.cause();
    if (cause != null) {
      throw new PortUnavailable("cannot bind TCP " + address, cause);
    }
    return new TurnAcceptor(bound.channel());
  }

  InetSocketAddress local() {
    return (InetSocketAddress) channel.localAddress();
  }

  void close() {
    var _ = channel.close();
  }

  private static final class Arrivals extends ChannelInitializer<Channel> {
    private final TurnLoop loop;
    private final @Nullable ServerCertificate certificate;

    Arrivals(TurnLoop loop, @Nullable ServerCertificate certificate) {
      this.loop = loop;
      this.certificate = certificate;
    }

    @Override
    protected void initChannel(Channel connection) {
      InetSocketAddress client = (InetSocketAddress) connection.remoteAddress();
      if (client == null || !loop.connections().hasRoomFor(client.getAddress())) {
        loop.meter().drop(TurnDrop.CONNECTION_REFUSED);
        var _ = connection.close();
        return;
      }
      if (certificate != null) {
        connection.pipeline().addLast(certificate.handler(connection.alloc()));
      }
      connection.pipeline().addLast(new TurnConnection(loop, client, System.nanoTime()));
    }
  }
}
