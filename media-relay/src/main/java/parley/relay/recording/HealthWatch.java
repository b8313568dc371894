package parley.relay.recording;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import parley.relay.api.RecordingHealth;
import parley.relay.api.RecordingHealth.Subject;
import parley.relay.evidence.SigningKey;

/**
 * Looks every few seconds whether a call could be recorded, on a thread of its own: a disk that
 * hangs must hold up nobody. An answer that is too old counts as a bad one.
 */
public final class HealthWatch implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(HealthWatch.class);

  private static final long PERIOD_S = 2;

  /**
   * A key is in memory and does not change; to try it takes longer than all other checks together.
   */
  private static final int KEY_LOOKS = 15;

  /** A disk that takes so long for one small file takes no recording either. */
  private static final Duration TOO_OLD = Duration.ofSeconds(15);

  /** An hour of ten people who all talk without a pause: calls that run are to end in order. */
  private static final long LEAST_FREE_BYTES = 256L << 20;

  /** Time services set a clock in small steps; more is a mistake. */
  private static final Duration LARGEST_JUMP = Duration.ofMinutes(5);

  /** Who sets a clock by so much may set it once more. */
  private static final Duration DISTRUST = Duration.ofMinutes(1);

  /** No call was ever recorded by this program before that day. */
  private static final Instant EARLIEST = Instant.parse("2025-01-01T00:00:00Z");

  /** Something that has to work before a call can be recorded. */
  @FunctionalInterface
  public interface Check {
    /** What is wrong, one sentence; empty when nothing is. May block. */
    Optional<String> trouble();

    /** What it looks at. */
    default Subject subject() {
      return Subject.KEY;
    }

    /** There will be no more looking. */
    default void end() {}
  }

  private record Seen(RecordingHealth health, long atNs) {}

  private final List<Check> checks;
  private final CountDownLatch stop = new CountDownLatch(1);
  private final Thread thread;
  private volatile Seen seen;

  /** Begins to watch; the first look is over when this returns. */
  public HealthWatch(List<Check> checks) {
    this.checks = List.copyOf(checks);
    this.seen = new Seen(RecordingHealth.GOOD, System.nanoTime());
    look();
    thread = Thread.ofPlatform().name("recording-health").daemon().start(this::run);
  }

  /** The disk has room and takes a file, the key signs, the clock is right as far as one sees. */
  static List<Check> checks(Path directory, Clock clock, SigningKey key) {
    return List.of(
        new Disk(directory),
        new Seldom(
            KEY_LOOKS,
            () ->
                key.works()
                    ? Optional.empty()
                    : Optional.of("The key that signs recordings does not sign.")),
        new Steadiness(clock, System::nanoTime));
  }

  /** As it was when it was looked at last. Any thread; never blocks. */
  public RecordingHealth now() {
    Seen last = seen;
    return System.nanoTime() - last.atNs() < TOO_OLD.toNanos()
        ? last.health()
        : RecordingHealth.impossible(Subject.DISK, "The disk for recordings does not answer.");
  }

  private void run() {
    try {
      while (!stop.await(PERIOD_S, TimeUnit.SECONDS)) {
        look();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void look() {
    RecordingHealth before = seen.health();
    RecordingHealth found = RecordingHealth.GOOD;
    for (Check check : checks) {
      Optional<String> trouble = trouble(check);
      if (trouble.isPresent()) {
        found = RecordingHealth.impossible(check.subject(), trouble.get());
        break;
      }
    }
    seen = new Seen(found, System.nanoTime());
    if (!found.equals(before)) {
      if (found.possible()) {
        log.info("calls can be recorded again");
      } else {
        log.error("calls cannot be recorded: {}", found.reason());
      }
    }
  }

  private static Optional<String> trouble(Check check) {
    try {
      return check.trouble();
    } catch (RuntimeException e) {
      log.debug("a check failed", e);
      return Optional.of(
          "Whether calls can be recorded cannot be found out: "
              + e.getClass().getSimpleName()
              + ".");
    }
  }

  @Override
  public void close() {
    stop.countDown();
    try {
      if (thread.join(Duration.ofSeconds(1))) {
        checks.forEach(Check::end);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Room, and a file that can be written: the same one each time, for who lists the folder. */
  private record Disk(Path directory) implements Check {

    @Override
    public Subject subject() {
      return Subject.DISK;
    }

    private Path probe() {
      return directory.resolve(".health");
    }

    @Override
    public Optional<String> trouble() {
      try {
        Files.createDirectories(directory);
        Files.write(probe(), new byte[4096]);
        // One call to the kernel; a FileStore would first read the table of all that is mounted.
        long free = directory.toFile().getUsableSpace();
        return free >= LEAST_FREE_BYTES
            ? Optional.empty()
            : Optional.of("The disk for recordings has only " + (free >> 20) + " MiB left.");
      } catch (IOException e) {
        return Optional.of(DiskTrouble.sentence(e));
      }
    }

    @Override
    public void end() {
      try {
        Files.deleteIfExists(probe());
      } catch (IOException e) {
        log.debug("a probe stays behind", e);
      }
    }
  }

  /** Asks another check once in so many looks, and says what that said until then. */
  static final class Seldom implements Check {
    private final int looks;
    private final Check check;
    private Optional<String> said = Optional.empty();
    private int look;

    Seldom(int looks, Check check) {
      this.looks = looks;
      this.check = check;
    }

    @Override
    public Subject subject() {
      return check.subject();
    }

    @Override
    public Optional<String> trouble() {
      if (look++ % looks == 0) {
        said = check.trouble();
      }
      return said;
    }

    @Override
    public void end() {
      check.end();
    }
  }

  /** Compares the wall clock with the monotonic one, which nobody sets. */
  static final class Steadiness implements Check {
    private final Clock clock;
    private final LongSupplier nanoTime;
    private Instant seen;
    private long seenNs;
    private long troubledUntilNs;

    Steadiness(Clock clock, LongSupplier nanoTime) {
      this.clock = clock;
      this.nanoTime = nanoTime;
      this.seen = clock.instant();
      this.seenNs = nanoTime.getAsLong();
      this.troubledUntilNs = seenNs;
    }

    @Override
    public Subject subject() {
      return Subject.CLOCK;
    }

    @Override
    public Optional<String> trouble() {
      Instant now = clock.instant();
      long nowNs = nanoTime.getAsLong();
      Duration jump = Duration.between(seen.plusNanos(nowNs - seenNs), now).abs();
      seen = now;
      seenNs = nowNs;
      if (now.isBefore(EARLIEST)) {
        return Optional.of("The system clock is wrong: it says " + now + ".");
      }
      if (jump.compareTo(LARGEST_JUMP) > 0) {
        troubledUntilNs = nowNs + DISTRUST.toNanos();
      }
      return troubledUntilNs - nowNs <= 0
          ? Optional.empty()
          : Optional.of("The system clock has just been set by more than five minutes.");
    }
  }
}
