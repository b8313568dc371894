package parley.signalling.servers;

import java.time.Duration;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Answers of late, so that a request that comes again is not carried out again
 * (draft-ietf-httpapi-idempotency-key-header). Any thread.
 */
final class IdempotencyKeys {

  /** Who lost an answer asks again within minutes; a day is for queues that were stuck. */
  static final Duration KEPT = Duration.ofHours(24);

  /** Of all answers together: some ten thousand. The oldest go first. */
  static final long MAX_BYTES = 16L << 20;

  /** Key, fingerprint and the entry itself. */
  private static final int OVERHEAD_BYTES = 500;

  private record Key(String token, String key) {}

  /**
   * @param answer null while it is being worked out
   */
  private record Entry(String fingerprint, @Nullable Answer answer, long untilNs) {
    long bytes() {
      return OVERHEAD_BYTES + (answer == null ? 0L : answer.body().length());
    }
  }

  /** What is known of a key. */
  sealed interface Found {}

  /** Nothing: to be carried out, then {@link #answered} or {@link #forget}. */
  record Fresh() implements Found {}

  /** The same request is being carried out at this moment. */
  record UnderWay() implements Found {}

  /** The same request was answered so. */
  record Answered(Answer answer) implements Found {}

  /** It was another request that had this key. */
  record Reused() implements Found {}

  private final long maxBytes;
  private final Map<Key, Entry> entries = new LinkedHashMap<>();
  private long bytes;

  IdempotencyKeys(long maxBytes) {
    this.maxBytes = maxBytes;
  }

  /**
   * A request comes.
   *
   * @param token whose key it is
   * @param fingerprint the same for the same request
   */
  synchronized Found begin(String token, String key, String fingerprint, long nowNs) {
    dropOld(nowNs);
    var at = new Key(token, key);
    Entry entry = entries.get(at);
    if (entry == null) {
      put(at, new Entry(fingerprint, null, nowNs + KEPT.toNanos()));
      return new Fresh();
    }
    if (!entry.fingerprint().equals(fingerprint)) {
      return new Reused();
    }
    return entry.answer() == null ? new UnderWay() : new Answered(entry.answer());
  }

  /** It is answered; the same from now on. */
  synchronized void answered(String token, String key, Answer answer) {
    var at = new Key(token, key);
    Entry entry = entries.get(at);
    if (entry != null) {
      put(at, new Entry(entry.fingerprint(), answer, entry.untilNs()));
    }
  }

  /** It came to nothing: it may be tried again. */
  synchronized void forget(String token, String key) {
    Entry entry = entries.remove(new Key(token, key));
    bytes -= entry == null ? 0 : entry.bytes();
  }

  synchronized int size() {
    return entries.size();
  }

  private void put(Key key, Entry entry) {
    Entry before = entries.put(key, entry);
    bytes += entry.bytes() - (before == null ? 0 : before.bytes());
    Iterator<Entry> oldest = entries.values().iterator();
    while (bytes > maxBytes && oldest.hasNext()) {
      bytes -= oldest.next().bytes();
      oldest.remove();
    }
  }

  private void dropOld(long nowNs) {
    Iterator<Entry> oldest = entries.values().iterator();
    while (oldest.hasNext()) {
      Entry entry = oldest.next();
      if (entry.untilNs() > nowNs) {
        return; // those behind it came later
      }
      bytes -= entry.bytes();
      oldest.remove();
    }
  }
}
