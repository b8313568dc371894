package parley.signalling.webhook;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import org.h2.mvstore.MVStoreException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import parley.relay.api.CallId;
import parley.signalling.session.CallEvent;
import parley.signalling.session.CallEvents;
import parley.signalling.wire.TeamId;
import parley.signalling.wire.WireMapper;

/**
 * Tells other servers of calls. One thread owns the outbox and all that is to be sent; an event is
 * on disk before it is sent, some milliseconds after it happened.
 */
public final class Webhooks implements CallEvents, AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(Webhooks.class);

  /**
   * Events between the calls' thread and ours: seconds of the greatest load, or a disk's hiccup.
   */
  static final int INBOX = 10_000;

  /** Inputs handled between two writes to disk. */
  private static final int BATCH = 256;

  /** When a node stops, what happened last is worth one attempt before it is left to the next. */
  private static final Duration FAREWELL = Duration.ofSeconds(2);

  /** A full disk is no reason to be busy. */
  private static final Duration DISK_PAUSE = Duration.ofSeconds(5);

  private static final Duration STOP = Duration.ofSeconds(10);

  /**
   * @param folder of the outbox
   * @param maxBytes about how much the outbox holds; beyond it, events are dropped
   */
  public record Settings(
      Path folder, long maxBytes, RetryTimes times, List<WebhookEndpoint> endpoints) {
    public Settings {
      endpoints = List.copyOf(endpoints);
      Set<String> names = endpoints.stream().map(WebhookEndpoint::name).collect(Collectors.toSet());
      if (names.size() < endpoints.size()) {
        throw new IllegalArgumentException("two endpoints have the same name");
      }
    }
  }

  private sealed interface Input {}

  private record Happened(CallEvent event) implements Input {}

  private record Landed(Delivery delivery, long number, Outcome outcome) implements Input {}

  /** Wakes the thread. */
  private record Stop() implements Input {}

  private final JsonMapper json = WireMapper.create();
  private final Settings settings;
  private final InstantSource clock;
  private final Poster poster;
  private final List<Delivery> deliveries;
  private final Counter lost;
  private final LinkedBlockingQueue<Input> inbox = new LinkedBlockingQueue<>();
  private final AtomicInteger events = new AtomicInteger();
  private final Rarely complaints = new Rarely(Duration.ofMinutes(1));
  private final Thread thread = new Thread(this::run, "webhooks");
  private volatile boolean stopping;
  private @Nullable Outbox outbox;
  private @Nullable OpenCalls openCalls;

  private Webhooks(Settings settings, InstantSource clock, MeterRegistry metrics) {
    this.settings = settings;
    this.clock = clock;
    this.poster = new Poster(settings.times().timeout());
    this.lost = metrics.counter("parley.webhooks.lost");
    List<Delivery> all = new ArrayList<>();
    for (WebhookEndpoint endpoint : settings.endpoints()) {
      all.add(delivery(endpoint, metrics));
    }
    this.deliveries = List.copyOf(all);
  }

  /**
   * Opens the outbox and goes on with what an earlier process has left in it.
   *
   * @throws IOException with a sentence, when the outbox cannot be had
   */
  public static Webhooks start(Settings settings, InstantSource clock, MeterRegistry metrics)
      throws IOException {
    var webhooks = new Webhooks(settings, clock, metrics);
    try {
      webhooks.tellBrokenOff(webhooks.open());
    } catch (IOException e) {
      webhooks.poster.close();
      throw e;
    }
    webhooks.thread.start();
    return webhooks;
  }

  private Delivery delivery(WebhookEndpoint endpoint, MeterRegistry metrics) {
    Delivery[] self = new Delivery[1];
    self[0] =
        new Delivery(
            endpoint,
            settings.times(),
            RandomGenerator.getDefault(),
            clock,
            poster,
            (number, outcome) -> inbox.add(new Landed(self[0], number, outcome)),
            metrics);
    return self[0];
  }

  @Override
  public void happened(CallEvent event) {
    if (events.incrementAndGet() > INBOX) {
      events.decrementAndGet();
      lost.increment();
      log.error("webhooks cannot keep up: an event of call {} is lost", event.uid().shortForm());
      return;
    }
    inbox.add(new Happened(event));
  }

  /** Puts everything on disk, gives receivers a moment, and ends. */
  @Override
  public void close() throws InterruptedException {
    stopping = true;
    inbox.add(new Stop());
    thread.join(STOP.toMillis());
    poster.close();
    if (thread.isAlive()) {
      log.error("the outbox is not closed after {} s: the disk does not answer", STOP.toSeconds());
    }
  }

  // --- the thread

  private Outbox open() throws IOException {
    Outbox opened =
        Outbox.open(
            settings.folder(),
            settings.endpoints().stream().map(WebhookEndpoint::name).toList(),
            settings.maxBytes());
    outbox = opened;
    openCalls = new OpenCalls(opened, json);
    long nowNs = System.nanoTime();
    for (Delivery delivery : deliveries) {
      delivery.load(opened, nowNs);
    }
    return opened;
  }

  /** The process before was killed while these calls ran. */
  private void tellBrokenOff(Outbox open) {
    if (openCalls == null) {
      return;
    }
    openCalls
        .takeBrokenOff()
        .forEach(
            (uid, body) -> {
              var team = new TeamId(body.at("/data/team").textValue());
              send(WebhookType.CALL_FINISHED, team, new CallId(uid), body, open, System.nanoTime());
            });
    open.save();
  }

  private void run() {
    try {
      while (!stopping) {
        workOrReopen();
      }
      long untilNs = System.nanoTime() + FAREWELL.toNanos();
      while (outbox != null && System.nanoTime() < untilNs && !isIdle()) {
        turn(outbox, untilNs);
      }
    } catch (InterruptedException e) {
      log.error("nobody interrupts this thread", e);
    } catch (RuntimeException e) {
      log.error("webhooks end with a defect; what waits is sent after a restart", e);
    } finally {
      closeOutbox();
    }
  }

  /** A disk that fails, or a defect, must not end what is told of calls: begin anew, from disk. */
  private void workOrReopen() throws InterruptedException {
    try {
      Outbox open = outbox;
      if (open == null) {
        open = open();
        log.info("the outbox is open again");
      }
      turn(open, Long.MAX_VALUE);
    } catch (IOException | RuntimeException e) {
      log.error("the outbox failed; trying again in {} s", DISK_PAUSE.toSeconds(), e);
      closeOutbox();
      pause();
    }
  }

  /** Waits until somebody stops us, or the time is up. */
  private void pause() {
    long untilNs = System.nanoTime() + DISK_PAUSE.toNanos();
    while (!stopping && System.nanoTime() < untilNs) {
      LockSupport.parkNanos(this, TimeUnit.MILLISECONDS.toNanos(100));
    }
  }

  private void closeOutbox() {
    try {
      if (outbox != null) {
        outbox.close();
      }
    } catch (MVStoreException e) {
      log.debug("the outbox did not close in order", e);
    }
    outbox = null;
  }

  private boolean isIdle() {
    long nowNs = System.nanoTime();
    return inbox.isEmpty() && deliveries.stream().allMatch(delivery -> delivery.idle(nowNs));
  }

  private void turn(Outbox open, long latestNs) throws InterruptedException {
    long untilNs = latestNs;
    for (Delivery delivery : deliveries) {
      untilNs = Math.min(untilNs, delivery.nextDeadlineNs());
    }
    long heartbeatNs = OpenCalls.HEARTBEAT.toNanos();
    long waitNs =
        untilNs == Long.MAX_VALUE
            ? heartbeatNs
            : Math.clamp(untilNs - System.nanoTime(), 0, heartbeatNs);
    List<Input> batch = new ArrayList<>();
    Input first = inbox.poll(waitNs, TimeUnit.NANOSECONDS);
    if (first != null) {
      batch.add(first);
      inbox.drainTo(batch, BATCH - 1);
    }
    long nowNs = System.nanoTime();
    for (Input input : batch) {
      switch (input) {
        case Happened happened -> {
          events.decrementAndGet();
          onEvent(happened.event(), open, nowNs);
        }
        case Landed landed ->
            landed.delivery().landed(landed.number(), landed.outcome(), open, nowNs);
        case Stop stop -> log.debug("stopping");
      }
    }
    if (openCalls != null) {
      openCalls.beat(clock.instant());
    }
    open.save(); // before anything of it is sent
    for (Delivery delivery : deliveries) {
      delivery.work(open, nowNs);
    }
    open.save();
  }

  private void onEvent(CallEvent event, Outbox open, long nowNs) {
    for (WebhookBody body : WebhookBody.of(event)) {
      send(body.type(), body.data().team(), event.uid(), body, open, nowNs);
    }
    if (openCalls != null && deliveries.stream().anyMatch(each -> each.wantsEnd(event))) {
      openCalls.note(event);
    }
  }

  private void send(
      WebhookType type, TeamId team, CallId call, Object body, Outbox open, long nowNs) {
    List<Delivery> wanting =
        deliveries.stream().filter(delivery -> delivery.wants(type, team)).toList();
    if (wanting.isEmpty()) {
      return;
    }
    Instant now = Instant.ofEpochMilli(clock.millis());
    var message = new WebhookMessage("msg_" + UUID.randomUUID(), type, call, now, write(body));
    long number = open.add(message, wanting.stream().map(Delivery::endpoint).toList());
    if (number == 0) {
      wanting.forEach(Delivery::lost);
      if (complaints.may(nowNs)) {
        log.error("the outbox is full: webhook events are dropped until receivers answer");
      }
    } else {
      wanting.forEach(delivery -> delivery.owe(number, message, nowNs));
    }
  }

  private String write(Object body) {
    try {
      return json.writeValueAsString(body);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("our own records are always JSON", e);
    }
  }
}
