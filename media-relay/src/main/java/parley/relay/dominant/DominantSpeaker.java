package parley.relay.dominant;

import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jitsi.utils.dsi.DominantSpeakerIdentification;
import org.jspecify.annotations.Nullable;

/**
 * Who holds the floor (Volfin and Cohen, Dominant Speaker Identification for Multipoint
 * Videoconferencing), by Jitsi's implementation. It takes half a second of speech to take the floor
 * from somebody, and no cough does; in a silence whoever had it last keeps it.
 *
 * <p>The library brings threads and a clock of its own; here it has neither: its periodic decision
 * is made in {@link #onTick}. Owned by its call.
 *
 * @param <T> names a speaker; as many are remembered as there ever were
 */
public final class DominantSpeaker<T> {

  private static final int LOUDEST = 127;

  private final VirtualClock clock = new VirtualClock();
  private final DominantSpeakerIdentification<T> algorithm =
      new DominantSpeakerIdentification<>(clock, executor());
  private @Nullable T current;
  private @Nullable Runnable decision;
  private long decisionNs;

  /** A clock that stands where the last input has put it. */
  private static final class VirtualClock extends Clock {
    private static final long NS_A_MS = 1_000_000L;

    /** The library takes 0 for never; a monotonic clock may stand there, or below. */
    private static final long FIRST_MS = 1_000_000_000L;

    long nowNs;
    private boolean started;
    private long firstNs;

    void set(long inputNs) {
      if (!started) {
        started = true;
        firstNs = inputNs;
      }
      nowNs = inputNs;
    }

    @Override
    public long millis() {
      return FIRST_MS + (nowNs - firstNs) / NS_A_MS;
    }

    @Override
    public Instant instant() {
      return Instant.ofEpochMilli(millis());
    }

    @Override
    public ZoneId getZone() {
      return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
      return this;
    }
  }

  /** Of an executor's methods the library uses two, to run its one task now or later. */
  private ScheduledExecutorService executor() {
    return (ScheduledExecutorService)
        Proxy.newProxyInstance(
            DominantSpeaker.class.getClassLoader(),
            new Class<?>[] {ScheduledExecutorService.class},
            (self, method, arguments) -> later(method, arguments));
  }

  private @Nullable Object later(Method method, Object[] arguments) {
    decisionNs = clock.nowNs;
    switch (method.getName()) {
      case "execute" -> {}
      case "schedule" ->
          decisionNs += ((TimeUnit) arguments[2]).toNanos((long) (Long) arguments[1]);
      default -> throw new UnsupportedOperationException(method.getName());
    }
    decision = (Runnable) arguments[0];
    return null; // whoever asked does not look at it
  }

  /**
   * A packet of a speaker was heard.
   *
   * @param level −dBov
   */
  public void on(T speaker, int level, long nowNs) {
    clock.set(nowNs);
    algorithm.levelChanged(speaker, LOUDEST - level);
  }

  /** Time has passed; returns whether {@link #current} has changed. */
  public boolean onTick(long nowNs) {
    clock.set(nowNs);
    Runnable due = decision;
    if (due == null || nowNs - decisionNs < 0) {
      return false;
    }
    decision = null;
    due.run();
    T now = algorithm.getDominantSpeaker();
    boolean changed = now != null && !now.equals(current);
    if (changed) {
      current = now;
    }
    return changed;
  }

  /** Null before anybody has spoken. */
  public @Nullable T current() {
    return current;
  }
}
