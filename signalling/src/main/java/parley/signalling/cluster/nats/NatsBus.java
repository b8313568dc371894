package parley.signalling.cluster.nats;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.nats.client.AuthHandler;
import io.nats.client.Connection;
import io.nats.client.ConnectionListener;
import io.nats.client.Consumer;
import io.nats.client.Dispatcher;
import io.nats.client.ErrorListener;
import io.nats.client.Message;
import io.nats.client.Nats;
import io.nats.client.Options;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import parley.signalling.cluster.Bus;
import parley.signalling.cluster.BusUnavailable;
import parley.signalling.cluster.Leases;

/**
 * The bus on NATS. Connects by itself, at the start as after every outage; nothing is kept for
 * later: what cannot be said now is lost, and whoever said it knows.
 */
public final class NatsBus implements Bus {

  private static final Logger log = LoggerFactory.getLogger(NatsBus.class);

  /** What our own thread may leave lying: some seconds of the highest rate measured. */
  private static final int MAX_WAITING = 8_192;

  private static final long MAX_WAITING_BYTES = 64L << 20;

  /** A server that is cut off without a word is found out within three of them. */
  private static final Duration PING = Duration.ofSeconds(1);

  private static final Duration RECONNECT = Duration.ofMillis(200);

  private record Listener(String subject, java.util.function.Consumer<Received> handler) {}

  private final NatsLeases leases;
  private final List<Listener> listeners = new ArrayList<>(); // guarded by itself
  private final Counter lost;
  private volatile @Nullable Connection connection;
  private @Nullable Dispatcher dispatcher; // guarded by listeners
  private volatile boolean closed;

  private NatsBus(NatsSettings settings, MeterRegistry metrics) {
    this.leases = new NatsLeases(settings, () -> connection);
    this.lost = metrics.counter("parley.cluster.bus.lost");
    Gauge.builder("parley.cluster.bus.up", this, bus -> bus.isUp() ? 1 : 0).register(metrics);
  }

  /**
   * Begins to connect, and returns at once: a node serves what it can while NATS is away.
   *
   * @throws IOException with a sentence, when the credentials cannot be used
   */
  public static NatsBus open(NatsSettings settings, MeterRegistry metrics)
      throws IOException, InterruptedException {
    var bus = new NatsBus(settings, metrics);
    Options.Builder options =
        new Options.Builder()
            .servers(settings.urls().toArray(String[]::new))
            .connectionName("parley " + settings.name())
            .maxReconnects(-1)
            .reconnectWait(RECONNECT)
            .reconnectJitter(RECONNECT)
            .reconnectJitterTls(RECONNECT)
            .connectionTimeout(Duration.ofSeconds(2))
            .pingInterval(PING)
            .maxPingsOut(2)
            .reconnectBufferSize(0)
            .discardMessagesWhenOutgoingQueueFull()
            .connectionListener(bus.new Changes())
            .errorListener(bus.new Faults());
    AuthHandler who = who(settings);
    if (who != null) {
      options.authHandler(who);
    }
    settings.tls().ifPresent(options::sslContext);
    Nats.connectAsynchronously(options.build(), true);
    return bus;
  }

  private static @Nullable AuthHandler who(NatsSettings settings) throws IOException {
    try {
      if (!settings.credentials().isEmpty()) {
        AuthHandler handler = Nats.credentials(settings.credentials());
        handler.getID(); // reads the file
        return handler;
      }
      return settings.seed().isEmpty()
          ? null
          : Nats.staticCredentials(null, settings.seed().toCharArray());
    } catch (RuntimeException e) {
      throw new IOException("the credentials for NATS cannot be used: " + e.getMessage(), e);
    }
  }

  @Override
  public boolean publish(String subject, String text) {
    Connection nats = connection;
    if (nats == null || closed) {
      return false;
    }
    try {
      nats.publish(subject, text.getBytes(StandardCharsets.UTF_8));
      return true;
    } catch (IllegalStateException e) {
      lost.increment(); // not connected, or too much waits
      return false;
    } catch (IllegalArgumentException e) {
      lost.increment();
      log.error("{} characters cannot be sent over NATS: {}", text.length(), e.getMessage());
      return false;
    }
  }

  @Override
  public void subscribe(String subject, java.util.function.Consumer<Received> handler) {
    var listener = new Listener(subject, handler);
    synchronized (listeners) {
      listeners.add(listener);
      if (dispatcher != null) {
        listen(dispatcher, listener);
      }
    }
  }

  private void listen(Dispatcher on, Listener listener) {
    on.subscribe(listener.subject, message -> receive(listener, message));
  }

  private void receive(Listener listener, Message message) {
    var text = new String(message.getData(), StandardCharsets.UTF_8);
    String replyTo = message.getReplyTo();
    try {
      listener.handler.accept(
          new Received() {
            @Override
            public String text() {
              return text;
            }

            @Override
            public void reply(String answer) {
              if (replyTo != null) {
                publish(replyTo, answer);
              }
            }
          });
    } catch (RuntimeException e) {
      log.error("a defect while handling {}", listener.subject, e);
    }
  }

  @Override
  public CompletableFuture<String> request(String subject, String text, Duration deadline) {
    Connection nats = connection;
    if (nats == null || closed) {
      return CompletableFuture.failedFuture(new BusUnavailable("NATS is away"));
    }
    try {
      return nats.requestWithTimeout(subject, text.getBytes(StandardCharsets.UTF_8), deadline)
          .thenApply(NatsBus::answer)
          .exceptionallyCompose(
              e -> CompletableFuture.failedFuture(new BusUnavailable("no answer in time", e)));
    } catch (IllegalStateException | IllegalArgumentException e) {
      return CompletableFuture.failedFuture(new BusUnavailable("not sent: " + e.getMessage(), e));
    }
  }

  private static String answer(Message message) {
    if (message.isStatusMessage()) {
      throw new BusUnavailable("nobody listens");
    }
    return new String(message.getData(), StandardCharsets.UTF_8);
  }

  @Override
  public Leases leases() {
    return leases;
  }

  @Override
  public boolean isUp() {
    Connection nats = connection;
    return nats != null && nats.getStatus() == Connection.Status.CONNECTED;
  }

  @Override
  public void close() {
    leases.close();
    closed = true;
    Connection nats = connection;
    if (nats != null) {
      try {
        nats.flush(Duration.ofMillis(500)); // a good-bye may be on its way
      } catch (Exception e) {
        log.debug("NATS does not take leave: {}", e.toString());
      }
      close(nats);
    }
  }

  private static void close(Connection nats) {
    try {
      nats.close();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Runs on threads of the library. */
  private final class Changes implements ConnectionListener {
    @Override
    public void connectionEvent(Connection nats, Events type) {
      switch (type) {
        case CONNECTED, RECONNECTED -> {
          log.info("NATS is there");
          leases.connected();
          begin(nats);
        }
        case DISCONNECTED -> log.warn("NATS is away: running calls run on");
        default -> log.debug("NATS: {}", type);
      }
    }

    private void begin(Connection nats) {
      if (closed) {
        close(nats);
        return;
      }
      synchronized (listeners) {
        if (dispatcher != null) {
          return; // the library itself subscribes again
        }
        connection = nats;
        Dispatcher made = nats.createDispatcher();
        made.setPendingLimits(MAX_WAITING, MAX_WAITING_BYTES);
        dispatcher = made;
        listeners.forEach(listener -> listen(made, listener));
      }
    }
  }

  private final class Faults implements ErrorListener {
    @Override
    public void errorOccurred(Connection nats, String error) {
      log.warn("NATS says: {}", error);
    }

    @Override
    public void exceptionOccurred(Connection nats, Exception e) {
      log.debug("NATS: {}", e.toString());
    }

    @Override
    public void slowConsumerDetected(Connection nats, Consumer consumer) {
      lost.increment();
      log.warn("what other nodes say comes faster than it is dealt with; some of it is lost");
    }

    @Override
    public void messageDiscarded(Connection nats, Message message) {
      lost.increment();
    }
  }
}
