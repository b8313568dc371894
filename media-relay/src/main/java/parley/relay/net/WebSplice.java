package parley.relay.net;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.util.ReferenceCountUtil;
import java.net.InetSocketAddress;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import parley.relay.api.WebBehind;

/**
 * A client of the TLS port that speaks HTTP: what it says goes to the HTTP server behind, and back.
 * Neither side is read faster than the other one takes it. Owned by its loop.
 */
final class WebSplice extends ChannelInboundHandlerAdapter {

  private static final Logger log = LoggerFactory.getLogger(WebSplice.class);

  private final WebBehind web;
  private final UdpTransport transport;
  private final InetSocketAddress client;
  private final Deque<Object> early = new ArrayDeque<>();
  private @Nullable Channel server;
  private int localPort;

  WebSplice(WebBehind web, UdpTransport transport, InetSocketAddress client) {
    this.web = web;
    this.transport = transport;
    this.client = client;
  }

  @Override
  public void handlerAdded(ChannelHandlerContext context) {
    Channel outside = context.channel();
    outside.config().setAutoRead(false);
    ChannelFuture connecting =
        new Bootstrap()
            .group(outside.eventLoop())
            .channel(transport.clientChannel())
            .option(ChannelOption.TCP_NODELAY, true)
            .option(ChannelOption.AUTO_READ, false)
            .handler(new Inside(outside))
            .connect(web.address());
    var _ = connecting.addListener(done -> onConnected(context, connecting));
  }

  private void onConnected(ChannelHandlerContext context, ChannelFuture connecting) {
    Channel inside = connecting.channel();
    if (!connecting.isSuccess() || !context.channel().isActive()) {
      log.debug("the HTTP server behind the TLS port cannot be reached", connecting.cause());
      var _ = inside.close();
      var _ = context.close();
      return;
    }
    localPort = ((InetSocketAddress) inside.localAddress()).getPort();
    web.connected(localPort, client);
    server = inside;
    for (Object each = early.poll(); each != null; each = early.poll()) {
      var _ = inside.write(each, inside.voidPromise());
    }
    inside.flush();
    inside.config().setAutoRead(true);
    context.channel().config().setAutoRead(true);
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    Channel inside = server;
    if (inside == null) {
      early.add(message); // what had been read before; no more than a record or two
    } else {
      var _ = inside.write(message, inside.voidPromise());
    }
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext context) {
    Channel inside = server;
    if (inside != null) {
      inside.flush();
      context.channel().config().setAutoRead(inside.isWritable());
    }
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext context) {
    Channel inside = server;
    if (inside != null) {
      inside.config().setAutoRead(context.channel().isWritable());
    }
  }

  @Override
  public void handlerRemoved(ChannelHandlerContext context) {
    early.forEach(ReferenceCountUtil::release);
    early.clear();
    Channel inside = server;
    if (inside != null) {
      web.closed(localPort);
      closeAfterWriting(inside);
    }
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    var _ = context.close(); // a connection that broke
  }

  private static void closeAfterWriting(Channel channel) {
    var _ = channel.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(ChannelFutureListener.CLOSE);
  }

  /** The HTTP server's end. */
  private static final class Inside extends ChannelInboundHandlerAdapter {
    private final Channel outside;

    Inside(Channel outside) {
      this.outside = outside;
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
      var _ = outside.write(message, outside.voidPromise());
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext context) {
      outside.flush();
      context.channel().config().setAutoRead(outside.isWritable());
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext context) {
      outside.config().setAutoRead(context.channel().isWritable());
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
      closeAfterWriting(outside);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
      var _ = context.close();
    }
  }
}
