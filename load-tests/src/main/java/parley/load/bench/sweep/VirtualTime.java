package parley.load.bench.sweep;

import java.util.PriorityQueue;

/** A clock that jumps from one event to the next. */
final class VirtualTime {

  private record Event(long atNs, long order, Runnable action) implements Comparable<Event> {
    @Override
    public int compareTo(Event other) {
      int byTime = Long.compare(atNs, other.atNs);
      return byTime != 0 ? byTime : Long.compare(order, other.order);
    }
  }

  private final PriorityQueue<Event> events = new PriorityQueue<>();
  private long order;
  private long nowNs;

  long nowNs() {
    return nowNs;
  }

  void at(long atNs, Runnable action) {
    events.add(new Event(Math.max(atNs, nowNs), order++, action));
  }

  /** Now and every so often. */
  void every(long firstNs, long intervalNs, Runnable action) {
    at(
        firstNs,
        () -> {
          action.run();
          every(firstNs + intervalNs, intervalNs, action);
        });
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
