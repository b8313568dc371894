package parley.relay.net;

import io.micrometer.core.instrument.MeterRegistry;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import parley.relay.RecordingMetrics;
import parley.relay.RelayMetrics;
import parley.relay.api.MediaRelay;
import parley.relay.api.RecordingHealth;
import parley.relay.api.RelayCommand;
import parley.relay.api.RelayConfig;
import parley.relay.api.RelayEvent;
import parley.relay.dtls.BcDtlsDriver;
import parley.relay.dtls.DtlsCertificate;
import parley.relay.mix.Announcement;
import parley.relay.recording.Recorder;
import parley.relay.stun.Ice4jStunCodec;
import parley.relay.stun.StunCodec;
import parley.relay.turn.OwnMedia;

/** The relay in this process, on UDP ports of this machine. */
public final class InProcessRelay implements MediaRelay {

  private static final Logger log = LoggerFactory.getLogger(InProcessRelay.class);

  private final OwnMedia ownMedia;
  private final RelayMetrics metrics;
  private final BcDtlsDriver dtls;
  private final Recorder recorder;
  private final MixerThreads mixers;
  private final MediaLoops loops;
  private final AtomicBoolean closed = new AtomicBoolean();

  /**
   * Binds the ports and is ready.
   *
   * @param recorder is the relay's from now on, and closed with it; its events go their own way
   * @param events called on the media loops' threads; must not block
   * @throws PortUnavailable when a port cannot be had, naming the setting to change
   */
  public InProcessRelay(
      RelayConfig config, Recorder recorder, MeterRegistry registry, Consumer<RelayEvent> events) {
    this(config, recorder, registry, events, null);
  }

  /**
   * Binds the ports and is ready.
   *
   * @param notice what participants of a recorded call hear; null: a tone
   */
  public InProcessRelay(
      RelayConfig config,
      Recorder recorder,
      MeterRegistry registry,
      Consumer<RelayEvent> events,
      @Nullable Announcement notice) {
    this(config, recorder, registry, events, notice, UdpTransport.best(), new Ice4jStunCodec());
  }

  InProcessRelay(
      RelayConfig config,
      Recorder recorder,
      MeterRegistry registry,
      Consumer<RelayEvent> events,
      UdpTransport transport,
      StunCodec stun) {
    this(config, recorder, registry, events, null, transport, stun);
  }

  private InProcessRelay(
      RelayConfig config,
      Recorder recorder,
      MeterRegistry registry,
      Consumer<RelayEvent> events,
      @Nullable Announcement notice,
      UdpTransport transport,
      StunCodec stun) {
    this.metrics = new RelayMetrics(registry);
    this.recorder = recorder;
    RecordingMetrics.register(registry, recorder.meter());
    RelayedPeers relayed = new RelayedPeers(LocalAddresses.toAdvertise(config), config.loopback());
    DtlsCertificate certificate = DtlsCertificate.create();
    this.dtls = new BcDtlsDriver(certificate, config.handshakes());
    this.mixers = new MixerThreads(Runtime.getRuntime().availableProcessors());
    RelayParts parts =
        new RelayParts(
            config,
            stun,
            dtls,
            certificate.fingerprint(),
            new SecureRandom(),
            relayed,
            recorder,
            mixers,
            notice == null ? NoticeSound.tone() : NoticeSound.of(notice),
            event -> tell(events, event));
    try {
      this.loops = new MediaLoops(parts, transport, metrics);
    } catch (PortUnavailable e) {
      dtls.close();
      mixers.close();
      throw e;
    }
    this.ownMedia = new MediaPorts(loops.all(), LocalAddresses.toAdvertise(config), relayed);
    dtls.warm();
  }

  @Override
  public boolean submit(RelayCommand command) {
    boolean taken = !closed.get() && loops.submit(command);
    if (!taken) {
      metrics.commandRefused();
    }
    return taken;
  }

  @Override
  public RecordingHealth recordingHealth() {
    return recorder.health();
  }

  /** How late the latest of the media loops was of late. Any thread. */
  public Duration loopLag() {
    return metrics.lag();
  }

  /** Devices in calls. */
  public long peers() {
    return metrics.peers();
  }

  /** For how long a media loop has done nothing at all; each does something every 20 ms. */
  public Duration loopSilence() {
    return metrics.silence();
  }

  @Override
  public void close() {
    if (!closed.compareAndSet(false, true)) {
      return;
    }
    loops.close();
    mixers.close();
    dtls.close();
    recorder.close();
  }

  /**
   * The addresses that a relay with these settings binds.
   *
   * @throws PortUnavailable when there are none
   */
  public static List<InetAddress> addresses(RelayConfig config) {
    return LocalAddresses.toBind(config);
  }

  /** The media ports, for a TURN server of this node. */
  public OwnMedia ownMedia() {
    return ownMedia;
  }

  /** Local addresses of all media ports. */
  List<InetSocketAddress> bound() {
    return loops.bound();
  }

  /** How many remote addresses have proved to be a peer's. */
  int addressesKnown() {
    return loops.addressesKnown();
  }

  /** Calls that commands still find a loop for. */
  int placedCalls() {
    return loops.placed();
  }

  RelayMetrics metrics() {
    return metrics;
  }

  /** What goes wrong beyond the relay is not the call's fault. */
  private static void tell(Consumer<RelayEvent> events, RelayEvent event) {
    try {
      events.accept(event);
    } catch (RuntimeException e) {
      log.error("nobody took {}", event, e);
    }
  }
}
