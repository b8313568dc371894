package parley.signalling.server;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.WebSocketHandshakeException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import parley.signalling.access.TokenCheck;
import parley.signalling.access.Verdict;
import parley.signalling.call.CallPolicy;
import parley.signalling.directory.Account;
import parley.signalling.directory.DemoTeam;
import parley.signalling.directory.TeamChanges;
import parley.signalling.link.LinkSettings;
import parley.signalling.servers.Examination;
import parley.signalling.servers.Scope;
import parley.signalling.servers.ServiceToken;
import parley.signalling.servers.ServiceTokens;
import parley.signalling.servers.Services;
import parley.signalling.session.CallEvents;
import parley.signalling.session.CallLoop;
import parley.signalling.session.SessionSettings;
import parley.signalling.wire.EventCodec;
import parley.stun.IceServer;
import parley.stun.IceServers;

/**
 * The real server, and clients that ask too often. Nothing here waits: of fifty requests at six a
 * minute, most are refused however slow the machine is.
 */
class LimitsTest {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int MANY = 50;

  private final DemoTeam demo = DemoTeam.load();
  private final HttpClient client = HttpClient.newHttpClient();
  private final EventCodec codec = new EventCodec();
  private final SimpleMeterRegistry metrics = new SimpleMeterRegistry();
  private final AtomicInteger asked = new AtomicInteger();
  private final CallLoop loop =
      new CallLoop(
          codec,
          new SessionSettings(Duration.ofSeconds(5), CallPolicy.defaults()),
          Clock.systemUTC(),
          metrics,
          CallEvents.NONE);
  private @Nullable HttpDoor door;

  private void open(LimitSettings limits) throws Exception {
    var ice =
        new IceServers(
            List.of(
                new IceServer("turn:turn.example", "me", "hunter2"),
                new IceServer("stun:stun.example", "", "")));
    var settings =
        new ServerSettings(
            "127.0.0.1",
            0,
            List.of(),
            false,
            true,
            Duration.ofSeconds(9),
            new ServerSettings.Features(
                false, 0, false, ice, 1, Duration.ofSeconds(5), Duration.ZERO),
            limits);
    TokenCheck tokens =
        token -> {
          asked.incrementAndGet();
          Verdict verdict =
              switch (token) {
                case "alice", "bob" ->
                    new Verdict.Known(
                        new Account(
                            Map.of(
                                demo.team().uid(),
                                demo.team().contacts().iterator().next().jid())));
                case "who knows" -> new Verdict.Unavailable("nobody there");
                default -> new Verdict.Unknown("a stranger's");
              };
          return CompletableFuture.completedFuture(verdict);
        };
    var services =
        new Services(
            new ServiceTokens(
                List.of(
                    ServiceToken.of("chat", "s".repeat(32), Set.of(Scope.CALLS_READ), Set.of()))),
            access -> {},
            new Examination(List::of));
    var changes = new TeamChanges("Bearer right", team -> {});
    door =
        HttpDoor.open(
            settings,
            demo.directory(),
            changes,
            tokens,
            services,
            null,
            new LinkSettings(List.of(), Duration.ofMinutes(1), Duration.ofSeconds(9)),
            loop,
            codec,
            metrics);
  }

  @AfterEach
  void close() throws Exception {
    requireNonNull(door).close();
    client.close();
  }

  @Test
  void refusesWhoAsksTooOften() throws Exception {
    open(new LimitSettings(6, 0, 0, List.of()));
    assertThat(get("/api/v4/ping").statusCode()).isEqualTo(200);
    HttpResponse<String> refused = null;
    for (int i = 0; i < MANY && refused == null; i++) {
      HttpResponse<String> answer = get("/api/v4/ping");
      refused = answer.statusCode() == 200 ? null : answer;
    }
    requireNonNull(refused, "all were let in");
    assertThat(refused.statusCode()).isEqualTo(429);
    assertThat(refused.headers().firstValueAsLong("Retry-After")).hasValue(5);
    assertThat(refused.body()).isEqualTo("{\"ok\":false,\"error\":\"RATE_LIMIT\"}");
    List<String> toServers = new ArrayList<>();
    for (int i = 0; i < MANY; i++) {
      toServers.add(get("/parley/v1/teams/" + demo.team().uid() + "/calls").body());
    }
    assertThat(toServers).anyMatch(body -> body.contains("\"code\":\"rate_limit\""));
  }

  @Test
  void knowsClientsBehindATrustedProxyApart() throws Exception {
    open(new LimitSettings(6, 0, 0, List.of(AddressRange.parse("127.0.0.1"))));
    for (int i = 0; i < MANY; i++) {
      get("/api/v4/ping", "X-Forwarded-For", "192.0.2.1");
    }
    assertThat(get("/api/v4/ping", "X-Forwarded-For", "192.0.2.1").statusCode()).isEqualTo(429);
    assertThat(get("/api/v4/ping", "X-Forwarded-For", "192.0.2.1, 192.0.2.2").statusCode())
        .isEqualTo(200);
    for (int i = 0; i < MANY; i++) {
      assertThat(get("/api/v4/ping").statusCode()).isEqualTo(200);
    }
  }

  @Test
  void refusesATokenThatIsUsedTooOften() throws Exception {
    open(new LimitSettings(0, 6, 0, List.of()));
    assertThat(statuses("token", "alice")).contains(200, 429);
    assertThat(get(team(), "token", "bob").statusCode()).isEqualTo(200);
    assertThat(refusal("alice")).isEqualTo(429);
  }

  @Test
  void looksAtNoTokensOfWhoSendsWrongOnes() throws Exception {
    open(new LimitSettings(0, 0, 6, List.of()));
    assertThat(get(team(), "token", "alice").statusCode()).isEqualTo(200);
    int before = asked.get();
    for (int i = 0; i < MANY; i++) {
      get(team(), "token", "guess" + i);
    }
    assertThat(asked.get() - before).isLessThan(MANY / 2);
    assertThat(get(team(), "token", "bob").statusCode()).isEqualTo(429);
    assertThat(get(team(), "token", "alice").statusCode()).as("right before").isEqualTo(200);
    assertThat(get(team()).statusCode()).as("no token is no wrong one").isEqualTo(401);
    assertThat(get(team(), "Cookie", "parley_session=guess").statusCode()).isEqualTo(429);
    assertThat(refusal("bob")).isEqualTo(429);
    assertThat(changed("Bearer guess")).isEqualTo(429);
  }

  @Test
  void countsWrongSecretsOfChatServersAsWell() throws Exception {
    open(new LimitSettings(0, 0, 6, List.of()));
    assertThat(changed("Bearer right")).isEqualTo(202);
    for (int i = 0; i < MANY; i++) {
      changed("Bearer guess" + i);
    }
    assertThat(changed("Bearer guess")).isEqualTo(429);
    assertThat(changed("Bearer right")).isEqualTo(202);
  }

  @Test
  void countsNoTokenThatNobodyCouldLookAt() throws Exception {
    open(new LimitSettings(0, 0, 6, List.of()));
    assertThat(statuses("token", "who knows")).containsOnly(503);
    assertThat(get(team(), "token", "bob").statusCode()).isEqualTo(200);
  }

  @Test
  void tellsTurnCredentialsOnlyToThoseWhoHaveSignedIn() throws Exception {
    open(LimitSettings.defaults());
    for (String[] stranger :
        new String[][] {{}, {"token", "wrong"}, {"Cookie", "parley_session=x"}}) {
      HttpResponse<String> answer = get("/features.json", stranger);
      assertThat(answer.statusCode()).isEqualTo(200);
      assertThat(answer.body()).contains("stun:stun.example").doesNotContain("turn:", "hunter2");
    }
    JsonNode servers =
        JSON.readTree(get("/features.json", "token", "alice").body()).get("ice_servers");
    assertThat(servers.at("/0/urls").textValue()).isEqualTo("turn:turn.example");
    assertThat(servers.at("/0/credential").textValue()).isEqualTo("hunter2");
    assertThat(servers).hasSize(2);
    assertThat(get("/features.json", "token", "who knows").statusCode()).isEqualTo(503);
  }

  private List<Integer> statuses(String... headers) throws Exception {
    var statuses = new ArrayList<Integer>();
    for (int i = 0; i < MANY; i++) {
      statuses.add(get(team(), headers).statusCode());
    }
    return statuses;
  }

  private int port() {
    return requireNonNull(door).port();
  }

  private String team() {
    return "/api/v4/teams/" + demo.team().uid();
  }

  private int refusal(String token) {
    String url = "ws://127.0.0.1:" + port() + "/messaging/" + demo.team().uid();
    Throwable refused = catchThrowable(() -> WireClient.withToken(url, token));
    var handshake = (WebSocketHandshakeException) requireNonNull(refused.getCause());
    return handshake.getResponse().statusCode();
  }

  private int changed(String authorization) throws Exception {
    String path = "/directory/teams/" + demo.team().uid() + "/changed";
    HttpRequest request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port() + path))
            .header("Authorization", authorization)
            .POST(HttpRequest.BodyPublishers.noBody())
            .build();
    return client.send(request, BodyHandlers.discarding()).statusCode();
  }

  private HttpResponse<String> get(String path, String... headers) throws Exception {
    var request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port() + path));
    if (headers.length > 0) {
      request.headers(headers);
    }
    return client.send(request.build(), BodyHandlers.ofString());
  }
}
