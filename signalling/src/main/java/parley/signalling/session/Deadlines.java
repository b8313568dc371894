package parley.signalling.session;

import java.util.HashMap;
import java.util.Map;
import java.util.PriorityQueue;
import org.jspecify.annotations.Nullable;

/**
 * Who wants to be called when. Each owner has one deadline; setting it again moves it. Moving
 * leaves the old entry in the heap until its time comes, so a deadline that only moves later costs
 * nothing.
 */
final class Deadlines<T> {

  private record Entry<T>(T owner, long atNs) {}

  private final PriorityQueue<Entry<T>> heap =
      new PriorityQueue<>((a, b) -> Long.compare(a.atNs, b.atNs));
  private final Map<T, Long> wanted = new HashMap<>();

  /** {@link Long#MAX_VALUE}: never. */
  void set(T owner, long atNs) {
    if (atNs == Long.MAX_VALUE) {
      wanted.remove(owner);
      return;
    }
    Long before = wanted.put(owner, atNs);
    if (before == null || before != atNs) {
      heap.add(new Entry<>(owner, atNs));
    }
  }

  boolean isSet(T owner) {
    return wanted.containsKey(owner);
  }

  /** When it is due; {@link Long#MAX_VALUE}: never. */
  long at(T owner) {
    return wanted.getOrDefault(owner, Long.MAX_VALUE);
  }

  void remove(T owner) {
    wanted.remove(owner);
  }

  /** The next owner whose time has come, its deadline forgotten; null when there is none. */
  @Nullable T pollDue(long nowNs) {
    dropMoved();
    Entry<T> first = heap.peek();
    if (first == null || first.atNs > nowNs) {
      return null;
    }
    heap.poll();
    wanted.remove(first.owner);
    return first.owner;
  }

  /** When the next is due; {@link Long#MAX_VALUE} when there is none. */
  long nextNs() {
    dropMoved();
    Entry<T> first = heap.peek();
    return first == null ? Long.MAX_VALUE : first.atNs;
  }

  private void dropMoved() {
    Entry<T> first = heap.peek();
    while (first != null && !isWanted(first)) {
      heap.poll();
      first = heap.peek();
    }
  }

  private boolean isWanted(Entry<T> entry) {
    Long at = wanted.get(entry.owner);
    return at != null && at == entry.atNs;
  }
}
