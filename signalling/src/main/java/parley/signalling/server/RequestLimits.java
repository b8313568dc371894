package parley.signalling.server;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.http.HttpServerRequest;
import java.time.Duration;
import java.util.List;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import parley.signalling.directory.TokenHash;
import parley.signalling.session.Allowance;

/**
 * Refuses what comes too often: requests from one network, requests with one token, and tokens of
 * nobody's from one network. Any thread.
 */
final class RequestLimits {

  /** Networks and tokens that are counted; those heard of least lately begin anew. */
  private static final int MAX_TRACKED = 100_000;

  /** By then everything is allowed again. */
  private static final Duration FORGET = Duration.ofMinutes(2);

  /** Who signed in with a token need not fear his neighbours' mistakes for so long. */
  private static final Duration REMEMBER = Duration.ofHours(12);

  private static final String NETWORK = "network";
  private static final String TOKEN = "token";
  private static final String WRONG_TOKENS = "wrong_tokens";

  private final LimitSettings settings;
  private final LongSupplier nanoTime;
  private final MeterRegistry metrics;
  private final Cache<String, Allowance> networks = counted();
  private final Cache<String, Allowance> tokens = counted();
  private final Cache<String, Allowance> wrong = counted();
  private final Cache<String, Boolean> good =
      Caffeine.newBuilder().maximumSize(MAX_TRACKED).expireAfterWrite(REMEMBER).build();

  RequestLimits(LimitSettings settings, MeterRegistry metrics) {
    this(settings, metrics, System::nanoTime);
  }

  RequestLimits(LimitSettings settings, MeterRegistry metrics, LongSupplier nanoTime) {
    this.settings = settings;
    this.metrics = metrics;
    this.nanoTime = nanoTime;
    for (String why : List.of(NETWORK, TOKEN, WRONG_TOKENS)) {
      Counter _ = counter(why); // there from the start, for who scrapes
    }
  }

  /** Where a request comes from; null when it cannot be told apart from others. */
  @Nullable String network(HttpServerRequest request) {
    return ClientNetwork.of(request, settings.trustedProxies());
  }

  /** Whether a request may come in at all. */
  boolean admits(@Nullable String network) {
    return network == null
        || take(networks, network, settings.addressPerMinute(), 1)
        || refused(NETWORK);
  }

  /** Whether a request may come in with this token, or session. */
  boolean admitsToken(String token) {
    return take(tokens, TokenHash.of(token), settings.tokenPerMinute(), 1) || refused(TOKEN);
  }

  /** A look at tokens, counted as if all were wrong until it is known. */
  final class Attempt {
    private final @Nullable String network;
    private final List<String> candidates;

    private Attempt(@Nullable String network, List<String> candidates) {
      this.network = network;
      this.candidates = candidates;
    }

    /** One of them was right: from now on they may come whatever else comes from there. */
    void right() {
      candidates.forEach(token -> good.put(TokenHash.of(token), true));
      undecided();
    }

    /** Nobody could say. */
    void undecided() {
      Allowance allowance = network == null ? null : wrong.getIfPresent(network);
      if (allowance != null) {
        synchronized (allowance) {
          allowance.giveBack(candidates.size());
        }
      }
    }
  }

  /** Null when too many wrong ones have come from there: these are not even looked at. */
  @Nullable Attempt attempt(@Nullable String network, List<String> candidates) {
    if (network == null || candidates.stream().anyMatch(this::isGood)) {
      return new Attempt(null, candidates);
    }
    if (take(wrong, network, settings.wrongTokensPerMinute(), candidates.size())) {
      return new Attempt(network, candidates);
    }
    refused(WRONG_TOKENS);
    return null;
  }

  private boolean isGood(String token) {
    return good.getIfPresent(TokenHash.of(token)) != null;
  }

  private boolean take(Cache<String, Allowance> table, String key, int perMinute, int amount) {
    if (perMinute == 0) {
      return true;
    }
    long nowNs = nanoTime.getAsLong();
    Allowance allowance = table.get(key, k -> new Allowance(perMinute, perMinute / 60.0, nowNs));
    synchronized (allowance) {
      return allowance.take(amount, nowNs);
    }
  }

  private boolean refused(String why) {
    counter(why).increment();
    return false;
  }

  private Counter counter(String why) {
    return metrics.counter("parley.signalling.requests.refused", "why", why);
  }

  private static Cache<String, Allowance> counted() {
    return Caffeine.newBuilder().maximumSize(MAX_TRACKED).expireAfterAccess(FORGET).build();
  }
}
