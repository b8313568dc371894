package parley.relay.net;

import io.netty.channel.EventLoop;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import parley.relay.LoopMeter;
import parley.relay.api.IceCandidate;
import parley.relay.api.RelayConfig;
import parley.relay.api.TrunkLine;

/** One media loop's UDP port, on each of the addresses it is bound at. Owned by the loop. */
final class LoopPorts {

  private static final Logger log = LoggerFactory.getLogger(LoopPorts.class);

  /** Lower ones are for the system's own services (Linux, ip(7)). */
  private static final int FIRST_UNPRIVILEGED = 1024;

  private final List<UdpPort> ports;
  private final List<InetSocketAddress> shown;

  private LoopPorts(List<UdpPort> ports, List<InetSocketAddress> shown) {
    this.ports = List.copyOf(ports);
    this.shown = List.copyOf(shown);
  }

  /**
   * Binds one port number on every address. Any thread but the loop's.
   *
   * @param portNumber 0: a free one at each address
   * @throws PortUnavailable naming address, port, setting and remedy; nothing stays bound
   */
  static LoopPorts bind(
      RelayConfig config,
      int portNumber,
      UdpTransport transport,
      EventLoop loop,
      UdpReceiver receiver,
      LoopMeter meter,
      RelayedPeers relayed) {
    List<UdpPort> bound = new ArrayList<>();
    ReceiveBatch received = new ReceiveBatch();
    try {
      for (InetAddress address : LocalAddresses.toBind(config)) {
        InetSocketAddress local = new InetSocketAddress(address, portNumber);
        try {
          bound.add(UdpPort.bind(transport, loop, local, receiver, meter, relayed, received));
        } catch (PortUnavailable e) {
          if (!mayDoWithout(config, local)) {
            throw explained(local, e);
          }
          // A discovered address can vanish, or still be tentative (RFC 4862), as we bind it.
          log.warn("one discovered address cannot be bound: {}", reason(e));
        }
      }
      if (bound.isEmpty()) {
        throw new PortUnavailable(
            "None of this machine's addresses can be bound: name the right ones in"
                + " media.addresses.");
      }
      busyPoll(bound, received, config.tuning().busyPollUs());
      return new LoopPorts(bound, shown(config, bound));
    } catch (PortUnavailable e) {
      bound.forEach(port -> port.close().awaitUninterruptibly());
      throw e;
    }
  }

  private static void busyPoll(List<UdpPort> bound, ReceiveBatch received, int us) {
    for (UdpPort port : bound) {
      if (us > 0 && !port.busyPoll(received.kernel(), us)) {
        log.info("{} is polled by its loop alone: the kernel refuses SO_BUSY_POLL", port.local());
        return;
      }
    }
  }

  private static boolean mayDoWithout(RelayConfig config, InetSocketAddress local) {
    return config.addresses().isEmpty() && !isAnotherPortFree(local.getAddress());
  }

  private static PortUnavailable explained(InetSocketAddress local, PortUnavailable e) {
    String address = local.getAddress().getHostAddress();
    int port = local.getPort();
    String sentence;
    if (!isAnotherPortFree(local.getAddress())) {
      sentence =
          "UDP at %s cannot be bound (%s): name addresses that this machine has in media.addresses, or leave it empty to use all."
              .formatted(address, reason(e));
    } else if (port < FIRST_UNPRIVILEGED) {
      sentence =
          "UDP port %d on %s cannot be bound (%s): set media.port to one that this user may bind, from %d up."
              .formatted(port, address, reason(e), FIRST_UNPRIVILEGED);
    } else {
      sentence =
          "UDP port %d on %s is in use by another process: stop that one (ss -ulnp shows it), or set media.port to the first of a range of free ports, one for each media loop."
              .formatted(port, address);
    }
    return new PortUnavailable(sentence, e);
  }

  /**
   * Tells a port that cannot be had from an address that cannot. The system's reason would, too,
   * but comes in the language of whoever started us.
   */
  private static boolean isAnotherPortFree(InetAddress address) {
    try (DatagramSocket _ = new DatagramSocket(new InetSocketAddress(address, 0))) {
      return true;
    } catch (SocketException e) {
      return false;
    }
  }

  private static String reason(PortUnavailable e) {
    Throwable cause = e.getCause() == null ? e : e.getCause();
    return String.valueOf(cause.getMessage());
  }

  /** What clients are told: see {@link RelayConfig}. */
  private static List<InetSocketAddress> shown(RelayConfig config, List<UdpPort> bound) {
    List<InetAddress> instead = LocalAddresses.toAdvertise(config);
    List<InetSocketAddress> shown = new ArrayList<>();
    for (InetAddress address : instead) {
      shown.add(new InetSocketAddress(address, bound.getFirst().local().getPort()));
    }
    for (UdpPort port : bound) {
      boolean asked = config.loopback() && port.local().getAddress().isLoopbackAddress();
      if (instead.isEmpty() || asked) {
        shown.add(port.local());
      }
    }
    return shown.stream().distinct().toList();
  }

  /** Begins to read. */
  void start() {
    ports.forEach(UdpPort::start);
  }

  /** The port's candidates for one media section, loopback last. */
  List<IceCandidate> candidates(int mlineIndex) {
    return HostCandidates.of(shown, mlineIndex);
  }

  List<InetSocketAddress> bound() {
    return ports.stream().map(UdpPort::local).toList();
  }

  /** A socket from which this address may be reached: of its family, loopback to loopback. */
  @Nullable UdpPort towards(InetAddress remote) {
    UdpPort best = null;
    for (UdpPort port : ports) {
      InetAddress local = port.local().getAddress();
      if (local.getClass() != remote.getClass()) {
        continue;
      }
      if (local.isLoopbackAddress() == remote.isLoopbackAddress()) {
        return port;
      }
      best = best == null ? port : best;
    }
    return best;
  }

  /** Where other relays reach this port. */
  List<TrunkLine.Address> addresses() {
    return shown.stream()
        .map(at -> new TrunkLine.Address(at.getAddress().getHostAddress(), at.getPort()))
        .toList();
  }

  /** The socket bound at this local address. */
  @Nullable UdpPort at(InetSocketAddress local) {
    for (UdpPort port : ports) {
      if (port.local().equals(local)) {
        return port;
      }
    }
    return null;
  }

  /** The least receive buffer the kernel gave, in bytes, its own overhead left out. */
  int receiveBufferBytes() {
    return ports.stream().mapToInt(UdpPort::receiveBufferBytes).min().orElse(0);
  }

  void flush() {
    for (int i = 0; i < ports.size(); i++) {
      ports.get(i).flush();
    }
  }

  /** Any thread. */
  void close() {
    for (UdpPort port : ports) {
      var _ = port.close();
    }
  }
}
