package parley.relay.turn;

import java.net.Inet4Address;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/** What is relayed, from clients to peers and back. Allocates nothing. */
final class DataPath {

  /** The header of a Data indication with an IPv6 peer goes before the data. */
  static final int HEADROOM_BYTES = 48;

  /** Data is filled up to 32 bits. */
  static final int TAILROOM_BYTES = 3;

  private static final int IPV4_VALUE_BYTES = 8;
  private static final int IPV6_VALUE_BYTES = 20;

  private final AllocationTable allocations;
  private final RelayPool pool;
  private final Quotas quotas;
  private final OwnMedia media;
  private final TurnMeter meter;

  private final TransactionIds transactionIds = new TransactionIds();

  DataPath(
      AllocationTable allocations, RelayPool pool, Quotas quotas, OwnMedia media, TurnMeter meter) {
    this.allocations = allocations;
    this.pool = pool;
    this.quotas = quotas;
    this.media = media;
    this.meter = meter;
  }

  /** RFC 8656 §12.6. */
  void onChannelData(
      ClientLink link,
      InetSocketAddress client,
      byte[] data,
      int offset,
      int lengthBytes,
      long nowNs) {
    int payloadBytes = ChannelData.payloadBytes(data, offset, lengthBytes);
    if (payloadBytes < 0) {
      meter.drop(TurnDrop.MALFORMED);
      return;
    }
    Allocation allocation = allocations.at(link, client, nowNs);
    if (allocation == null) {
      meter.drop(TurnDrop.NO_ALLOCATION);
      return;
    }
    if (allocation.isMoving()) {
      allocations.onDataOfMoving(allocation, link, client);
    }
    Channel channel = allocation.peers().channel(Bytes.int16(data, offset), nowNs);
    if (channel == null) {
      meter.drop(TurnDrop.NO_CHANNEL);
      return;
    }
    int payloadAt = offset + ChannelData.HEADER_BYTES;
    InetSocketAddress peer = channel.peer();
    Relay relay = allocation.relay(channel.ipv6());
    toPeer(allocation, relay, peer, channel.verdict(), data, payloadAt, payloadBytes, false, nowNs);
  }

  /** RFC 8656 §11.2: what does not fit is silently dropped. */
  void onSend(ClientLink link, InetSocketAddress client, StunReader indication, long nowNs) {
    int peerAt = indication.find(StunAttribute.XOR_PEER_ADDRESS);
    int dataAt = indication.find(StunAttribute.DATA);
    if (peerAt < 0
        || dataAt < 0
        || !indication.readXorAddress(peerAt)
        || indication.peerPort() == 0
        || indication.hasUnknownRequired(pool.canForbidFragments())) {
      meter.drop(TurnDrop.MALFORMED);
      return;
    }
    Allocation allocation = allocations.at(link, client, nowNs);
    if (allocation == null) {
      meter.drop(TurnDrop.NO_ALLOCATION);
      return;
    }
    if (allocation.isMoving()) {
      allocations.onDataOfMoving(allocation, link, client);
    }
    meter.mayWait();
    boolean ipv6 = indication.peerIpv6();
    Permission permission =
        allocation.peers().permission(ipv6, indication.peerHigh(), indication.peerLow(), nowNs);
    if (permission == null) {
      meter.drop(TurnDrop.NO_PERMISSION);
      return;
    }
    toPeer(
        allocation,
        allocation.relay(ipv6),
        permission.at(indication.peerPort()),
        permission.verdict(),
        indication.data(),
        dataAt,
        indication.lengthAt(dataAt),
        indication.has(StunAttribute.DONT_FRAGMENT) && canForbidFragments(link, client, ipv6),
        nowNs);
  }

  /** From UDP to UDP the wish counts between IPv4 and IPv4 only (RFC 8656 §13). */
  private static boolean canForbidFragments(
      ClientLink link, InetSocketAddress client, boolean ipv6) {
    return link.isStream() || (!ipv6 && client.getAddress() instanceof Inet4Address);
  }

  private void toPeer(
      Allocation allocation,
      @Nullable Relay relay,
      InetSocketAddress peer,
      PeerVerdict verdict,
      byte[] data,
      int offset,
      int lengthBytes,
      boolean dontFragment,
      long nowNs) {
    if (relay == null) {
      meter.drop(TurnDrop.NO_PERMISSION); // that family was given back
      return;
    }
    if (!quotas.mayRelay(allocation.quota(), lengthBytes, nowNs)) {
      meter.drop(TurnDrop.BANDWIDTH);
      return;
    }
    if (verdict == PeerVerdict.OWN_NODE) {
      toOwnNode(relay, peer, data, offset, lengthBytes, dontFragment, nowNs);
      return;
    }
    meter.toPeer(lengthBytes);
    relay.send(peer, data, offset, lengthBytes, dontFragment);
  }

  /**
   * Without a trip through the kernel, which behind a one-to-one NAT would lead nowhere. All other
   * ports of this node are closed to clients: a relay that can be made to talk to itself goes round
   * in circles.
   */
  private void toOwnNode(
      Relay relay,
      InetSocketAddress peer,
      byte[] data,
      int offset,
      int lengthBytes,
      boolean dontFragment,
      long nowNs) {
    Relay other = pool.at(peer);
    if (other != null) {
      meter.toPeer(lengthBytes);
      onPeerDatagram(other, relay.shown(), data, offset, lengthBytes, nowNs);
      return;
    }
    if (!media.isPort(peer)) {
      meter.drop(TurnDrop.OWN_PORT);
      return;
    }
    meter.toPeer(lengthBytes);
    if (media.deliver(relay.shown(), peer, data, offset, lengthBytes)) {
      meter.mayWait();
    } else {
      relay.send(peer, data, offset, lengthBytes, dontFragment);
    }
  }

  /** RFC 8656 §11.3 and §12.7: on a channel if there is one, else as an indication. */
  void onPeerDatagram(
      Relay relay, InetSocketAddress peer, byte[] data, int offset, int lengthBytes, long nowNs) {
    Allocation allocation = relay.allocation();
    if (allocation == null || allocation.isOver(nowNs)) {
      meter.drop(TurnDrop.NO_ALLOCATION);
      return;
    }
    Permission permission = allocation.peers().permission(peer.getAddress(), nowNs);
    if (permission == null) {
      meter.drop(TurnDrop.NO_PERMISSION);
      return;
    }
    if (!quotas.mayRelay(allocation.quota(), lengthBytes, nowNs)) {
      meter.drop(TurnDrop.BANDWIDTH);
      return;
    }
    meter.toClient(lengthBytes);
    Channel channel = allocation.peers().channel(peer, nowNs);
    if (channel != null) {
      channelData(allocation, channel, data, offset, lengthBytes);
    } else {
      meter.mayWait();
      dataIndication(allocation, permission.ip(), peer.getPort(), data, offset, lengthBytes);
    }
  }

  private static void channelData(
      Allocation allocation, Channel channel, byte[] data, int offset, int lengthBytes) {
    ChannelData.writeHeader(data, offset, channel.number(), lengthBytes);
    int filled = lengthBytes;
    if (allocation.isOnStream()) {
      filled = Bytes.padded(lengthBytes);
      fill(data, offset + lengthBytes, offset + filled);
    }
    allocation.toClient(data, offset - ChannelData.HEADER_BYTES, ChannelData.HEADER_BYTES + filled);
  }

  private static void fill(byte[] data, int from, int to) {
    for (int i = from; i < to; i++) {
      data[i] = 0;
    }
  }

  private void dataIndication(
      Allocation allocation, IpAddress peer, int port, byte[] data, int offset, int lengthBytes) {
    int valueBytes = peer.ipv6() ? IPV6_VALUE_BYTES : IPV4_VALUE_BYTES;
    int padded = Bytes.padded(lengthBytes);
    fill(data, offset + lengthBytes, offset + padded);
    int header = StunReader.HEADER_BYTES + 2 * StunReader.ATTRIBUTE_HEADER_BYTES + valueBytes;
    int at = offset - header;
    Bytes.put16(data, at, StunMethod.DATA | StunMethod.INDICATION);
    Bytes.put16(data, at + 2, header - StunReader.HEADER_BYTES + padded);
    Bytes.put32(data, at + 4, StunReader.MAGIC_COOKIE);
    transactionIds.put(data, at + 8);
    int attribute = at + StunReader.HEADER_BYTES;
    Bytes.put16(data, attribute, StunAttribute.XOR_PEER_ADDRESS);
    Bytes.put16(data, attribute + 2, valueBytes);
    putXorAddress(data, attribute + StunReader.ATTRIBUTE_HEADER_BYTES, at, peer, port);
    Bytes.put16(data, offset - 4, StunAttribute.DATA);
    Bytes.put16(data, offset - 2, lengthBytes);
    allocation.toClient(data, at, header + padded);
  }

  private static void putXorAddress(
      byte[] data, int valueAt, int messageAt, IpAddress peer, int port) {
    Bytes.put16(data, valueAt, peer.ipv6() ? IpAddress.IPV6_FAMILY : IpAddress.IPV4_FAMILY);
    Bytes.put16(data, valueAt + 2, port ^ StunReader.MAGIC_COOKIE >>> 16);
    if (peer.ipv6()) {
      Bytes.put64(data, valueAt + 4, peer.high() ^ Bytes.int64(data, messageAt + 4));
      Bytes.put64(data, valueAt + 12, peer.low() ^ Bytes.int64(data, messageAt + 12));
    } else {
      Bytes.put32(data, valueAt + 4, (int) peer.low() ^ StunReader.MAGIC_COOKIE);
    }
  }
}
