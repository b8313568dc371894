package parley.relay.net;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.epoll.EpollDatagramChannel;
import io.netty.channel.socket.DatagramChannel;
import io.netty.channel.socket.DatagramPacket;
import io.netty.channel.socket.SocketProtocolFamily;
import io.netty.channel.unix.IntegerUnixChannelOption;
import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import parley.relay.turn.ClientLink;
import parley.relay.turn.Relay;
import parley.relay.turn.RelaySocket;
import parley.relay.turn.TurnDrop;
import parley.relay.turn.TurnServer;

/**
 * A UDP socket of the TURN server: the one that clients send to, or a relayed address. Owned by its
 * loop.
 */
final class TurnSocket implements ClientLink, RelaySocket {

  private static final Logger log = LoggerFactory.getLogger(TurnSocket.class);

  /** All clients' audio of half a second, as for a media loop. */
  private static final int LISTEN_BUFFER_BYTES = UdpPort.SOCKET_BUFFER_BYTES;

  /** One client's: a second of video, should he send any. */
  private static final int RELAY_BUFFER_BYTES = 256 * 1024;

  /** Linux (ip(7)): whether datagrams may be fragmented is a property of the socket. */
  private static final IntegerUnixChannelOption IP_MTU_DISCOVER =
      new IntegerUnixChannelOption("IP_MTU_DISCOVER", 0, 10);

  private static final int IP_PMTUDISC_DONT = 0;
  private static final int IP_PMTUDISC_DO = 2;

  private final TurnLoop loop;
  private final @Nullable Relay relay;
  private final DatagramChannel channel;
  private final TurnOutlet outlet;
  private final InetSocketAddress local;
  private final boolean fragments;

  private TurnSocket(
      TurnLoop loop, DatagramChannel channel, InetSocketAddress local, @Nullable Relay relay) {
    this.loop = loop;
    this.relay = relay;
    this.channel = channel;
    this.outlet = new TurnOutlet(channel, loop);
    this.local = local;
    this.fragments =
        channel instanceof EpollDatagramChannel && local.getAddress() instanceof Inet4Address;
  }

  /**
   * Binds the socket that clients send to. Any thread but the loop's.
   *
   * @throws PortUnavailable with the operating system's reason as its cause
   */
  static TurnSocket listen(TurnLoop loop, UdpTransport transport, InetSocketAddress address) {
    TurnSocket socket = new TurnSocket(loop, transport.open(family(address), false), address, null);
    socket.configure(LISTEN_BUFFER_BYTES, new Inbound(socket, null));
    ChannelFuture bound =
        loop.thread().register(socket.channel).channel().bind(address).awaitUninterruptibly();
    Throwable cause = bound.cause();
    if (cause != null) {
      socket.channel.close().awaitUninterruptibly();
      throw new PortUnavailable("cannot bind UDP " + address, cause);
    }
    return socket;
  }

  /** Binds a relayed address, at once. Only on the loop. Null if it cannot be had. */
  static @Nullable TurnSocket relay(
      TurnLoop loop, UdpTransport transport, InetSocketAddress address, Relay relay) {
    TurnSocket socket = new TurnSocket(loop, transport.open(family(address), true), address, relay);
    socket.configure(RELAY_BUFFER_BYTES, new Inbound(socket, relay));
    ChannelFuture registered = loop.thread().register(socket.channel);
    ChannelFuture bound = registered.isSuccess() ? socket.channel.bind(address) : registered;
    if (!bound.isSuccess()) {
      socket.close();
      return null;
    }
    return socket;
  }

  private static SocketProtocolFamily family(InetSocketAddress address) {
    return address.getAddress() instanceof Inet4Address
        ? SocketProtocolFamily.INET
        : SocketProtocolFamily.INET6;
  }

  private void configure(int bufferBytes, Inbound inbound) {
    channel
        .config()
        .setReceiveBufferSize(bufferBytes)
        .setSendBufferSize(bufferBytes)
        .setWriteBufferWaterMark(new WriteBufferWaterMark(bufferBytes / 2, bufferBytes));
    if (fragments) {
      channel.config().setOption(IP_MTU_DISCOVER, IP_PMTUDISC_DONT);
    }
    channel.pipeline().addLast(inbound);
  }

  @Override
  public boolean isStream() {
    return false;
  }

  @Override
  public InetSocketAddress local() {
    return local;
  }

  @Override
  public void send(InetSocketAddress client, byte[] data, int offset, int lengthBytes) {
    ByteBuf copy = channel.alloc().directBuffer(lengthBytes).writeBytes(data, offset, lengthBytes);
    outlet.write(new DatagramPacket(copy, client));
  }

  @Override
  public void send(
      InetSocketAddress peer, byte[] data, int offset, int lengthBytes, boolean dontFragment) {
    if (!dontFragment || !fragments) {
      send(peer, data, offset, lengthBytes);
      return;
    }
    // What waits may be fragmented, this one may not. Path discovery alone asks for it.
    outlet.flush();
    channel.config().setOption(IP_MTU_DISCOVER, IP_PMTUDISC_DO);
    send(peer, data, offset, lengthBytes);
    outlet.flush();
    channel.config().setOption(IP_MTU_DISCOVER, IP_PMTUDISC_DONT);
  }

  @Override
  public void close() {
    if (relay != null) {
      loop.onRelayClosed(relay);
    }
    var _ = channel.close();
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
