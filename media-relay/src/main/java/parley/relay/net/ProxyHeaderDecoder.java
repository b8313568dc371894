package parley.relay.net;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.ByteToMessageDecoder;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Objects;
import java.util.function.BiConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Waits for a proxy to say whose connection it hands on; then the connection is that client's. */
final class ProxyHeaderDecoder extends ByteToMessageDecoder {

  private static final Logger log = LoggerFactory.getLogger(ProxyHeaderDecoder.class);

  private final InetSocketAddress proxy;
  private final BiConsumer<Channel, InetSocketAddress> begin;

  /**
   * @param begin puts the handlers there for what follows the header
   */
  ProxyHeaderDecoder(InetSocketAddress proxy, BiConsumer<Channel, InetSocketAddress> begin) {
    this.proxy = proxy;
    this.begin = begin;
  }

  @Override
  protected void decode(ChannelHandlerContext context, ByteBuf in, List<Object> out) {
    ProxyHeader header;
    try {
      header = ProxyHeader.read(in);
    } catch (IllegalArgumentException e) {
      log.warn(
          "{} is set as a proxy that speaks the PROXY protocol, and sent {}",
          MaskedAddress.of(proxy),
          e.getMessage());
      in.skipBytes(in.readableBytes());
      var _ = context.close();
      return;
    }
    if (header != null) {
      in.skipBytes(header.lengthBytes());
      begin.accept(context.channel(), Objects.requireNonNullElse(header.client(), proxy));
      context.pipeline().remove(this); // hands on what followed
    }
  }
}
