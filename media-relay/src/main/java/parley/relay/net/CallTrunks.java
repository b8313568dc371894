package parley.relay.net;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import parley.relay.Drop;
import parley.relay.api.CallId;
import parley.relay.api.TrunkLine;
import parley.relay.srtp.PacketBuffer;
import parley.relay.trunk.Trunk;
import parley.relay.trunk.TrunkFrame;

/** One call's lines to the other relays that have legs of it. Owned by its {@link HostedCall}. */
final class CallTrunks {

  private static final Logger log = LoggerFactory.getLogger(CallTrunks.class);

  /** A call of ten thousand is on twenty nodes; each sends to all others. */
  static final int MOST = 64;

  /** One line: where it leads, and whose it is. */
  static final class Line {
    final HostedCall call;
    final TrunkLine told;
    final Trunk trunk;
    final UdpPort port;
    final Destination to;

    Line(HostedCall call, TrunkLine told, UdpPort port, Destination to) {
      this.call = call;
      this.told = told;
      this.trunk = new Trunk(told);
      this.port = port;
      this.to = to;
    }
  }

  private final CallId id;
  private final HostedCall call;
  private final LoopParts parts;
  private final Map<String, Line> lines = new HashMap<>();
  private final PacketBuffer datagram = new PacketBuffer();
  private final PacketBuffer opened = new PacketBuffer();
  private final TrunkFrame frame = new TrunkFrame();

  CallTrunks(CallId id, HostedCall call, LoopParts parts) {
    this.id = id;
    this.call = call;
    this.parts = parts;
  }

  boolean isEmpty() {
    return lines.isEmpty();
  }

  /** A line to another relay, instead of one to the same, if there is one. */
  void link(TrunkLine line) {
    Line before = lines.get(line.far());
    if (before != null && before.told.equals(line)) {
      return; // said twice: begun anew, it would use numbers a second time with the same key
    }
    unlink(line.far());
    Line made = lines.size() < MOST ? line(line) : null;
    if (made == null || !parts.trunks().add(made)) {
      log.warn("call {} has no way to relay {}", id.shortForm(), line.far());
      return;
    }
    lines.put(line.far(), made);
    log.info("call {} is on relay {} as well", id.shortForm(), line.far());
  }

  private @Nullable Line line(TrunkLine line) {
    for (TrunkLine.Address address : line.addresses()) {
      InetSocketAddress remote = literal(address);
      UdpPort port = remote == null ? null : parts.ports().towards(remote.getAddress());
      if (remote != null && port != null) {
        return new Line(call, line, port, new Destination(remote));
      }
    }
    return null;
  }

  /** Another node says so, and nodes are believed; a name is looked up for nobody. */
  private static @Nullable InetSocketAddress literal(TrunkLine.Address address) {
    try {
      return new InetSocketAddress(InetAddress.ofLiteral(address.ip()), address.port());
    } catch (IllegalArgumentException e) {
      return null;
    }
  }

  void unlink(String far) {
    Line line = lines.remove(far);
    if (line != null) {
      parts.trunks().remove(line);
    }
  }

  void close() {
    lines.values().forEach(parts.trunks()::remove);
    lines.clear();
  }

  /** Sends a frame to every other relay, once each. */
  void send(PacketBuffer plain) {
    for (Line line : lines.values()) {
      if (line.trunk.seal(plain, datagram)) {
        line.port.send(datagram.data, 0, datagram.length, line.to);
        parts.meter().trunkSent();
      } else {
        parts.meter().drop(Drop.TOO_BIG);
      }
    }
  }

  /** The frame in a datagram; null when it is forged, old or none. */
  @Nullable TrunkFrame open(Line line, PacketBuffer received) {
    if (!line.trunk.open(received, opened) || !frame.wrap(opened)) {
      parts.meter().drop(Drop.TRUNK_REFUSED);
      return null;
    }
    parts.meter().trunkReceived();
    return frame;
  }
}
