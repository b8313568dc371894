package parley.relay.net;

import io.micrometer.core.instrument.MeterRegistry;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import parley.relay.TurnMetrics;
import parley.relay.api.TurnConfig;
import parley.relay.api.WebBehind;
import parley.relay.turn.AddressBlock;
import parley.relay.turn.OwnMedia;
import parley.relay.turn.PeerPolicy;
import parley.relay.turn.PortRange;
import parley.relay.turn.RelayAddress;
import parley.relay.turn.TurnCredentials;
import parley.relay.turn.TurnMeter;
import parley.relay.turn.TurnSettings;

/** A TURN server on UDP, TCP and TLS ports of this machine. */
public final class TurnNode implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(TurnNode.class);

  /** Certificates are renewed days before they end; a minute is soon enough. */
  private static final long CERTIFICATE_S = 60;

  private static final long BITS = 8;
  private static final long KILO = 1000;

  private final EventLoopGroup threads;
  private final TurnLoop loop;
  private final TurnMeter meter;
  private final List<TurnPort> sockets = new ArrayList<>();
  private final List<TurnAcceptor> acceptors = new ArrayList<>();
  private @Nullable ScheduledExecutorService certificateWatch;
  private @Nullable MediaPorts ownMedia;

  /** With nothing behind the TLS port but TURN. */
  public TurnNode(TurnConfig config, OwnMedia media, MeterRegistry registry) {
    this(config, media, registry, null);
  }

  /**
   * Binds the ports and is ready.
   *
   * @param media this node's own media ports
   * @param web who gets the connections of the TLS port that speak HTTP; null: nobody
   * @throws PortUnavailable when a port, an address or a certificate cannot be had, naming the
   *     setting to change
   * @throws IllegalArgumentException with a sentence, when settings are no good together
   */
  public TurnNode(
      TurnConfig config, OwnMedia media, MeterRegistry registry, @Nullable WebBehind web) {
    this(config, media, registry, web, UdpTransport.best());
  }

  TurnNode(
      TurnConfig config,
      OwnMedia media,
      MeterRegistry registry,
      @Nullable WebBehind web,
      UdpTransport transport) {
    List<InetAddress> addresses =
        LocalAddresses.toBind(config.addresses(), config.loopback(), "turn.addresses");
    List<InetAddress> shown = LocalAddresses.toAdvertise(config.advertise(), "turn.advertise");
    TurnSettings settings = settings(config, addresses, shown, media.addresses());
    meter = TurnMetrics.register(registry);
    threads =
        new MultiThreadIoEventLoopGroup(
            1, new DefaultThreadFactory("turn"), transport.ioHandlers());
    loop = new TurnLoop(threads.next(), transport, settings, media, config.connections(), meter);
    try {
      listen(config, addresses, web, transport);
    } catch (PortUnavailable e) {
      close();
      throw e;
    }
    if (media instanceof MediaPorts ports) {
      ports.servedBy(loop);
      ownMedia = ports;
    }
    loop.start();
    log.info(
        "TURN on {} addresses: UDP and TCP {}, TLS {}, relaying on {} to {}",
        addresses.size(),
        config.port(),
        config.certificate().isEmpty() ? "off" : config.tlsPort(),
        config.firstRelayPort(),
        config.lastRelayPort());
  }

  private static TurnSettings settings(
      TurnConfig config,
      List<InetAddress> addresses,
      List<InetAddress> shown,
      Set<InetAddress> media) {
    List<RelayAddress> relayed = new ArrayList<>();
    Set<InetAddress> own = new HashSet<>(addresses);
    own.addAll(shown);
    own.addAll(media);
    for (boolean ipv4 : new boolean[] {true, false}) {
      InetAddress bind = first(addresses, ipv4);
      if (bind != null) {
        InetAddress outside = first(shown, ipv4);
        relayed.add(new RelayAddress(bind, outside == null ? bind : outside));
      }
    }
    return new TurnSettings(
        relayed,
        new PortRange(config.firstRelayPort(), config.lastRelayPort()),
        new TurnCredentials(config.realm(), config.users(), config.secrets()),
        new PeerPolicy(
            own,
            config.allowPeers().stream().map(AddressBlock::parse).toList(),
            config.denyPeers().stream().map(AddressBlock::parse).toList()),
        config.allocationsPerUser(),
        config.allocations(),
        config.kbitPerSecondPerUser() * KILO / BITS,
        config.kbitPerSecond() * KILO / BITS,
        config.mobility());
  }

  private static @Nullable InetAddress first(List<InetAddress> addresses, boolean ipv4) {
    for (InetAddress address : addresses) {
      if (address instanceof Inet4Address == ipv4) {
        return address;
      }
    }
    return null;
  }

  private void listen(
      TurnConfig config,
      List<InetAddress> addresses,
      @Nullable WebBehind web,
      UdpTransport transport) {
    List<AddressBlock> proxies = config.proxies().stream().map(AddressBlock::parse).toList();
    var plain = new TurnAcceptor.Arrivals(loop, transport, proxies, null, null);
    for (InetAddress address : addresses) {
      InetSocketAddress local = new InetSocketAddress(address, config.port());
      try {
        sockets.add(loop.listen(local));
        acceptors.add(TurnAcceptor.listen(loop, transport, local, plain));
      } catch (PortUnavailable e) {
        throw explained(local, "turn.port", e);
      }
    }
    if (config.certificate().isEmpty() || config.tlsPort() == 0) {
      return;
    }
    ServerCertificate certificate =
        new ServerCertificate(Path.of(config.certificate()), Path.of(config.key()));
    var secured = new TurnAcceptor.Arrivals(loop, transport, proxies, certificate, web);
    for (InetAddress address : addresses) {
      InetSocketAddress local = new InetSocketAddress(address, config.tlsPort());
      try {
        acceptors.add(TurnAcceptor.listen(loop, transport, local, secured));
      } catch (PortUnavailable e) {
        throw explained(local, "turn.tls_port", e);
      }
    }
    var watch =
        Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("turn-certificate").factory());
    var _ =
        watch.scheduleWithFixedDelay(
            certificate::refresh, CERTIFICATE_S, CERTIFICATE_S, TimeUnit.SECONDS);
    certificateWatch = watch;
  }

  private static PortUnavailable explained(InetSocketAddress local, String key, PortUnavailable e) {
    Throwable cause = e.getCause() == null ? e : e.getCause();
    return new PortUnavailable(
        "%s port %d cannot be bound (%s): stop the process that has it (ss -lnp shows it), name an address of this machine in turn.addresses, or set %s to a free port."
            .formatted(
                local.getAddress().getHostAddress(), local.getPort(), cause.getMessage(), key),
        e);
  }

  public boolean hasTls() {
    return certificateWatch != null;
  }

  /** What it counts. */
  public TurnMeter meter() {
    return meter;
  }

  /** Ends all allocations and closes all ports. Returns when done. */
  @Override
  public void close() {
    ScheduledExecutorService watch = certificateWatch;
    if (watch != null) {
      watch.shutdownNow();
    }
    MediaPorts ports = ownMedia;
    if (ports != null) {
      ports.servedBy(null);
    }
    acceptors.forEach(TurnAcceptor::close);
    loop.close(sockets);
    threads.shutdownGracefully(0, 2, TimeUnit.SECONDS).awaitUninterruptibly();
  }
}
