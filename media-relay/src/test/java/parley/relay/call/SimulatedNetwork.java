package parley.relay.call;

import java.util.PriorityQueue;
import java.util.Random;

/**
 * What lies between a speaker and the relay: loss, jitter, reordering, duplicates and blackouts, in
 * virtual time.
 */
final class SimulatedNetwork {

  /** Something that happens at an instant; those of one instant in the order they were planned. */
  private record Event(long atNs, long order, Runnable action) implements Comparable<Event> {
    @Override
    public int compareTo(Event other) {
      int byTime = Long.compare(atNs, other.atNs);
      return byTime != 0 ? byTime : Long.compare(order, other.order);
    }
  }

  private final Random random;
  private final double loss;
  private final double duplication;
  private final long jitterNs;
  private final PriorityQueue<Event> events = new PriorityQueue<>();
  private long order;
  private long nowNs;
  private long blackoutEndNs;

  SimulatedNetwork(Random random) {
    this.random = random;
    this.loss = random.nextInt(3) == 0 ? 0 : random.nextDouble(0.1);
    this.duplication = random.nextDouble(0.02);
    this.jitterNs = random.nextLong(1, 60_000_000L); // up to three packets out of order
  }

  long nowNs() {
    return nowNs;
  }

  void at(long atNs, Runnable action) {
    events.add(new Event(Math.max(atNs, nowNs), order++, action));
  }

  void after(long delayNs, Runnable action) {
    at(nowNs + delayNs, action);
  }

  /** A datagram is on its way: its arrival may happen late, twice, or never. */
  void send(Runnable arrival) {
    if (nowNs < blackoutEndNs || random.nextDouble() < loss) {
      return;
    }
    after(20_000_000L + random.nextLong(jitterNs), arrival);
    if (random.nextDouble() < duplication) {
      after(20_000_000L + random.nextLong(jitterNs), arrival);
    }
  }

  /** Nothing gets through for a while. */
  void blackout(long durationNs) {
    blackoutEndNs = nowNs + durationNs;
  }

  boolean blackedOutSince(long sinceNs) {
    return blackoutEndNs > sinceNs;
  }

  void run(long untilNs) {
    while (!events.isEmpty() && events.peek().atNs() <= untilNs) {
      Event event = events.poll();
      nowNs = event.atNs();
      event.action().run();
    }
    nowNs = untilNs;
  }
}
