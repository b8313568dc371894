package parley.relay.turn;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** A server without a network, and time that passes when it is told to. */
final class TurnStage implements RelaySockets {

  static final String REALM = "example.org";
  static final InetSocketAddress PEER = at("93.184.216.34", 5000);
  static final InetSocketAddress OTHER_PEER = at("93.184.216.35", 6000);
  static final InetSocketAddress IPV6_PEER = at("2606:2800:220:1::1", 5000);
  static final InetAddress NODE = ip("198.51.100.7");
  static final InetAddress NODE_IPV6 = ip("2001:db8::7");

  /** What went out to peers. */
  record Sent(InetSocketAddress from, InetSocketAddress to, byte[] data, boolean dontFragment) {}

  final Map<InetSocketAddress, Relay> open = new HashMap<>();
  final List<Sent> toPeers = new ArrayList<>();
  final Map<InetSocketAddress, TestClient> clients = new HashMap<>();
  final Set<Integer> portsOfOthers = new HashSet<>();
  final TurnMeter meter = new TurnMeter();
  final TurnServer server;
  boolean canForbidFragments = true;
  long nowNs = Duration.ofHours(1).toNanos();
  Instant wallClock = Instant.parse("2026-11-22T12:00:00Z");

  TurnStage() {
    this(UnaryOperator.identity());
  }

  TurnStage(UnaryOperator<SettingsForTest> change) {
    this(change, OwnMedia.NONE);
  }

  TurnStage(UnaryOperator<SettingsForTest> change, OwnMedia media) {
    TurnSettings settings = change.apply(SettingsForTest.usual()).build();
    server = new TurnServer(settings, this, media, () -> wallClock, meter, nowNs);
  }

  static InetAddress ip(String literal) {
    return InetAddress.ofLiteral(literal);
  }

  static InetSocketAddress at(String literal, int port) {
    return new InetSocketAddress(ip(literal), port);
  }

  TestClient client() {
    return new TestClient(this, at("203.0.113.5", 40_000), false);
  }

  TestClient client(String address, int port) {
    return new TestClient(this, at(address, port), false);
  }

  TestClient streamClient() {
    return new TestClient(this, at("203.0.113.5", 40_000), true);
  }

  void pass(Duration time) {
    nowNs += time.toNanos();
    wallClock = wallClock.plus(time);
    server.onTick(nowNs);
  }

  /** A datagram from a peer arrives at a relayed address. */
  void fromPeer(InetSocketAddress peer, InetSocketAddress relayed, byte[] data) {
    Relay relay = open.get(relayed);
    if (relay == null) {
      return;
    }
    byte[] room = new byte[TurnServer.HEADROOM_BYTES + data.length + TurnServer.TAILROOM_BYTES];
    Arrays.fill(room, (byte) 0x55);
    System.arraycopy(data, 0, room, TurnServer.HEADROOM_BYTES, data.length);
    server.onPeerDatagram(relay, peer, room, TurnServer.HEADROOM_BYTES, data.length, nowNs);
  }

  @Override
  public @Nullable RelaySocket open(InetSocketAddress local, Relay relay) {
    if (portsOfOthers.contains(local.getPort()) || open.containsKey(local)) {
      return null;
    }
    open.put(local, relay);
    return new RelaySocket() {

      @Override
      public void send(
          InetSocketAddress peer, byte[] data, int offset, int lengthBytes, boolean df) {
        byte[] copy = Arrays.copyOfRange(data, offset, offset + lengthBytes);
        toPeers.add(new Sent(local, peer, copy, df));
      }

      @Override
      public void close() {
        open.remove(local);
      }
    };
  }

  @Override
  public boolean canForbidFragments() {
    return canForbidFragments;
  }
}
