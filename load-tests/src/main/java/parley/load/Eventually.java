package parley.load;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import java.util.function.Supplier;

/**
 * Waits for a condition of the world outside, with a deadline and a sentence for when it passes.
 */
public final class Eventually {

  /** Often enough to add little to what is measured, seldom enough not to load two cores. */
  private static final long PAUSE_NS = TimeUnit.MILLISECONDS.toNanos(40);

  private Eventually() {}

  /** Returns as soon as the condition holds; {@code what} completes the sentence "waited for …". */
  public static void until(String what, Duration deadline, BooleanSupplier condition) {
    value(what, deadline, condition::getAsBoolean, Boolean::booleanValue, () -> "");
  }

  /** The same with an explanation of what was there instead, made only when the time is up. */
  public static void until(
      String what, Duration deadline, BooleanSupplier condition, Supplier<String> instead) {
    value(what, deadline, condition::getAsBoolean, Boolean::booleanValue, instead);
  }

  /** Asks for a value until it is acceptable and returns it. */
  public static <T> T value(
      String what,
      Duration deadline,
      Supplier<T> source,
      Predicate<T> acceptable,
      Supplier<String> instead) {
    long end = System.nanoTime() + deadline.toNanos();
    T value = source.get();
    while (!acceptable.test(value)) {
      if (System.nanoTime() - end > 0) {
        String explanation = instead.get();
        throw new TimeLimitPassed(
            "waited %d s in vain for %s; last seen: %s%s"
                .formatted(
                    deadline.toSeconds(),
                    what,
                    value,
                    explanation.isEmpty() ? "" : "\n" + explanation));
      }
      LockSupport.parkNanos(PAUSE_NS);
      value = source.get();
    }
    return value;
  }

  /** What was waited for did not come in time; an assertion's failure rather than an error. */
  public static final class TimeLimitPassed extends AssertionError {
    private static final long serialVersionUID = 1L;

    TimeLimitPassed(String message) {
      super(message);
    }
  }
}
