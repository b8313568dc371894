package parley.relay.net;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.FixedRecvByteBufAllocator;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.socket.DatagramChannel;
import io.netty.channel.socket.DatagramPacket;
import io.netty.channel.socket.SocketProtocolFamily;
import io.netty.channel.socket.nio.NioDatagramChannel;
import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import parley.relay.turn.Relay;
import parley.relay.turn.TurnDrop;
import parley.relay.turn.TurnServer;

/**
 * A UDP socket of the TURN server where {@link LinuxTurnSocket} cannot be: one datagram a system
 * call. Owned by its loop.
 */
final class TurnSocket implements TurnPort {

  private static final Logger log = LoggerFactory.getLogger(TurnSocket.class);

  private final TurnLoop loop;
  private final @Nullable Relay relay;
  private final DatagramChannel channel;
  private final TurnOutlet outlet;
  private final InetSocketAddress local;

  private TurnSocket(
      TurnLoop loop, DatagramChannel channel, InetSocketAddress local, @Nullable Relay relay) {
    this.loop = loop;
    this.relay = relay;
    this.channel = channel;
    this.outlet = new TurnOutlet(channel, loop);
    this.local = local;
  }

  /**
   * Binds a socket. Only on the loop.
   *
   * @param relay null: the one that clients send to
   * @throws IOException with the operating system's reason
   */
  static TurnSocket open(TurnLoop loop, InetSocketAddress address, @Nullable Relay relay)
      throws IOException {
    SocketProtocolFamily family =
        address.getAddress() instanceof Inet4Address
            ? SocketProtocolFamily.INET
            : SocketProtocolFamily.INET6;
    var socket = new TurnSocket(loop, new NioDatagramChannel(family), address, relay);
    socket.configure(relay == null ? LISTEN_BUFFER_BYTES : RELAY_BUFFER_BYTES);
    ChannelFuture registered = loop.thread().register(socket.channel);
    ChannelFuture bound = registered.isSuccess() ? socket.channel.bind(address) : registered;
    if (!bound.isSuccess()) {
      var _ = socket.channel.close();
      throw bound.cause() instanceof IOException e ? e : new IOException(bound.cause());
    }
    return socket;
  }

  private void configure(int bufferBytes) {
    channel
        .config()
        .setRecvByteBufAllocator(
            new FixedRecvByteBufAllocator(UdpTransport.MAX_DATAGRAM_BYTES)
                .maxMessagesPerRead(UdpTransport.BATCH))
        .setReceiveBufferSize(bufferBytes)
        .setSendBufferSize(bufferBytes)
        .setWriteBufferWaterMark(new WriteBufferWaterMark(bufferBytes / 2, bufferBytes));
    channel.pipeline().addLast(new Inbound(this, relay));
  }

  @Override
  public boolean isStream() {
    return false;
  }

  @Override
  public void send(InetSocketAddress client, byte[] data, int offset, int lengthBytes) {
    ByteBuf copy = channel.alloc().directBuffer(lengthBytes).writeBytes(data, offset, lengthBytes);
    outlet.write(new DatagramPacket(copy, client));
  }

  @Override
  public void send(
      InetSocketAddress peer, byte[] data, int offset, int lengthBytes, boolean dontFragment) {
    send(peer, data, offset, lengthBytes);
  }

  @Override
  public void close() {
    if (relay != null) {
      loop.onRelayClosed(relay);
    }
    var _ = channel.close();
  }

  @Override
  public String toString() {
    return "UDP " + local;
  }

  /** Netty's end of the socket. */
  private static final class Inbound extends ChannelInboundHandlerAdapter {
    private final TurnSocket socket;
    private final @Nullable Relay relay;

    Inbound(TurnSocket socket, @Nullable Relay relay) {
      this.socket = socket;
      this.relay = relay;
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
      DatagramPacket datagram = (DatagramPacket) message;
      try {
        ByteBuf content = datagram.content();
        int length = content.readableBytes();
        if (length >= UdpTransport.MAX_DATAGRAM_BYTES) {
          socket.loop.meter().drop(TurnDrop.TOO_BIG);
          return;
        }
        byte[] scratch = socket.loop.scratch();
        int at = TurnServer.HEADROOM_BYTES;
        content.readBytes(scratch, at, length);
        if (relay == null) {
          socket.loop.onClientMessage(socket, datagram.sender(), at, length);
        } else {
          socket.loop.onPeerDatagram(relay, datagram.sender(), at, length);
        }
      } finally {
        datagram.release();
      }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
      if (cause instanceof IOException) {
        // ICMP errors of earlier datagrams and refused writes end up here: normal on UDP.
        socket.loop.meter().drop(TurnDrop.SEND_FAILED);
      } else {
        log.error("a datagram could not be handled", cause);
      }
    }
  }
}
