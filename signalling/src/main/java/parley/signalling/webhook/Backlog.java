package parley.signalling.webhook;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import parley.relay.api.CallId;

/**
 * What one endpoint is still owed, and what to try when: the events of one call one after the
 * other, several calls side by side. Reads no clock: owned by the {@link Webhooks} thread.
 *
 * <p>An event that fails makes its own call wait. When nothing succeeds at all, the receiver is
 * down: then one attempt at a time is made, seldom, except that the first event of a call that has
 * just come may try its luck at once, because a phone that shall ring cannot wait.
 *
 * <pre>
 * in:   add, delivered, failed, abandon
 * out:  pollDue (to be sent now), pollExpired (to be thrown away), nextDeadlineNs
 * </pre>
 */
final class Backlog {

  /** Attempts under way at the same time: enough for a receiver that answers in a second. */
  static final int MAX_UNDER_WAY = 8;

  /** So many failures and no success between them: it is not the events, it is the receiver. */
  static final int DOWN_AFTER = 3;

  /** While the receiver is down, calls that have just begun try it once a second. */
  static final long PROBE_NS = TimeUnit.SECONDS.toNanos(1);

  /** What a receiver asks for with Retry-After is granted up to here. */
  static final long MAX_WAIT_NS = TimeUnit.HOURS.toNanos(1);

  /** One call's events, in order. The first is the one that is tried. */
  private static final class Lane {
    final CallId call;
    final ArrayDeque<Long> numbers = new ArrayDeque<>(2);
    int failures;
    boolean underWay;
    long dueNs;

    Lane(CallId call) {
      this.call = call;
    }

    long first() {
      return numbers.isEmpty() ? Long.MAX_VALUE : numbers.getFirst();
    }
  }

  private record Waiting(Lane lane, long expiresNs) {}

  private static final Comparator<Lane> SOONEST =
      Comparator.<Lane>comparingLong(lane -> lane.dueNs).thenComparingLong(Lane::first);

  private final RetryTimes times;
  private final RandomGenerator random;
  private final Map<CallId, Lane> lanes = new HashMap<>();
  private final TreeMap<Long, Waiting> waiting = new TreeMap<>();

  /** Those that may be tried at once, and those that have failed. Never one that is under way. */
  private final NavigableSet<Lane> fresh = new TreeSet<>(SOONEST);

  private final NavigableSet<Lane> failing = new TreeSet<>(SOONEST);
  private int underWay;
  private int failuresInARow;
  private long pausedUntilNs = Long.MIN_VALUE;
  private long nextProbeNs = Long.MIN_VALUE;
  private long quietUntilNs = Long.MIN_VALUE;
  private boolean failedOneBefore;

  Backlog(RetryTimes times, RandomGenerator random) {
    this.times = times;
    this.random = random;
  }

  int size() {
    return waiting.size();
  }

  /** Whether nothing of late has succeeded. */
  boolean down() {
    return failuresInARow >= DOWN_AFTER;
  }

  /** Whether attempts are being made at this moment. */
  boolean busy() {
    return underWay > 0;
  }

  /**
   * One more is owed.
   *
   * @param number grows with every event
   * @param ageNs how long ago it happened
   */
  void add(long number, CallId call, long ageNs, long nowNs) {
    Lane lane = lanes.computeIfAbsent(call, Lane::new);
    waiting.put(number, new Waiting(lane, nowNs + times.giveUp().toNanos() - ageNs));
    lane.numbers.add(number);
    if (lane.numbers.size() == 1 && !lane.underWay) {
      lane.dueNs = nowNs;
      fresh.add(lane);
    }
  }

  /** The next to be sent now, which is then under way; null when there is none. */
  @Nullable Long pollDue(long nowNs) {
    if (underWay >= (down() ? 1 : MAX_UNDER_WAY) || nowNs < quietUntilNs) {
      return null;
    }
    Lane lane = down() ? nextWhileDown(nowNs) : next(nowNs);
    if (lane == null) {
      return null;
    }
    fresh.remove(lane);
    failing.remove(lane);
    lane.underWay = true;
    underWay++;
    return lane.first();
  }

  /** Those that failed take turns with those that did not: neither keeps the other waiting. */
  private @Nullable Lane next(long nowNs) {
    Lane first = due(fresh, nowNs);
    Lane again = due(failing, nowNs);
    boolean takeAgain = again != null && (first == null || !failedOneBefore);
    failedOneBefore = takeAgain;
    return takeAgain ? again : first;
  }

  private @Nullable Lane nextWhileDown(long nowNs) {
    if (nowNs >= nextProbeNs && !fresh.isEmpty()) {
      nextProbeNs = nowNs + PROBE_NS;
      return fresh.last(); // the youngest: what has waited through an outage can wait on
    }
    return nowNs >= pausedUntilNs ? due(failing, nowNs) : null;
  }

  private static @Nullable Lane due(NavigableSet<Lane> lanes, long nowNs) {
    return lanes.isEmpty() || lanes.first().dueNs > nowNs ? null : lanes.first();
  }

  /**
   * The receiver has it.
   *
   * @return false: it was abandoned while it was under way
   */
  boolean delivered(long number, long nowNs) {
    Lane lane = landed(number);
    if (lane == null) {
      return false;
    }
    boolean recovered = down();
    failuresInARow = 0;
    lane.failures = 0;
    forget(number, lane);
    if (!lane.numbers.isEmpty()) {
      lane.dueNs = nowNs;
      fresh.add(lane);
    }
    if (recovered) {
      pausedUntilNs = Long.MIN_VALUE;
      List<Lane> all = new ArrayList<>(failing);
      failing.clear();
      all.forEach(each -> each.dueNs = nowNs);
      failing.addAll(all);
    }
    return true;
  }

  /**
   * To be tried again.
   *
   * @param waitNs how long the receiver asked to be left alone; 0: it did not
   */
  void failed(long number, long waitNs, long nowNs) {
    Lane lane = landed(number);
    if (lane == null) {
      return;
    }
    lane.failures++;
    lane.dueNs = nowNs + times.pauseNs(lane.failures, random);
    failing.add(lane);
    failuresInARow++;
    if (down()) {
      pausedUntilNs = nowNs + times.pauseNs(failuresInARow - DOWN_AFTER + 1, random);
    }
    if (waitNs > 0) {
      quietUntilNs = nowNs + Math.min(waitNs, MAX_WAIT_NS);
    }
  }

  /** One that is too old, and now forgotten; null when there is none. */
  @Nullable Long pollExpired(long nowNs) {
    Map.Entry<Long, Waiting> oldest = waiting.firstEntry();
    if (oldest == null
        || oldest.getValue().expiresNs() > nowNs
        || oldest.getValue().lane().underWay) {
      return null;
    }
    Lane lane = oldest.getValue().lane();
    boolean wasFresh = fresh.remove(lane);
    failing.remove(lane);
    forget(oldest.getKey(), lane);
    if (!lane.numbers.isEmpty()) {
      (wasFresh ? fresh : failing).add(lane);
    }
    return oldest.getKey();
  }

  /** Everything is forgotten; what it was. */
  List<Long> abandon() {
    List<Long> all = List.copyOf(waiting.keySet());
    waiting.clear();
    lanes.clear();
    fresh.clear();
    failing.clear();
    underWay = 0;
    return all;
  }

  /** When to poll again; {@link Long#MAX_VALUE}: not before something is added or lands. */
  long nextDeadlineNs() {
    if (waiting.isEmpty()) {
      return Long.MAX_VALUE;
    }
    Waiting oldest = waiting.firstEntry().getValue();
    long next = oldest.lane().underWay ? Long.MAX_VALUE : oldest.expiresNs();
    if (underWay < (down() ? 1 : MAX_UNDER_WAY)) {
      next = Math.min(next, Math.max(quietUntilNs, nextAttemptNs()));
    }
    return next;
  }

  private long nextAttemptNs() {
    long retryNs = failing.isEmpty() ? Long.MAX_VALUE : failing.first().dueNs;
    long firstNs = fresh.isEmpty() ? Long.MAX_VALUE : fresh.first().dueNs;
    if (down()) {
      retryNs = failing.isEmpty() ? Long.MAX_VALUE : Math.max(retryNs, pausedUntilNs);
      firstNs = fresh.isEmpty() ? Long.MAX_VALUE : nextProbeNs;
    }
    return Math.min(retryNs, firstNs);
  }

  private @Nullable Lane landed(long number) {
    Waiting at = waiting.get(number);
    if (at == null || !at.lane().underWay) {
      return null; // abandoned while it was under way
    }
    at.lane().underWay = false;
    underWay--;
    return at.lane();
  }

  private void forget(long number, Lane lane) {
    waiting.remove(number);
    lane.numbers.removeFirst();
    if (lane.numbers.isEmpty()) {
      lanes.remove(lane.call);
    }
  }
}
