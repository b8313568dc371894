package parley.signalling.directory;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import parley.signalling.callback.CallbackClient;
import parley.signalling.wire.TeamId;

/**
 * Teams as the chat server tells them, over HTTP: each is asked for when somebody of it comes, and
 * again when what is known is old or the chat server says that it changed. While the chat server
 * does not answer, what it said last holds. Requests run on virtual threads.
 */
public final class CallbackTeams implements Teams {

  private static final Logger log = LoggerFactory.getLogger(CallbackTeams.class);

  /** While the chat server does not answer, what it said last holds this long without asking. */
  private static final Duration PATIENCE = Duration.ofSeconds(5);

  /** Answers kept, in bytes; those asked for least lately have to be asked for again. */
  private static final long MAX_KEPT_BYTES = 64 << 20;

  /** What an answer takes beside its content. */
  private static final int OVERHEAD_BYTES = 1_024;

  private static final int OK = 200;
  private static final int NOT_MODIFIED = 304;
  private static final int NOT_FOUND = 404;

  /**
   * @param url where to ask; the team's uid is put behind it
   * @param authorization header to ask with; empty: none
   * @param fresh how long an answer holds
   * @param stale how long it holds when there is no newer one to be had
   */
  public record Source(URI url, String authorization, Duration fresh, Duration stale) {
    @Override
    public String toString() {
      return "Source[" + url + "]";
    }
  }

  /**
   * What was said last.
   *
   * @param etag of the answer; empty: none
   * @param hash of the answer
   * @param bytes how much memory this takes, about
   * @param freshNs until when nobody asks again
   */
  private record Said(Found found, String etag, String hash, int bytes, long saidNs, long freshNs) {
    Said heldUntil(long ns) {
      return new Said(found, etag, hash, bytes, saidNs, ns);
    }
  }

  private final Source source;
  private final CallbackClient client;
  private final Predicate<Team> changed;
  private final LongSupplier nanoTime;
  private final Cache<TeamId, Said> said =
      Caffeine.newBuilder()
          .maximumWeight(MAX_KEPT_BYTES)
          .weigher((TeamId uid, Said one) -> one.bytes)
          .build();

  /** One request at a time about each team. */
  private final Map<TeamId, CompletableFuture<Said>> asking = new ConcurrentHashMap<>();

  /** By team, how many of it are connected. */
  private final Map<TeamId, Integer> watched = new ConcurrentHashMap<>();

  private final ScheduledExecutorService timer;

  /**
   * @param client which this closes at its end
   * @param changed hears of each team that is new or not as it was, before anyone finds it so; any
   *     thread, must not block; says false when it has to be told again
   */
  public CallbackTeams(Source source, CallbackClient client, Predicate<Team> changed) {
    this(source, client, changed, System::nanoTime);
    long everyMs = source.fresh().toMillis();
    var _ = timer.scheduleWithFixedDelay(this::refresh, everyMs, everyMs, TimeUnit.MILLISECONDS);
  }

  CallbackTeams(
      Source source, CallbackClient client, Predicate<Team> changed, LongSupplier nanoTime) {
    this.source = source;
    this.client = client;
    this.changed = changed;
    this.nanoTime = nanoTime;
    this.timer =
        Executors.newSingleThreadScheduledExecutor(Thread.ofVirtual().name("teams").factory());
  }

  @Override
  public CompletableFuture<Found> find(TeamId uid) {
    Said known = said.getIfPresent(uid);
    if (known != null && nanoTime.getAsLong() - known.freshNs < 0) {
      return CompletableFuture.completedFuture(known.found);
    }
    return ask(uid).thenApply(Said::found);
  }

  @Override
  public Runnable watch(TeamId uid) {
    watched.merge(uid, 1, Integer::sum);
    return () -> watched.computeIfPresent(uid, (team, count) -> count > 1 ? count - 1 : null);
  }

  @Override
  public @Nullable Icon icon(String name) {
    for (Said one : said.asMap().values()) {
      Icon icon = one.found instanceof TheTeam the ? IconUrls.find(the.team(), name) : null;
      if (icon != null) {
        return icon;
      }
    }
    return null;
  }

  @Override
  public boolean hasChatsThatOnlyAdminsMute() {
    return said.asMap().values().stream()
        .anyMatch(
            one -> one.found instanceof TheTeam the && the.team().hasChatsThatOnlyAdminsMute());
  }

  /**
   * The chat server says that a team is not as it was: it is asked for anew if anything is known of
   * it. Any thread; never blocks.
   */
  public void invalidate(TeamId uid) {
    CompletableFuture<Said> running = asking.get(uid);
    if (running != null) {
      // What is being answered may be from before the change.
      var _ = running.exceptionally(e -> null).thenCompose(answer -> ask(uid));
    } else if (said.getIfPresent(uid) != null) {
      var _ = ask(uid);
    }
  }

  /**
   * Asks anew for every team that somebody is connected of, one after the other: whoever comes in
   * meanwhile need not wait for all of them.
   */
  void refresh() {
    for (TeamId uid : watched.keySet()) {
      ask(uid).handle((said, failure) -> true).join();
    }
  }

  @Override
  public void close() {
    timer.shutdownNow();
    client.close();
  }

  private CompletableFuture<Said> ask(TeamId uid) {
    var mine = new CompletableFuture<Said>();
    CompletableFuture<Said> running = asking.putIfAbsent(uid, mine);
    if (running != null) {
      return running;
    }
    Thread.startVirtualThread(
        () -> {
          try {
            Said answer = answer(uid);
            said.put(uid, answer);
            asking.remove(uid, mine);
            mine.complete(answer);
          } catch (IOException | InterruptedException | RuntimeException e) {
            log.warn("team {} cannot be told: {}", shortForm(uid), e.toString());
            asking.remove(uid, mine);
            mine.completeExceptionally(e);
          }
        });
    return mine;
  }

  private Said answer(TeamId uid) throws IOException, InterruptedException {
    Said before = said.getIfPresent(uid);
    try {
      Said now = request(uid, before);
      if (!tell(before == null ? new NoTeam() : before.found, now.found)) {
        throw new IOException("too much to do for taking in the change");
      }
      return now;
    } catch (IOException e) {
      long nowNs = nanoTime.getAsLong();
      if (before != null && nowNs - before.saidNs < source.stale().toNanos()) {
        log.warn("team {} stays as it was: {}", shortForm(uid), e.getMessage());
        return before.heldUntil(nowNs + PATIENCE.toNanos());
      }
      throw e;
    }
  }

  private static String shortForm(TeamId uid) {
    return uid.value().substring(0, 8);
  }

  private boolean tell(Found before, Found now) {
    return switch (now) {
      case TheTeam the -> the.equals(before) || changed.test(the.team());
      case NoTeam none -> !(before instanceof TheTeam gone) || changed.test(gone.team().empty());
    };
  }

  private Said request(TeamId uid, @Nullable Said before) throws IOException, InterruptedException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(source.url + "/" + uid.value()))
            .header("Accept", "application/json")
            .GET();
    if (!source.authorization.isEmpty()) {
      request.header("Authorization", source.authorization);
    }
    if (before != null && !before.etag.isEmpty()) {
      request.header("If-None-Match", before.etag);
    }
    CallbackClient.Answer answer = client.send(request.build());
    long nowNs = nanoTime.getAsLong();
    long freshNs = nowNs + source.fresh().toNanos();
    if (answer.status() == NOT_MODIFIED && before != null) {
      return new Said(before.found, before.etag, before.hash, before.bytes, nowNs, freshNs);
    }
    if (answer.status() == NOT_FOUND) {
      return new Said(new NoTeam(), "", "", OVERHEAD_BYTES, nowNs, freshNs);
    }
    if (answer.status() != OK) {
      throw new IOException(source.url.getHost() + " answers with status " + answer.status());
    }
    String hash = TokenHash.of(new String(answer.body(), StandardCharsets.UTF_8));
    Found found =
        before != null && before.hash.equals(hash)
            ? before.found
            : new TheTeam(TeamAnswer.parse(answer.body(), uid));
    return new Said(
        found, answer.etag(), hash, OVERHEAD_BYTES + answer.body().length, nowNs, freshNs);
  }
}
