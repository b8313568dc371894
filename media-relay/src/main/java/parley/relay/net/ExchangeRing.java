package parley.relay.net;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A bounded queue between two threads whose entries are made once and written again and again: one
 * side claims an entry, fills it and publishes it; the other looks at the oldest and gives it back.
 *
 * @param <T> mutable
 */
final class ExchangeRing<T> {

  private final List<T> entries;
  private final int mask;
  private final AtomicLong published = new AtomicLong();
  private final AtomicLong released = new AtomicLong();

  /**
   * @param capacity a power of two
   */
  ExchangeRing(int capacity, Supplier<T> maker) {
    entries = new ArrayList<>(capacity);
    for (int i = 0; i < capacity; i++) {
      entries.add(maker.get());
    }
    mask = capacity - 1;
  }

  /**
   * The producer's: an entry to fill.
   *
   * @param reserve how many have to stay free
   * @return null when the ring is full
   */
  @Nullable T claim(int reserve) {
    long next = published.getPlain();
    return next - released.getAcquire() >= entries.size() - reserve
        ? null
        : entries.get((int) next & mask);
  }

  /** The producer's: what was claimed is filled. */
  void publish() {
    published.setRelease(published.getPlain() + 1);
  }

  /** The consumer's: the oldest entry, or null. */
  @Nullable T peek() {
    long next = released.getPlain();
    return next == published.getAcquire() ? null : entries.get((int) next & mask);
  }

  /** The consumer's: what it looked at may be filled again. */
  void release() {
    released.setRelease(released.getPlain() + 1);
  }
}
