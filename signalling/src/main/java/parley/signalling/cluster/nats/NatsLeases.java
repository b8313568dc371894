package parley.signalling.cluster.nats;

import io.nats.client.Connection;
import io.nats.client.JetStreamApiException;
import io.nats.client.JetStreamOptions;
import io.nats.client.KeyValue;
import io.nats.client.KeyValueManagement;
import io.nats.client.KeyValueOptions;
import io.nats.client.api.KeyValueConfiguration;
import io.nats.client.api.KeyValueEntry;
import io.nats.client.api.KeyValueOperation;
import io.nats.client.api.KeyValueStatus;
import io.nats.client.api.StorageType;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import parley.signalling.cluster.BusUnavailable;
import parley.signalling.cluster.Leases;

/** Leases in a key-value bucket of JetStream, each request on a virtual thread of its own. */
final class NatsLeases implements Leases, AutoCloseable {

  /** A server that is there answers in milliseconds; one that elects a leader in a second. */
  private static final Duration DEADLINE = Duration.ofMillis(1_500);

  /**
   * What nobody writes any more goes after so long: leases of nodes that died, and what deleted
   * keys leave behind. Nodes look every hour whether what they own is still there.
   */
  private static final Duration FORGET = Duration.ofDays(7);

  /** Requests under way; a node that begins a thousand calls at once waits for itself. */
  private static final int AT_ONCE = 256;

  /** JetStream's codes: somebody else was first; there is no such stream. */
  private static final int WRONG_LAST_SEQUENCE = 10071;

  private static final int STREAM_NOT_FOUND = 10059;

  private final NatsSettings settings;
  private final Supplier<@Nullable Connection> connection;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final Semaphore room = new Semaphore(AT_ONCE);

  NatsLeases(NatsSettings settings, Supplier<@Nullable Connection> connection) {
    this.settings = settings;
    this.connection = connection;
  }

  /**
   * A bucket that was lost and made anew counts from one again: its age comes before what it
   * counts, so that revisions grow all the same. So many are counted in years.
   */
  private static final int COUNTED_BITS = 34;

  /** 2025-01-01T00:00:00Z. */
  private static final long BEGINNING_S = 1_735_689_600L;

  /**
   * The bucket that there is.
   *
   * @param base what is added to its revisions
   */
  private record Bucket(KeyValue keys, long base) {}

  private volatile @Nullable Bucket bucket;

  @FunctionalInterface
  private interface Step<T> {
    T on(KeyValue bucket, long base) throws IOException, JetStreamApiException;
  }

  /** Another server may be there now, with another bucket. */
  void connected() {
    bucket = null;
  }

  @Override
  public CompletableFuture<Long> create(String key, String value) {
    return run((bucket, age) -> change(age, () -> bucket.create(key, utf8(value))));
  }

  @Override
  public CompletableFuture<Long> update(String key, String value, long revision) {
    return run(
        (bucket, age) ->
            isOf(age, revision)
                ? change(age, () -> bucket.update(key, utf8(value), revision - age))
                : NOT_DONE);
  }

  @Override
  public CompletableFuture<Optional<Entry>> get(String key) {
    return run(
        (bucket, age) -> {
          KeyValueEntry entry = bucket.get(key);
          return entry == null || entry.getOperation() != KeyValueOperation.PUT
              ? Optional.empty()
              : Optional.of(new Entry(text(entry), age + entry.getRevision()));
        });
  }

  @Override
  public CompletableFuture<Boolean> delete(String key, long revision) {
    return run(
        (bucket, age) ->
            isOf(age, revision)
                && change(
                        age,
                        () -> {
                          bucket.delete(key, revision - age);
                          return 1L;
                        })
                    != NOT_DONE);
  }

  /** Whether a revision is of the bucket that there is now. */
  private static boolean isOf(long age, long revision) {
    return revision > age && revision - age < 1L << COUNTED_BITS;
  }

  @FunctionalInterface
  private interface Change {
    long make() throws IOException, JetStreamApiException;
  }

  private static long change(long age, Change change) throws IOException, JetStreamApiException {
    try {
      return age + change.make();
    } catch (JetStreamApiException e) {
      if (e.getApiErrorCode() == WRONG_LAST_SEQUENCE) {
        return NOT_DONE;
      }
      throw e;
    }
  }

  private <T> CompletableFuture<T> run(Step<T> step) {
    if (!room.tryAcquire()) {
      return CompletableFuture.failedFuture(new BusUnavailable("too many requests under way"));
    }
    try {
      return CompletableFuture.supplyAsync(() -> inBucket(step), threads)
          .whenComplete((done, e) -> room.release());
    } catch (RejectedExecutionException e) {
      room.release();
      return CompletableFuture.failedFuture(new BusUnavailable("the bus is closed", e));
    }
  }

  private <T> T inBucket(Step<T> step) {
    Connection nats = connection.get();
    if (nats == null || nats.getStatus() != Connection.Status.CONNECTED) {
      throw new BusUnavailable("NATS is away");
    }
    try {
      Bucket open = bucket;
      if (open == null) {
        open = open(nats);
        bucket = open;
      }
      return step.on(open.keys, open.base);
    } catch (IOException | JetStreamApiException | RuntimeException e) {
      bucket = null; // it may not be there any more
      throw new BusUnavailable("the store did not answer: " + e.getMessage(), e);
    }
  }

  private Bucket open(Connection nats) throws IOException, JetStreamApiException {
    var options =
        KeyValueOptions.builder()
            .jetStreamOptions(JetStreamOptions.builder().requestTimeout(DEADLINE).build())
            .build();
    KeyValueManagement management = nats.keyValueManagement(options);
    KeyValueStatus status;
    try {
      status = management.getStatus(settings.bucket());
    } catch (JetStreamApiException e) {
      if (e.getApiErrorCode() != STREAM_NOT_FOUND) {
        throw e;
      }
      status = management.create(bucket()); // the first node ever, or a server that has lost it
    }
    long madeS = status.getBackingStreamInfo().getCreateTime().toEpochSecond();
    return new Bucket(
        nats.keyValue(settings.bucket(), options),
        Math.max(0, madeS - BEGINNING_S) << COUNTED_BITS);
  }

  private KeyValueConfiguration bucket() {
    return KeyValueConfiguration.builder()
        .name(settings.bucket())
        .description("Parley: which nodes live, which node owns which call")
        .storageType(StorageType.File)
        .replicas(settings.replicas())
        .ttl(FORGET)
        .maxHistoryPerKey(1)
        .build();
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static String text(KeyValueEntry entry) {
    byte[] value = entry.getValue();
    return value == null ? "" : new String(value, StandardCharsets.UTF_8);
  }

  @Override
  public void close() {
    threads.shutdown(); // a lease may be on its way back
    try {
      if (!threads.awaitTermination(1, TimeUnit.SECONDS)) {
        threads.shutdownNow();
      }
    } catch (InterruptedException e) {
      threads.shutdownNow();
      Thread.currentThread().interrupt();
    }
  }
}
