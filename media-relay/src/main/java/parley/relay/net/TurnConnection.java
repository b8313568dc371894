package parley.relay.net;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.ByteToMessageDecoder;
import java.net.InetSocketAddress;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import parley.relay.turn.ClientLink;
import parley.relay.turn.StreamFraming;
import parley.relay.turn.TurnDrop;
import parley.relay.turn.TurnServer;

/** A client on TCP, or on TLS when its handler is before this one. Owned by its loop. */
final class TurnConnection extends ByteToMessageDecoder implements ClientLink {

  private static final Logger log = LoggerFactory.getLogger(TurnConnection.class);

  private final TurnLoop loop;
  private final InetSocketAddress client;
  private long usedNs;
  private @Nullable TurnOutlet outlet;

  TurnConnection(TurnLoop loop, InetSocketAddress client, long openedNs) {
    this.loop = loop;
    this.client = client;
    this.usedNs = openedNs;
  }

  @Override
  public boolean isStream() {
    return true;
  }

  InetSocketAddress client() {
    return client;
  }

  /** When it last had an allocation, as far as anybody looked; before that, when it was opened. */
  long usedNs() {
    return usedNs;
  }

  void used(long nowNs) {
    usedNs = nowNs;
  }

  @Override
  public void send(InetSocketAddress to, byte[] data, int offset, int lengthBytes) {
    TurnOutlet out = outlet;
    if (out == null) {
      return; // it has ended
    }
    ByteBuf copy =
        out.channel().alloc().directBuffer(lengthBytes).writeBytes(data, offset, lengthBytes);
    out.write(copy);
  }

  /** Any thread. */
  void close() {
    TurnOutlet out = outlet;
    if (out != null) {
      var _ = out.channel().close();
    }
  }

  @Override
  public void handlerAdded(ChannelHandlerContext context) {
    outlet = new TurnOutlet(context.channel(), loop);
    loop.connections().opened(this);
  }

  @Override
  protected void decode(ChannelHandlerContext context, ByteBuf in, List<Object> out) {
    while (in.readableBytes() >= StreamFraming.PREFIX_BYTES) {
      byte[] scratch = loop.scratch();
      int at = TurnServer.HEADROOM_BYTES;
      in.getBytes(in.readerIndex(), scratch, at, StreamFraming.PREFIX_BYTES);
      int frame = StreamFraming.frameBytes(scratch, at, StreamFraming.PREFIX_BYTES);
      if (frame < 0 || frame > TurnLoop.MAX_MESSAGE_BYTES) {
        loop.meter().drop(frame < 0 ? TurnDrop.MALFORMED : TurnDrop.TOO_BIG);
        in.skipBytes(in.readableBytes());
        var _ = context.close();
        return;
      }
      if (in.readableBytes() < frame) {
        return;
      }
      in.readBytes(scratch, at, frame);
      loop.onClientMessage(this, client, at, frame);
    }
  }

  @Override
  protected void handlerRemoved0(ChannelHandlerContext context) {
    outlet = null;
    loop.connections().closed(this);
    loop.onDisconnect(this, client);
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    // A connection that broke, a handshake that failed: the client's matter.
    log.debug("a connection of {} ended", MaskedAddress.of(client), cause);
    var _ = context.close();
  }
}
