package parley.signalling.pages;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.io.IOException;
import java.time.Duration;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import parley.signalling.audit.Access;
import parley.signalling.audit.AccessLog;
import parley.signalling.session.Allowance;

/** Who tries tokens that are nobody's, by address: counted, and written down. Any thread. */
public final class Strangers {

  private static final Logger log = LoggerFactory.getLogger(Strangers.class);

  /** Typing errors of a person, and no more. */
  private static final int WRONG_PER_MINUTE = 20;

  /**
   * The audit log must not lose its oldest lines to whoever knocks often enough: an address is
   * written down once in a minute, and so are at most so many of them.
   */
  private static final int WRITTEN_PER_MINUTE = 60;

  /** Addresses that are counted; those heard of least lately begin anew. */
  private static final int MAX_TRACKED = 10_000;

  private final AccessLog accesses;
  private final LongSupplier nanoTime;
  private final Cache<String, Allowance> wrong = tracked();
  private final Cache<String, Boolean> written = tracked();
  private final Allowance writing;

  public Strangers(AccessLog accesses, LongSupplier nanoTime) {
    this.accesses = accesses;
    this.nanoTime = nanoTime;
    this.writing =
        new Allowance(WRITTEN_PER_MINUTE, WRITTEN_PER_MINUTE / 60.0, nanoTime.getAsLong());
  }

  private static <V> Cache<String, V> tracked() {
    return Caffeine.newBuilder()
        .maximumSize(MAX_TRACKED)
        .expireAfterWrite(Duration.ofMinutes(1))
        .build();
  }

  /** Whether a token from there is still looked at. */
  public boolean mayTry(String from) {
    Allowance allowance = wrong.getIfPresent(from);
    if (allowance == null) {
      return true;
    }
    synchronized (allowance) {
      boolean left = allowance.take(1, nanoTime.getAsLong());
      if (left) {
        allowance.giveBack(1);
      }
      return left;
    }
  }

  /** One was nobody's; false: one too many from there. */
  public boolean tried(String from) {
    long nowNs = nanoTime.getAsLong();
    Allowance allowance =
        wrong.get(from, _ -> new Allowance(WRONG_PER_MINUTE, WRONG_PER_MINUTE / 60.0, nowNs));
    synchronized (allowance) {
      return allowance.take(1, nowNs);
    }
  }

  /**
   * Writes down somebody whom nobody knows, now and then. Blocks.
   *
   * @param what he wanted, as the audit log calls it
   * @param refused why he did not get it
   */
  public void write(String what, String on, String from, String refused) {
    if (isWanted(from)) {
      append(what, on, from, refused);
    }
  }

  /** The same for threads that must not wait for the disk. */
  public void writeLater(String what, String on, String from, String refused) {
    if (isWanted(from)) { // asked first: no thread for each of those who knock
      Thread.startVirtualThread(() -> append(what, on, from, refused));
    }
  }

  private boolean isWanted(String from) {
    synchronized (writing) {
      if (written.getIfPresent(from) != null || !writing.take(1, nanoTime.getAsLong())) {
        return false;
      }
      written.put(from, true);
      return true;
    }
  }

  private void append(String what, String on, String from, String refused) {
    try {
      accesses.write(Access.allowed("nobody", what, on, "", from).refused(refused));
    } catch (IOException e) {
      log.error("a stranger is not in the audit log: {}", e.getMessage());
    }
  }
}
