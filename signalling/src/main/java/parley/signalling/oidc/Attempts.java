package parley.signalling.oidc;

import java.security.SecureRandom;
import java.time.Duration;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.SequencedMap;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** Those who are with the provider just now, each for one return. Any thread. */
public final class Attempts {

  /** Finding a password and a second factor. */
  static final Duration PATIENCE = Duration.ofMinutes(10);

  /** Beyond it the oldest goes; some MB. */
  static final int MAX = 10_000;

  /**
   * Anybody may begin: who begins more loses the oldest of his own, not those of others. An office
   * behind one address has no more people who sign in within ten minutes.
   */
  static final int MAX_OF_ONE = 20;

  private record Waiting(Attempt attempt, String from, long beganNs) {}

  private final SecureRandom random = new SecureRandom();
  private final LongSupplier nanoTime;

  /** By state, the oldest first. */
  private final SequencedMap<String, Waiting> waiting = new LinkedHashMap<>();

  public Attempts(LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
  }

  /**
   * @param from his address
   * @param redirect where the provider is to send him back to
   */
  public synchronized Attempt begin(String from, String redirect) {
    long nowNs = nanoTime.getAsLong();
    makeRoom(from, nowNs);
    Attempt attempt = Attempt.begin(random, redirect);
    waiting.put(attempt.state(), new Waiting(attempt, from, nowNs));
    return attempt;
  }

  private void makeRoom(String from, long nowNs) {
    while (!waiting.isEmpty() && isOver(waiting.firstEntry().getValue(), nowNs)) {
      waiting.pollFirstEntry();
    }
    long own = waiting.values().stream().filter(each -> each.from.equals(from)).count();
    if (own >= MAX_OF_ONE) {
      Iterator<Waiting> oldest = waiting.values().iterator();
      while (!oldest.next().from.equals(from)) {
        // somebody else's
      }
      oldest.remove();
    } else if (waiting.size() >= MAX) {
      waiting.pollFirstEntry();
    }
  }

  private static boolean isOver(Waiting one, long nowNs) {
    return nowNs - one.beganNs > PATIENCE.toNanos();
  }

  /** Null: nobody left with this state, he took too long, or has come back already. */
  public synchronized @Nullable Attempt take(String state) {
    Waiting found = waiting.remove(state);
    return found == null || isOver(found, nanoTime.getAsLong()) ? null : found.attempt;
  }
}
