package parley.load.bench.jmh;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import parley.relay.turn.AddressBlock;
import parley.relay.turn.ClientLink;
import parley.relay.turn.OwnMedia;
import parley.relay.turn.PeerPolicy;
import parley.relay.turn.PortRange;
import parley.relay.turn.Relay;
import parley.relay.turn.RelayAddress;
import parley.relay.turn.RelaySocket;
import parley.relay.turn.RelaySockets;
import parley.relay.turn.TurnCredentials;
import parley.relay.turn.TurnMeter;
import parley.relay.turn.TurnServer;
import parley.relay.turn.TurnSettings;
import parley.stun.TurnMessage;

/** A client with an allocation and a channel, and its peer, at a server without sockets. */
final class RelayedPair {

  private static final int CHANNEL = 0x4000;
  private static final int UDP = 17 << 24;
  private static final int DATA_BYTES = 160;
  private static final int ROOM_BYTES = 2048;

  private static final InetAddress NODE = InetAddress.ofLiteral("203.0.113.1");
  private static final InetSocketAddress CLIENT = at("203.0.113.5", 40_000);
  private static final InetSocketAddress PEER = at("198.51.100.7", 5_000);

  private final TurnServer server =
      new TurnServer(
          new TurnSettings(
              List.of(new RelayAddress(NODE, NODE)),
              new PortRange(50_000, 50_999),
              new TurnCredentials("realm", Map.of("user", "password"), List.of()),
              new PeerPolicy(
                  Set.of(NODE), List.of(AddressBlock.parse("198.51.100.0/24")), List.of()),
              0,
              0,
              0,
              0,
              false),
          new Sockets(),
          OwnMedia.NONE,
          InstantSource.system(),
          new TurnMeter(),
          0);
  private final Link link = new Link();
  private final TurnMessage message = new TurnMessage("user", "realm", "password");
  private final byte[] room = new byte[ROOM_BYTES];
  private final byte[] channelData;
  private final byte[] indication;
  private final Relay relay;
  private @Nullable Relay opened;
  private long sent;

  RelayedPair() {
    ask(message.begin(TurnMessage.ALLOCATE, 1).addNumber(TurnMessage.REQUESTED_TRANSPORT, UDP));
    int at = TurnMessage.find(TurnMessage.NONCE, link.last, link.last.length);
    byte[] nonce = Arrays.copyOfRange(link.last, at, at + TurnMessage.lengthAt(link.last, at));
    message.begin(TurnMessage.ALLOCATE, 2).addNumber(TurnMessage.REQUESTED_TRANSPORT, UDP);
    message.protect(nonce);
    ask(message);
    message.begin(TurnMessage.CHANNEL_BIND, 3);
    message.addNumber(TurnMessage.CHANNEL_NUMBER, CHANNEL << 16).addPeer(PEER);
    message.protect(nonce);
    ask(message);
    relay = Objects.requireNonNull(opened, "the allocation was refused");
    channelData = new byte[4 + DATA_BYTES];
    channelData[0] = (byte) (CHANNEL >> 8);
    channelData[3] = (byte) DATA_BYTES;
    message.begin(TurnMessage.SEND_INDICATION, 4).addPeer(PEER);
    message.add(TurnMessage.DATA, new byte[DATA_BYTES]);
    indication = Arrays.copyOf(message.bytes(), message.length());
    long before = sent;
    if (channelToPeer() != before + 1 || sendIndication() != before + 2) {
      throw new IllegalStateException("the server does not relay");
    }
  }

  private static InetSocketAddress at(String address, int port) {
    return new InetSocketAddress(InetAddress.ofLiteral(address), port);
  }

  private void ask(TurnMessage request) {
    take(request.bytes(), request.length());
  }

  private void take(byte[] bytes, int length) {
    System.arraycopy(bytes, 0, room, TurnServer.HEADROOM_BYTES, length);
    server.onClientMessage(link, CLIENT, room, TurnServer.HEADROOM_BYTES, length, 0);
  }

  /** Returns how many packets were relayed in all, as the others do. */
  long channelToPeer() {
    take(channelData, channelData.length);
    return sent;
  }

  long sendIndication() {
    take(indication, indication.length);
    return sent;
  }

  long peerToChannel() {
    server.onPeerDatagram(relay, PEER, room, TurnServer.HEADROOM_BYTES, DATA_BYTES, 0);
    return sent;
  }

  private final class Link implements ClientLink {
    byte[] last = {};

    @Override
    public boolean isStream() {
      return false;
    }

    @Override
    public void send(InetSocketAddress client, byte[] data, int offset, int lengthBytes) {
      if (opened == null) { // an answer that is looked at
        last = Arrays.copyOfRange(data, offset, offset + lengthBytes);
      }
      sent++;
    }
  }

  private final class Sockets implements RelaySockets {
    @Override
    public RelaySocket open(InetSocketAddress local, Relay relay) {
      opened = relay;
      return new RelaySocket() {
        @Override
        public void send(
            InetSocketAddress peer, byte[] data, int offset, int lengthBytes, boolean df) {
          sent++;
        }

        @Override
        public void close() {}
      };
    }

    @Override
    public boolean canForbidFragments() {
      return true;
    }
  }
}
