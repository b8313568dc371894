package parley.relay.net;

import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import parley.relay.RelayMetrics;
import parley.relay.api.CallId;
import parley.relay.api.LoopTuning;
import parley.relay.api.RelayCommand;
import parley.relay.api.RelayConfig;

/** The media loops, and which call is on which. Any thread. */
final class MediaLoops {

  private static final Logger log = LoggerFactory.getLogger(MediaLoops.class);

  private static final int HIGHEST_PORT = 65_535;

  private final EventLoopGroup threads;
  private final List<MediaLoop> loops = new ArrayList<>();
  private final Map<MediaLoop, AtomicInteger> load = new ConcurrentHashMap<>();
  private final Map<CallId, Placement> placed = new ConcurrentHashMap<>();

  /**
   * Where a call is. It stays while any of its Opens has not ended: one may follow so closely on a
   * Close that the loop has seen neither. Changed inside the map's own methods only.
   */
  private static final class Placement {
    final MediaLoop loop;
    int opens;

    Placement(MediaLoop loop) {
      this.loop = loop;
    }
  }

  /**
   * @throws PortUnavailable when a port cannot be had; nothing stays bound then
   */
  MediaLoops(RelayParts relay, UdpTransport transport, RelayMetrics metrics) {
    RelayConfig config = relay.config();
    int count = config.loops() == 0 ? Runtime.getRuntime().availableProcessors() : config.loops();
    if (config.basePort() + count - 1 > HIGHEST_PORT) {
      throw new PortUnavailable(
          "media.port %d leaves no room for %d media loops, each with a port of its own: the highest port is %d."
              .formatted(config.basePort(), count, HIGHEST_PORT));
    }
    LoopTuning tuning = config.tuning();
    long busyPollNs = TimeUnit.MICROSECONDS.toNanos(tuning.busyPollUs());
    this.threads =
        new MultiThreadIoEventLoopGroup(
            count,
            new DefaultThreadFactory("media-loop"),
            busyPollNs == 0 ? transport.ioHandlers() : transport.busyIoHandlers(busyPollNs));
    try {
      for (int i = 0; i < count; i++) {
        EventLoop thread = threads.next();
        int processor = tuning.processor(i);
        if (processor >= 0) {
          thread.execute(() -> ProcessorPin.keepHere(processor));
        }
        int port = config.basePort() == 0 ? 0 : config.basePort() + i;
        MediaLoop loop =
            new MediaLoop(thread, transport, port, relay, metrics.loop(i), this::ended);
        loops.add(loop);
        load.put(loop, new AtomicInteger());
      }
    } catch (PortUnavailable e) {
      close();
      throw e;
    }
    report(transport);
  }

  /** False when the call's loop is overloaded. */
  boolean submit(RelayCommand command) {
    if (command instanceof RelayCommand.Open open) {
      return open(open);
    }
    Placement placement = placed.get(command.call());
    return placement == null || placement.loop.submit(command);
  }

  private boolean open(RelayCommand.Open command) {
    Placement placement =
        placed.compute(command.call(), (_, at) -> opening(at == null ? place() : at));
    boolean taken = placement.loop.submit(command);
    if (!taken) {
      ended(command.call());
    }
    return taken;
  }

  private Placement place() {
    MediaLoop loop = leastLoaded();
    load(loop).incrementAndGet();
    return new Placement(loop);
  }

  private static Placement opening(Placement placement) {
    placement.opens++;
    return placement;
  }

  List<MediaLoop> all() {
    return List.copyOf(loops);
  }

  List<InetSocketAddress> bound() {
    return loops.stream().flatMap(loop -> loop.bound().stream()).toList();
  }

  int addressesKnown() {
    return loops.stream().mapToInt(MediaLoop::addressesKnown).sum();
  }

  int placed() {
    return placed.size();
  }

  void close() {
    loops.forEach(MediaLoop::close);
    threads.shutdownGracefully(0, 2, TimeUnit.SECONDS).awaitUninterruptibly();
  }

  /** The loop with the fewest calls. */
  private MediaLoop leastLoaded() {
    @Nullable MediaLoop least = null;
    int leastCalls = Integer.MAX_VALUE;
    for (MediaLoop loop : loops) {
      int calls = load(loop).get();
      if (calls < leastCalls) {
        least = loop;
        leastCalls = calls;
      }
    }
    if (least == null) {
      throw new IllegalStateException("a relay has at least one media loop");
    }
    return least;
  }

  /** One Open of the call has come to its end. */
  private void ended(CallId call) {
    placed.computeIfPresent(call, (_, at) -> --at.opens > 0 ? at : leave(at));
  }

  private @Nullable Placement leave(Placement placement) {
    load(placement.loop).decrementAndGet();
    return null;
  }

  private AtomicInteger load(MediaLoop loop) {
    return load.computeIfAbsent(loop, _ -> new AtomicInteger());
  }

  private void report(UdpTransport transport) {
    log.info(
        "{} media loops on {}, {} addresses each",
        loops.size(),
        transport,
        bound().size() / loops.size());
    int given = loops.stream().mapToInt(MediaLoop::receiveBufferBytes).min().orElse(0);
    if (given < UdpPort.SOCKET_BUFFER_BYTES) {
      log.warn(
          "the kernel gives sockets a buffer of {} KB instead of {} KB, so bursts may be lost:"
              + " raise net.core.rmem_max and net.core.wmem_max",
          given / 1024,
          UdpPort.SOCKET_BUFFER_BYTES / 1024);
    }
  }
}
