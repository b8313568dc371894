package parley.signalling.oidc;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.nimbusds.jose.jwk.source.JWKSource;
import com.nimbusds.jose.jwk.source.JWKSourceBuilder;
import com.nimbusds.jose.proc.SecurityContext;
import com.nimbusds.jose.util.Resource;
import java.io.IOException;
import java.net.MalformedURLException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Set;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import parley.signalling.callback.CallbackClient;
import parley.signalling.oidc.OidcFailure.Kind;

/** Asks a provider what it can do, and where (OpenID Connect Discovery). Blocks. Any thread. */
final class Discovery {

  private static final Logger log = LoggerFactory.getLogger(Discovery.class);

  private static final ObjectMapper JSON = new ObjectMapper();

  /** A provider that moves is followed within the hour; meanwhile its old addresses are kept. */
  static final Duration FRESH = Duration.ofHours(1);

  /** Who comes while a provider is away does not wait for it each: it is asked so often. */
  static final Duration AGAIN = Duration.ofSeconds(3);

  private static final long KEYS_FRESH_MS = Duration.ofMinutes(5).toMillis();
  private static final long KEYS_PATIENCE_MS = Duration.ofSeconds(10).toMillis();

  /** Of somebody else's words in a sentence of ours. */
  private static final int MAX_TOLD_CHARS = 200;

  private final URI issuer;
  private final CallbackClient http;
  private final LongSupplier nanoTime;
  private volatile @Nullable Metadata known;
  private long readNs;
  private @Nullable OidcFailure failure;
  private long failedNs;

  /** What a provider says of itself, and what time it has. */
  record Told(Metadata metadata, String date) {}

  Discovery(URI issuer, CallbackClient http, LongSupplier nanoTime) {
    this.issuer = issuer;
    this.http = http;
    this.nanoTime = nanoTime;
  }

  /** What was said last, without asking; null: nothing yet. */
  @Nullable Metadata known() {
    return known;
  }

  /**
   * Asked for until there is an answer: a provider that is away at our start may come.
   *
   * @throws OidcFailure of {@link Kind#UNREACHABLE}
   */
  synchronized Metadata metadata() throws OidcFailure, InterruptedException {
    Metadata now = known;
    if (now != null && nanoTime.getAsLong() - readNs < FRESH.toNanos()) {
      return now;
    }
    OidcFailure before = failure;
    if (before != null && nanoTime.getAsLong() - failedNs < AGAIN.toNanos()) {
      return keptOr(before);
    }
    try {
      Metadata read = look().metadata();
      known = read;
      readNs = nanoTime.getAsLong();
      failure = null;
      return read;
    } catch (OidcFailure e) {
      failure = e;
      failedNs = nanoTime.getAsLong();
      return keptOr(e);
    }
  }

  private Metadata keptOr(OidcFailure e) throws OidcFailure {
    Metadata kept = known;
    if (kept == null) {
      throw new OidcFailure(e.kind(), String.valueOf(e.getMessage()), e);
    }
    log.warn("what is known of the OpenID provider is kept: {}", e.getMessage());
    return kept;
  }

  /** Asks now. */
  Told look() throws OidcFailure, InterruptedException {
    String name = issuer.toString();
    URI at = URI.create(name.replaceFirst("/$", "") + "/.well-known/openid-configuration");
    HttpRequest request = HttpRequest.newBuilder(at).header("Accept", "application/json").build();
    JsonNode told;
    CallbackClient.Answer answer;
    try {
      answer = http.send(request);
      if (answer.status() != 200) {
        throw away("%s answers %d".formatted(at, answer.status()), null);
      }
      told = JSON.readTree(answer.body());
    } catch (JsonProcessingException e) {
      throw away(at + " is no JSON", e);
    } catch (IOException e) {
      throw away(at + ": " + plain(e.getMessage()), e);
    }
    String says = told.path("issuer").asText();
    if (!says.equals(name)) { // Discovery §4.3: one provider could pass for another
      throw away(
          "%s says that it is \"%s\"; right would be the same in operate.oidc.issuer"
              .formatted(at, plain(says)),
          null);
    }
    Set<String> methods =
        told.path("token_endpoint_auth_methods_supported")
            .valueStream()
            .map(JsonNode::asText)
            .collect(Collectors.toSet());
    URI keysAt = endpoint(told, "jwks_uri");
    Metadata before = known;
    Metadata metadata =
        new Metadata(
            endpoint(told, "authorization_endpoint"),
            endpoint(told, "token_endpoint"),
            told.has("end_session_endpoint") ? endpoint(told, "end_session_endpoint") : null,
            // Discovery §3: the default
            methods.isEmpty() || methods.contains("client_secret_basic"),
            told.path("authorization_response_iss_parameter_supported").asBoolean(),
            keysAt,
            before != null && before.keysAt().equals(keysAt) ? before.keys() : keys(keysAt));
    return new Told(metadata, answer.date());
  }

  /** A page of http:// could be anybody's, unless the issuer itself is one. */
  private URI endpoint(JsonNode told, String name) throws OidcFailure {
    String text = told.path(name).asText();
    try {
      URI uri = URI.create(text);
      boolean isSafe = "https".equals(uri.getScheme()) || "http".equals(issuer.getScheme());
      if (uri.getHost() != null && isSafe) {
        return uri;
      }
    } catch (IllegalArgumentException e) {
      throw away("the provider's %s is no URL: %s".formatted(name, plain(text)), e);
    }
    throw away("the provider's %s is no https URL: %s".formatted(name, plain(text)), null);
  }

  private JWKSource<SecurityContext> keys(URI at) throws OidcFailure {
    try {
      // Within the bounds of CallbackClient, and without its redirects.
      return JWKSourceBuilder.<SecurityContext>create(at.toURL(), url -> fetched(url.toString()))
          .cache(KEYS_FRESH_MS, KEYS_PATIENCE_MS)
          .refreshAheadCache(false) // would keep a thread
          .build();
    } catch (MalformedURLException e) {
      throw away("the provider's jwks_uri is no URL", e);
    }
  }

  private Resource fetched(String url) throws IOException {
    try {
      CallbackClient.Answer answer = http.send(HttpRequest.newBuilder(URI.create(url)).build());
      if (answer.status() != 200) {
        throw new IOException("%s answers %d".formatted(url, answer.status()));
      }
      return new Resource(new String(answer.body(), StandardCharsets.UTF_8), "application/json");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }

  private static OidcFailure away(String sentence, @Nullable Throwable cause) {
    return new OidcFailure(
        Kind.UNREACHABLE, "the OpenID provider does not answer as it should: " + sentence, cause);
  }

  /** For the log: what somebody else wrote. */
  static String plain(@Nullable String text) {
    String plain = String.valueOf(text).replaceAll("\\p{C}", " ");
    return plain.length() <= MAX_TOLD_CHARS ? plain : plain.substring(0, MAX_TOLD_CHARS);
  }
}
