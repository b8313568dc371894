package parley.relay.net;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.ByteToMessageDecoder;
import io.netty.util.concurrent.Future;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Tells TURN from HTTP by the first byte behind TLS: a client's first TURN message is a STUN
 * request, whose first two bits are zero (RFC 8489 §5); a method of HTTP begins with a letter.
 */
final class FirstByte extends ByteToMessageDecoder {

  /** Time for a handshake on a bad line; a browser may open a connection before it needs it. */
  private static final long PATIENCE_S = 30;

  private static final int NOT_STUN = 0xC0;

  private final Supplier<ChannelHandler> turn;
  private final Supplier<ChannelHandler> web;
  private @Nullable Future<?> patience;

  FirstByte(Supplier<ChannelHandler> turn, Supplier<ChannelHandler> web) {
    this.turn = turn;
    this.web = web;
  }

  @Override
  public void handlerAdded(ChannelHandlerContext context) {
    patience = context.executor().schedule(() -> giveUp(context), PATIENCE_S, TimeUnit.SECONDS);
  }

  @Override
  protected void decode(ChannelHandlerContext context, ByteBuf in, List<Object> out) {
    boolean isStun = (in.getByte(in.readerIndex()) & NOT_STUN) == 0;
    context.pipeline().replace(this, null, isStun ? turn.get() : web.get());
  }

  private static void giveUp(ChannelHandlerContext context) {
    var _ = context.close();
  }

  @Override
  protected void handlerRemoved0(ChannelHandlerContext context) {
    Future<?> running = patience;
    if (running != null) {
      running.cancel(false);
    }
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    var _ = context.close(); // a handshake that failed: the client's matter
  }
}
