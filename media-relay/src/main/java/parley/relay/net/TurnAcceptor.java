package parley.relay.net;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.WriteBufferWaterMark;
import java.net.InetSocketAddress;
import java.util.List;
import org.jspecify.annotations.Nullable;
import parley.relay.api.WebBehind;
import parley.relay.turn.AddressBlock;
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
   * @param arrivals what is done with each connection
   * @throws PortUnavailable with the operating system's reason as its cause
   */
  static TurnAcceptor listen(
      TurnLoop loop, UdpTransport transport, InetSocketAddress address, Arrivals arrivals) {
    ServerBootstrap bootstrap =
        new ServerBootstrap()
            .group(loop.thread())
            .channel(transport.serverChannel())
            .option(ChannelOption.SO_BACKLOG, BACKLOG)
            .option(ChannelOption.SO_REUSEADDR, true)
            .childOption(ChannelOption.TCP_NODELAY, true)
            .childOption(ChannelOption.SO_KEEPALIVE, true)
            .childOption(ChannelOption.WRITE_BUFFER_WATER_MARK, SEND_QUEUE)
            .childHandler(arrivals);
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

  /** What is done with each connection of a port. */
  @ChannelHandler.Sharable
  static final class Arrivals extends ChannelInitializer<Channel> {
    private final TurnLoop loop;
    private final UdpTransport transport;
    private final List<AddressBlock> proxies;
    private final @Nullable ServerCertificate certificate;
    private final @Nullable WebBehind web;

    /**
     * @param proxies whose connections begin with a PROXY protocol header
     * @param certificate null: no TLS
     * @param web null: nothing but TURN
     */
    Arrivals(
        TurnLoop loop,
        UdpTransport transport,
        List<AddressBlock> proxies,
        @Nullable ServerCertificate certificate,
        @Nullable WebBehind web) {
      this.loop = loop;
      this.transport = transport;
      this.proxies = proxies;
      this.certificate = certificate;
      this.web = web;
    }

    @Override
    protected void initChannel(Channel connection) {
      InetSocketAddress from = (InetSocketAddress) connection.remoteAddress();
      if (from == null) {
        var _ = connection.close(); // gone already
      } else if (proxies.stream().anyMatch(block -> block.contains(from.getAddress()))) {
        connection.pipeline().addLast(new ProxyHeaderDecoder(from, this::begin));
      } else {
        begin(connection, from);
      }
    }

    private void begin(Channel connection, InetSocketAddress client) {
      if (!loop.connections().hasRoomFor(client.getAddress())) {
        loop.meter().drop(TurnDrop.CONNECTION_REFUSED);
        var _ = connection.close();
        return;
      }
      if (certificate != null) {
        connection.pipeline().addLast(certificate.handler(connection.alloc()));
      }
      WebBehind behind = web;
      if (behind == null) {
        connection.pipeline().addLast(turn(client));
      } else {
        connection
            .pipeline()
            .addLast(
                new FirstByte(() -> turn(client), () -> new WebSplice(behind, transport, client)));
      }
    }

    private TurnConnection turn(InetSocketAddress client) {
      return new TurnConnection(loop, client, System.nanoTime());
    }
  }
}
