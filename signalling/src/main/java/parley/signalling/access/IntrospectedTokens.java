package parley.signalling.access;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.github.benmanes.caffeine.cache.AsyncCache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Expiry;
import com.github.benmanes.caffeine.cache.Ticker;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;
import parley.signalling.callback.CallbackClient;
import parley.signalling.directory.Account;
import parley.signalling.directory.TokenHash;

/**
 * Tokens that only the chat server can read: it is asked about each (OAuth 2.0 Token Introspection,
 * RFC 7662), and its answers are kept for a short while. When it does not answer nobody comes in.
 */
public final class IntrospectedTokens implements TokenCheck {

  private static final int OK = 200;

  /** A million sockets are another machine's; an answer is a few hundred bytes. */
  private static final int MAX_CACHED = 100_000;

  /** A client that insists on a wrong token is a burden to the chat server once in this time. */
  static final Duration NEGATIVE = Duration.ofSeconds(10);

  private static final TypeReference<Map<String, Object>> CLAIMS = new TypeReference<>() {};

  private static final ObjectMapper JSON =
      JsonMapper.builder(
              JsonFactory.builder()
                  .streamReadConstraints(
                      StreamReadConstraints.builder().maxNestingDepth(16).build())
                  .build())
          .build();

  /** An answer, and until when it holds. */
  private record Kept(Verdict verdict, long untilNs) {}

  private final URI url;
  private final String authorization;
  private final ClaimNames claims;
  private final Duration keep;
  private final CallbackClient client;
  private final InstantSource clock;
  private final Ticker ticker;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

  /** By the token's hash: no token stays in memory. One question at a time about each. */
  private final AsyncCache<String, Kept> answers;

  /**
   * @param authorization the Authorization header for the chat server; empty: none
   * @param keep how long a good answer holds, unless the token expires before
   * @param client which this closes at its end
   */
  public IntrospectedTokens(
      URI url, String authorization, ClaimNames claims, Duration keep, CallbackClient client) {
    this(url, authorization, claims, keep, client, InstantSource.system(), Ticker.systemTicker());
  }

  IntrospectedTokens(
      URI url,
      String authorization,
      ClaimNames claims,
      Duration keep,
      CallbackClient client,
      InstantSource clock,
      Ticker ticker) {
    this.url = url;
    this.authorization = authorization;
    this.claims = claims;
    this.keep = keep;
    this.client = client;
    this.clock = clock;
    this.ticker = ticker;
    this.answers =
        Caffeine.newBuilder()
            .maximumSize(MAX_CACHED)
            .expireAfter(Expiry.<String, Kept>creating((token, kept) -> left(kept)))
            .ticker(ticker)
            .executor(Runnable::run)
            .buildAsync();
  }

  @Override
  public CompletableFuture<Verdict> check(String token) {
    String hash = TokenHash.of(token);
    CompletableFuture<Kept> known = answers.getIfPresent(hash);
    // The cache counts a little later than the answer says, and keeps what did not come.
    if (known != null && known.isDone() && (known.isCompletedExceptionally() || isOver(known))) {
      answers.asMap().remove(hash, known);
    }
    return answers.get(hash, (key, executor) -> ask(token)).thenApply(Kept::verdict);
  }

  private boolean isOver(CompletableFuture<Kept> known) {
    return !left(known.resultNow()).isPositive();
  }

  private Duration left(Kept kept) {
    return Duration.ofNanos(Math.max(0, kept.untilNs - ticker.read()));
  }

  private Kept keep(Verdict verdict, Duration time) {
    return new Kept(verdict, ticker.read() + time.toNanos());
  }

  @Override
  public void close() {
    client.close();
    threads.shutdownNow();
  }

  private CompletableFuture<Kept> ask(String token) {
    return CompletableFuture.supplyAsync(
        () -> {
          try {
            return judge(client.send(request(token)));
          } catch (IOException e) {
            return unavailable(String.valueOf(e.getMessage()));
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return unavailable("stopping");
          }
        },
        threads);
  }

  private HttpRequest request(String token) {
    String form =
        "token="
            + URLEncoder.encode(token, StandardCharsets.UTF_8)
            + "&token_type_hint=access_token";
    HttpRequest.Builder request =
        HttpRequest.newBuilder(url)
            .header("Content-Type", "application/x-www-form-urlencoded")
            .header("Accept", "application/json")
            .POST(BodyPublishers.ofString(form));
    if (!authorization.isEmpty()) {
      request.header("Authorization", authorization);
    }
    return request.build();
  }

  private Kept judge(CallbackClient.Answer answer) throws IOException {
    if (answer.status() != OK) {
      throw new IOException(url.getHost() + " answers with status " + answer.status());
    }
    Map<String, Object> said;
    try {
      said = JSON.readValue(answer.body(), CLAIMS);
    } catch (JsonProcessingException e) {
      throw new IOException(url.getHost() + " does not answer with a JSON object", e);
    }
    // Only what is true, and not "true": RFC 7662 §2.2.
    if (said == null || !Boolean.TRUE.equals(said.get("active"))) {
      return keep(new Verdict.Unknown("the chat server says it is not active"), NEGATIVE);
    }
    Account account = claims.account(said);
    if (account == null) {
      return keep(
          new Verdict.Unknown("the chat server's answer names no contact of a team"), NEGATIVE);
    }
    return until(said.get("exp"), new Verdict.Known(account));
  }

  private Kept until(@Nullable Object exp, Verdict known) {
    if (!(exp instanceof Number seconds)) {
      return keep(known, keep);
    }
    Instant now = clock.instant();
    long left = seconds.longValue() - now.getEpochSecond();
    if (left <= 0) {
      return keep(new Verdict.Unknown("expired"), NEGATIVE);
    }
    Duration time = left < keep.toSeconds() ? Duration.ofSeconds(left) : keep;
    return keep(known, time);
  }

  /** Not kept: the next one asks again. */
  private Kept unavailable(String why) {
    return keep(new Verdict.Unavailable(why), Duration.ZERO);
  }
}
