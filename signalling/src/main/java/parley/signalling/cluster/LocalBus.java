package parley.signalling.cluster;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BiConsumer;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The bus within one process: for a node that is alone, and for several that are tried together.
 * Keeps what the other one promises, and promises no more: text, in order, later, bounded.
 */
public final class LocalBus implements Bus {

  /** What a slow listener may leave lying; as with NATS, what comes then is lost. */
  public static final int MAX_WAITING = 8_192;

  /** What several ends have in common: the other ends, and the store. */
  public static final class Hub {
    private final Executor executor;
    private final BiConsumer<Duration, Runnable> later;
    private final List<LocalBus> ends = new CopyOnWriteArrayList<>();
    private final Map<String, Leases.Entry> entries = new HashMap<>(); // guarded by itself
    private long lastRevision; // guarded by entries

    /**
     * @param executor runs what is handed on; each end's in order, whatever it does
     */
    public Hub(Executor executor) {
      this(executor, Hub::inTime);
    }

    /**
     * @param later runs something after a while, in whoever's time
     */
    public Hub(Executor executor, BiConsumer<Duration, Runnable> later) {
      this.executor = executor;
      this.later = later;
    }

    private static void inTime(Duration delay, Runnable step) {
      CompletableFuture.delayedExecutor(delay.toMillis(), TimeUnit.MILLISECONDS).execute(step);
    }

    /** The store forgets everything, as one does that keeps it in memory and is restarted. */
    public void forget() {
      synchronized (entries) {
        entries.clear();
      }
    }
  }

  private record Listener(String subject, Consumer<Received> handler) {}

  private record Heard(String text, @Nullable CompletableFuture<String> answer)
      implements Received {
    @Override
    public void reply(String answered) {
      if (answer != null) {
        answer.complete(answered);
      }
    }
  }

  private final Hub hub;
  private final List<Listener> listeners = new CopyOnWriteArrayList<>();
  private final ArrayDeque<Runnable> waiting = new ArrayDeque<>(); // guarded by itself
  private final AtomicBoolean delivering = new AtomicBoolean();
  private volatile boolean up = true;

  public LocalBus(Hub hub) {
    this.hub = hub;
    hub.ends.add(this);
  }

  /** A node that is alone. */
  public static LocalBus alone() {
    return new LocalBus(new Hub(Thread::startVirtualThread));
  }

  /** Cuts this end off from the others and from the store, or lets it back. */
  public void up(boolean now) {
    up = now;
  }

  @Override
  public boolean publish(String subject, String text) {
    return say(subject, text, null) > 0 || up;
  }

  private int say(String subject, String text, @Nullable CompletableFuture<String> answer) {
    if (!up) {
      return 0;
    }
    int heard = 0;
    for (LocalBus end : hub.ends) {
      for (Listener listener : end.listeners) {
        if (listener.subject.equals(subject) && end.up) {
          heard++;
          end.deliver(() -> listener.handler.accept(new Heard(text, answer)));
        }
      }
    }
    return heard;
  }

  private void deliver(Runnable step) {
    synchronized (waiting) {
      if (waiting.size() >= MAX_WAITING) {
        return;
      }
      waiting.add(step);
    }
    if (delivering.compareAndSet(false, true)) {
      hub.executor.execute(this::drain);
    }
  }

  private void drain() {
    while (true) {
      Runnable next;
      synchronized (waiting) {
        next = waiting.poll();
        if (next == null) {
          delivering.set(false);
          return;
        }
      }
      next.run();
    }
  }

  @Override
  public void subscribe(String subject, Consumer<Received> handler) {
    listeners.add(new Listener(subject, handler));
  }

  @Override
  public CompletableFuture<String> request(String subject, String text, Duration deadline) {
    var answer = new CompletableFuture<String>();
    if (say(subject, text, answer) == 0) {
      return CompletableFuture.failedFuture(new BusUnavailable("nobody listens to " + subject));
    }
    hub.later.accept(
        deadline, () -> answer.completeExceptionally(new BusUnavailable("no answer in time")));
    return answer;
  }

  @Override
  public Leases leases() {
    return new Store();
  }

  @Override
  public boolean isUp() {
    return up;
  }

  @Override
  public void close() {
    up = false;
    hub.ends.remove(this);
    listeners.clear();
  }

  /** Answers at once: who is alone need not wait for himself. */
  private final class Store implements Leases {

    @Override
    public CompletableFuture<Long> create(String key, String value) {
      return change(() -> !hub.entries.containsKey(key), key, value);
    }

    @Override
    public CompletableFuture<Long> update(String key, String value, long revision) {
      return change(() -> isAt(key, revision), key, value);
    }

    private boolean isAt(String key, long revision) {
      Entry entry = hub.entries.get(key);
      return entry != null && entry.revision() == revision;
    }

    private CompletableFuture<Long> change(BooleanSupplier condition, String key, String value) {
      if (!up) {
        return away();
      }
      synchronized (hub.entries) {
        if (!condition.getAsBoolean()) {
          return CompletableFuture.completedFuture(NOT_DONE);
        }
        hub.entries.put(key, new Entry(value, ++hub.lastRevision));
        return CompletableFuture.completedFuture(hub.lastRevision);
      }
    }

    @Override
    public CompletableFuture<Optional<Entry>> get(String key) {
      if (!up) {
        return away();
      }
      synchronized (hub.entries) {
        return CompletableFuture.completedFuture(Optional.ofNullable(hub.entries.get(key)));
      }
    }

    @Override
    public CompletableFuture<Boolean> delete(String key, long revision) {
      if (!up) {
        return away();
      }
      synchronized (hub.entries) {
        boolean is = isAt(key, revision);
        if (is) {
          hub.entries.remove(key);
        }
        return CompletableFuture.completedFuture(is);
      }
    }

    private static <T> CompletableFuture<T> away() {
      return CompletableFuture.failedFuture(new BusUnavailable("the store is away"));
    }
  }
}
