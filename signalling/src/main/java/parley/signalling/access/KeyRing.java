package parley.signalling.access;

import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKMatcher;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The keys of one source, as they were read last. They are read again when they are old, and when a
 * token names a key that is not among them: its issuer may have changed keys. Any thread; blocks
 * only for such a token.
 */
final class KeyRing {

  private static final Logger log = LoggerFactory.getLogger(KeyRing.class);

  /** Whoever makes up names of keys causes no more readings than one in this time. */
  static final Duration PAUSE = Duration.ofSeconds(10);

  /** How long keys are good for while their source cannot be read. */
  static final Duration MAX_AGE = Duration.ofHours(24);

  /** Tokens that wait for a reading; all others of unknown keys are refused. */
  private static final int MAX_WAITING = 256;

  private record Keys(List<JWK> all, long readNs) {}

  /** The source cannot be read, so nobody can say what a token is worth. */
  static final class Unreadable extends Exception {
    private static final long serialVersionUID = 1;

    Unreadable(String message) {
      super(message);
    }
  }

  private final KeySource source;
  private final long refreshNs;
  private final LongSupplier nanoTime;
  private final ReentrantLock reading = new ReentrantLock();
  private final Semaphore waiting = new Semaphore(MAX_WAITING);
  private volatile @Nullable Keys keys;
  private volatile @Nullable String failure;

  /** Guarded by {@link #reading}. */
  private @Nullable Long attemptedNs;

  /**
   * @param refresh after how long keys are read again
   */
  KeyRing(KeySource source, Duration refresh, LongSupplier nanoTime) {
    this.source = source;
    this.refreshNs = refresh.toNanos();
    this.nanoTime = nanoTime;
  }

  /**
   * The keys that may have signed what has this header: of the algorithm's kind, so that nobody's
   * public key is taken for a secret (RFC 8725 §3.1), and of the name it gives, if it gives one.
   */
  List<JWK> matching(JWSHeader header) throws Unreadable, InterruptedException {
    Keys known = keys;
    long ageNs = known == null ? Long.MAX_VALUE : nanoTime.getAsLong() - known.readNs;
    List<JWK> matching = known == null ? List.of() : select(known.all, header);
    if (!matching.isEmpty() && ageNs < MAX_AGE.toNanos()) {
      if (ageNs >= refreshNs && !reading.isLocked()) {
        Thread.startVirtualThread(this::readQuietly);
      }
      return matching;
    }
    if (waiting.tryAcquire()) {
      try {
        read(known);
      } finally {
        waiting.release();
      }
    }
    Keys now = keys;
    String why = failure;
    if (now == null || why != null) {
      throw new Unreadable(why == null ? "keys are being read" : why);
    }
    return select(now.all, header);
  }

  /** Reads the keys for the first time, without anyone having to wait for it. */
  void begin() {
    Thread.startVirtualThread(this::readQuietly);
  }

  private static List<JWK> select(List<JWK> all, JWSHeader header) {
    JWKMatcher matcher = JWKMatcher.forJWSHeader(header);
    return matcher == null ? List.of() : all.stream().filter(matcher::matches).toList();
  }

  private void readQuietly() {
    try {
      read(keys);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /**
   * @param seen the keys that did not do; if there are others by now there is nothing to read
   */
  private void read(@Nullable Keys seen) throws InterruptedException {
    reading.lockInterruptibly();
    try {
      long nowNs = nanoTime.getAsLong();
      boolean justTried = attemptedNs != null && nowNs - attemptedNs < PAUSE.toNanos();
      if (!Objects.equals(keys, seen) || justTried) {
        return;
      }
      attemptedNs = nowNs;
      keys = new Keys(List.copyOf(source.read()), nowNs);
      failure = null;
    } catch (IOException e) {
      failure = String.valueOf(e.getMessage());
      log.warn(
          "keys cannot be read, next try in {} s at the earliest: {}",
          TimeUnit.NANOSECONDS.toSeconds(PAUSE.toNanos()),
          failure);
    } finally {
      reading.unlock();
    }
  }
}
