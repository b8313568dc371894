package parley.signalling.health;

import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks after a node: each check runs on a thread of its own, so that one that hangs is found out
 * by its silence. Any thread may ask.
 */
public final class HealthDesk implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(HealthDesk.class);

  private static final Duration PERIOD = Duration.ofSeconds(5);

  /** A check that takes longer has found something: what it looks at does not answer. */
  private static final Duration TOO_OLD = Duration.ofSeconds(30);

  private record Seen(Optional<String> trouble, long atNs) {}

  private final Map<Subject, Seen> seen = new EnumMap<>(Subject.class);
  private final List<Check> checks;
  private final BooleanSupplier stuck;
  private final CountDownLatch stop = new CountDownLatch(1);
  private volatile boolean draining;

  /**
   * Takes all for well until {@link #begin}.
   *
   * @param stuck whether a thread has stopped without which nothing goes on; never blocks
   */
  public HealthDesk(List<Check> checks, BooleanSupplier stuck) {
    this.checks = List.copyOf(checks);
    this.stuck = stuck;
    saw(checks);
  }

  private void saw(List<Check> all) {
    synchronized (seen) {
      all.forEach(
          check -> seen.put(check.subject(), new Seen(Optional.empty(), System.nanoTime())));
    }
  }

  /** Begins to look: all that is looked at has started. */
  public void begin() {
    saw(checks);
    for (Check check : checks) {
      Thread.ofVirtual().name("health " + check.subject().label()).start(() -> run(check));
    }
  }

  /** From now on no new calls are to be brought here, or they are again. */
  public void drain(boolean drained) {
    draining = drained;
  }

  /** What is looked at. */
  public List<Subject> subjects() {
    synchronized (seen) {
      return List.copyOf(seen.keySet());
    }
  }

  /** How the node is, as of some seconds ago. */
  public Health now() {
    List<Health.Trouble> troubles = troubles(System.nanoTime());
    Health.State state;
    if (stuck.getAsBoolean()) {
      state = Health.State.STUCK;
    } else if (draining) {
      state = Health.State.NOT_READY;
    } else {
      state = troubles.isEmpty() ? Health.State.READY : Health.State.DEGRADED;
    }
    return new Health(state, troubles);
  }

  /** Whether there is nothing wrong with it. */
  public boolean isWell(Subject subject) {
    return troubles(System.nanoTime()).stream().noneMatch(each -> each.subject() == subject);
  }

  private List<Health.Trouble> troubles(long nowNs) {
    List<Health.Trouble> troubles = new ArrayList<>();
    synchronized (seen) {
      seen.forEach(
          (subject, last) -> {
            Optional<String> trouble =
                nowNs - last.atNs() > TOO_OLD.toNanos()
                    ? Optional.of(
                        "Whether something is wrong with the "
                            + subject.label()
                            + " cannot be found out: the check does not end.")
                    : last.trouble();
            trouble.ifPresent(each -> troubles.add(new Health.Trouble(subject, each)));
          });
    }
    return troubles;
  }

  private void run(Check check) {
    try {
      do {
        saw(check.subject(), trouble(check));
      } while (!stop.await(PERIOD.toMillis(), TimeUnit.MILLISECONDS));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void saw(Subject subject, Optional<String> trouble) {
    Seen before;
    synchronized (seen) {
      before = seen.put(subject, new Seen(trouble, System.nanoTime()));
    }
    boolean was = before != null && before.trouble().isPresent();
    if (trouble.isPresent() && !was) {
      log.warn("degraded, {}: {}", subject.label(), trouble.get());
    } else if (trouble.isEmpty() && was) {
      log.info("{} is well again", subject.label());
    }
  }

  private static Optional<String> trouble(Check check) throws InterruptedException {
    try {
      return check.trouble();
    } catch (InterruptedException e) {
      throw e;
    } catch (Exception e) {
      return Optional.of(
          "Whether something is wrong with the "
              + check.subject().label()
              + " cannot be found out ("
              + e.getMessage()
              + ").");
    }
  }

  @Override
  public void close() {
    stop.countDown();
  }
}
