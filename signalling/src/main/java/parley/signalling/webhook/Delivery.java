package parley.signalling.webhook;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiConsumer;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import parley.signalling.session.CallEvent;
import parley.signalling.wire.TeamId;

/** Brings one endpoint what it is owed. Owned by the {@link Webhooks} thread. */
final class Delivery {

  private static final Logger log = LoggerFactory.getLogger(Delivery.class);

  private final WebhookEndpoint endpoint;
  private final RetryTimes times;
  private final RandomGenerator random;
  private final InstantSource clock;
  private final Poster poster;
  private final BiConsumer<Long, Outcome> results;
  private final Counter delivered;
  private final Counter failed;
  private final Counter dropped;
  private final AtomicInteger pending = new AtomicInteger();
  private final Rarely complaints = new Rarely(Duration.ofMinutes(1));
  private final Rarely expiries = new Rarely(Duration.ofMinutes(1));
  private Backlog backlog;
  private boolean disabled;
  private boolean saidDown;

  /**
   * @param results told number and outcome of every attempt, on any thread
   */
  Delivery(
      WebhookEndpoint endpoint,
      RetryTimes times,
      RandomGenerator random,
      InstantSource clock,
      Poster poster,
      BiConsumer<Long, Outcome> results,
      MeterRegistry metrics) {
    this.endpoint = endpoint;
    this.times = times;
    this.random = random;
    this.clock = clock;
    this.poster = poster;
    this.results = results;
    this.backlog = new Backlog(times, random);
    this.delivered = metrics.counter("parley.webhooks.delivered", "endpoint", endpoint.name());
    this.failed = metrics.counter("parley.webhooks.failed", "endpoint", endpoint.name());
    this.dropped = metrics.counter("parley.webhooks.dropped", "endpoint", endpoint.name());
    Gauge.builder("parley.webhooks.pending", pending, AtomicInteger::get)
        .tag("endpoint", endpoint.name())
        .register(metrics);
  }

  WebhookEndpoint endpoint() {
    return endpoint;
  }

  boolean wants(WebhookType type, TeamId team) {
    return !disabled && endpoint.wants(type, team);
  }

  /** Whether it is to be told of the end of this call. */
  boolean wantsEnd(CallEvent event) {
    return wants(WebhookType.CALL_FINISHED, event.place().team().uid());
  }

  /** Begins anew with what the outbox holds. */
  void load(Outbox outbox, long nowNs) {
    backlog = new Backlog(times, random);
    outbox.owed(endpoint.name(), (number, message) -> owe(number, message, nowNs));
    if (backlog.size() > 0) {
      log.info("webhook {} is owed from earlier: {}", endpoint.name(), backlog.size());
    }
  }

  void owe(long number, WebhookMessage message, long nowNs) {
    long ageMs = clock.millis() - message.stored().toEpochMilli();
    backlog.add(number, message.call(), Math.max(0, ageMs) * 1_000_000L, nowNs);
    pending.set(backlog.size());
  }

  /** There was no room in the outbox. */
  void lost() {
    dropped.increment();
  }

  void landed(long number, Outcome outcome, Outbox outbox, long nowNs) {
    switch (outcome) {
      case Outcome.Delivered d -> {
        delivered.increment();
        if (backlog.delivered(number, nowNs)) {
          outbox.settle(endpoint.name(), number);
        }
        if (saidDown && !backlog.down()) {
          saidDown = false;
          log.info("webhook {} answers again; waiting: {}", endpoint.name(), backlog.size());
        }
      }
      case Outcome.Failed f -> {
        failed.increment();
        backlog.failed(number, f.pause().toNanos(), nowNs);
        complain(f, nowNs);
      }
      case Outcome.Gone gone -> disable(outbox);
    }
    pending.set(backlog.size());
  }

  private void complain(Outcome.Failed failure, long nowNs) {
    if (backlog.down() && !saidDown) {
      saidDown = true;
      log.warn(
          "webhook {} is down ({}); events wait, and are tried again",
          endpoint.name(),
          failure.why());
    } else if (complaints.may(nowNs)) {
      log.warn(
          "webhook {} failed: {}; waiting: {}", endpoint.name(), failure.why(), backlog.size());
    }
  }

  private void disable(Outbox outbox) {
    if (disabled) {
      return;
    }
    disabled = true;
    List<Long> all = backlog.abandon();
    all.forEach(number -> outbox.settle(endpoint.name(), number));
    dropped.increment(all.size());
    log.error(
        "webhook {} answered 410 Gone: nothing more is sent to it until a restart, and {} events"
            + " for it are dropped; take it out of webhooks.endpoints, or mend the receiver and"
            + " restart",
        endpoint.name(),
        all.size());
  }

  /** Sends what is due, drops what is too old. */
  void work(Outbox outbox, long nowNs) {
    for (Long old = backlog.pollExpired(nowNs); old != null; old = backlog.pollExpired(nowNs)) {
      outbox.settle(endpoint.name(), old);
      dropped.increment();
      if (expiries.may(nowNs)) {
        log.error(
            "webhook {} could not be reached for {} h: events are dropped",
            endpoint.name(),
            times.giveUp().toHours());
      }
    }
    for (Long due = backlog.pollDue(nowNs); due != null; due = backlog.pollDue(nowNs)) {
      long number = due;
      WebhookMessage message = outbox.get(number);
      if (message == null) {
        throw new IllegalStateException("the outbox has lost message " + number);
      }
      poster.post(endpoint, message, clock.instant(), outcome -> results.accept(number, outcome));
    }
    pending.set(backlog.size());
  }

  /** Whether nothing can be done at this moment but to wait for the receiver to recover. */
  boolean idle(long nowNs) {
    return !backlog.busy() && backlog.nextDeadlineNs() > nowNs;
  }

  long nextDeadlineNs() {
    return backlog.nextDeadlineNs();
  }
}
