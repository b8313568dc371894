package parley.signalling.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.WebSocket;
import java.net.http.WebSocketHandshakeException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import parley.relay.api.MediaRelay;
import parley.relay.api.RelayCommand;
import parley.signalling.access.TokenCheck;
import parley.signalling.access.Verdict;
import parley.signalling.call.CallPolicy;
import parley.signalling.directory.Account;
import parley.signalling.directory.DemoTeam;
import parley.signalling.directory.Team;
import parley.signalling.link.LinkSettings;
import parley.signalling.servers.Services;
import parley.signalling.session.CallEvents;
import parley.signalling.session.CallLoop;
import parley.signalling.session.SessionSettings;
import parley.signalling.wire.EventCodec;
import parley.signalling.wire.Jid;
import parley.signalling.wire.TeamId;
import parley.stun.IceServers;

/** The real server, and tokens that are looked at on another thread. */
class WhoComesInTest {

  private static final LinkSettings NO_LINK =
      new LinkSettings(List.of(), Duration.ofMinutes(1), Duration.ofSeconds(9));

  private static final String STRANGER = "d-00000000-0000-4000-8000-000000000000";

  private final DemoTeam demo = DemoTeam.load();
  private final Team team = demo.team();
  private final HttpClient client = HttpClient.newHttpClient();
  private final EventCodec codec = new EventCodec();
  private final SimpleMeterRegistry metrics = new SimpleMeterRegistry();
  private final CallLoop loop =
      new CallLoop(
          codec,
          new SessionSettings(Duration.ofSeconds(5), CallPolicy.defaults()),
          Clock.systemUTC(),
          metrics,
          CallEvents.NONE);
  private HttpDoor door;

  /** Knows tokens by what they say; slowly. */
  private final class Told implements TokenCheck {
    @Override
    public CompletableFuture<Verdict> check(String token) {
      Verdict verdict =
          switch (token) {
            case "alice" -> known(team.uid(), team.contacts().iterator().next().jid());
            case "stranger" -> known(team.uid(), Jid.of(STRANGER));
            case "elsewhere" ->
                known(new TeamId("00000000-0000-4000-8000-000000000001"), Jid.of(STRANGER));
            case "who knows" -> new Verdict.Unavailable("nobody there");
            default -> new Verdict.Unknown("not told");
          };
      if (token.equals("defect")) {
        return CompletableFuture.failedFuture(new IllegalStateException("a defect"));
      }
      var later = CompletableFuture.delayedExecutor(50, TimeUnit.MILLISECONDS);
      return CompletableFuture.supplyAsync(() -> verdict, later);
    }

    private static Verdict known(TeamId team, Jid jid) {
      return new Verdict.Known(new Account(Map.of(team, jid)));
    }

    @Override
    public void close() {}
  }

  @BeforeEach
  void open() throws Exception {
    var settings =
        new ServerSettings(
            "127.0.0.1",
            0,
            List.of(),
            false,
            Duration.ofSeconds(9),
            new ServerSettings.Features(
                false,
                0,
                false,
                new IceServers(List.of()),
                1,
                Duration.ofSeconds(5),
                Duration.ZERO));
    MediaRelay relay =
        new MediaRelay() {
          @Override
          public boolean submit(RelayCommand command) {
            return true;
          }

          @Override
          public void close() {}
        };
    loop.start(relay);
    door =
        HttpDoor.open(
            settings,
            demo.directory(),
            null,
            new Told(),
            Services.none(),
            null,
            NO_LINK,
            loop,
            codec,
            metrics);
  }

  @AfterEach
  void close() throws Exception {
    door.close();
    loop.close();
    client.close();
  }

  @Test
  void answersWithTheCodesThatClientsKnow() throws Exception {
    assertThat(get()).isEqualTo("401 {\"ok\":false,\"error\":\"EMPTY_TOKEN\"}");
    assertThat(get("token", "wrong")).isEqualTo("401 {\"ok\":false,\"error\":\"INVALID_TOKEN\"}");
    assertThat(get("Cookie", "parley_session=abc"))
        .isEqualTo("401 {\"ok\":false,\"error\":\"EMPTY_SESSION\"}");
    assertThat(get("token", "who knows")).isEqualTo("503 {\"ok\":false,\"error\":\"UNAVAILABLE\"}");
    assertThat(get("token", "defect")).startsWith("503 ");
    assertThat(get("token", "stranger")).startsWith("404 ");
    assertThat(get("token", "elsewhere")).startsWith("404 ");
    assertThat(get("token", "x".repeat(8_000))).startsWith("401 ");
    assertThat(get("token", "x".repeat(9_000))).startsWith("401 ");
    assertThat(get("token", "x".repeat(20_000))).startsWith("431 ");
    assertThat(get("Authorization", "Bearer alice")).startsWith("200 {\"ok\":true");
    assertThat(get("Authorization", "Basic alice")).startsWith("401 ");
  }

  @Test
  void opensASocketOnceTheTokenIsKnown() throws Exception {
    assertThat(firstTextOf(builder -> builder.header("token", "alice")))
        .contains("\"server.time\"");
    String encoded =
        Base64.getUrlEncoder()
            .withoutPadding()
            .encodeToString("alice".getBytes(StandardCharsets.UTF_8));
    assertThat(firstTextOf(builder -> builder.subprotocols("parley", "token." + encoded)))
        .contains("\"server.time\"");
  }

  @Test
  void limitsFramesOfASocketThatHadToWait() throws Exception {
    try (var greedy = new BareClient(door.port(), team.uid().toString(), "alice")) {
      greedy.announcesFrame(3_000_000);
      assertThat(greedy.closeCode()).isEqualTo(1009);
    }
    try (WireClient client = WireClient.withToken(messaging(), "alice")) {
      client.raw("x".repeat(1_000_000));
      assertThat(client.hears("server.warning").toString()).contains("too large");
      client.says("{'event':'client.ping','confirm_id':'still'}");
      assertThat(client.hears("server.confirm").toString()).contains("still");
    }
  }

  @Test
  void tellsWhoIsNotInTheTeamThatThereIsNone() throws Exception {
    for (String token : List.of("stranger", "elsewhere")) {
      assertThat(firstTextOf(builder -> builder.header("token", token))).contains("INVALID_TEAM");
    }
  }

  @Test
  void refusesASocketWithItsReason() {
    assertThat(refusal("wrong")).isEqualTo(401);
    assertThat(refusal("who knows")).isEqualTo(503);
  }

  private int refusal(String token) {
    try {
      firstTextOf(builder -> builder.header("token", token));
      return 101;
    } catch (CompletionException e) {
      return e.getCause() instanceof WebSocketHandshakeException refused
          ? refused.getResponse().statusCode()
          : -1;
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  private String messaging() {
    return "ws://127.0.0.1:" + door.port() + "/messaging/" + team.uid();
  }

  private interface Preparing {
    WebSocket.Builder prepare(WebSocket.Builder builder);
  }

  private String firstTextOf(Preparing preparing) throws InterruptedException {
    BlockingQueue<String> texts = new LinkedBlockingQueue<>();
    var listener =
        new WebSocket.Listener() {
          @Override
          public CompletionStage<?> onText(WebSocket socket, CharSequence data, boolean last) {
            texts.add(data.toString());
            socket.request(1);
            return CompletableFuture.completedFuture(null);
          }
        };
    WebSocket socket =
        preparing
            .prepare(client.newWebSocketBuilder())
            .buildAsync(URI.create(messaging()), listener)
            .orTimeout(20, TimeUnit.SECONDS)
            .join();
    String first = texts.poll(20, TimeUnit.SECONDS);
    socket.abort();
    return String.valueOf(first);
  }

  private String get(String... headers) throws Exception {
    URI url = URI.create("http://127.0.0.1:" + door.port() + "/api/v4/teams/" + team.uid());
    var request = HttpRequest.newBuilder(url);
    if (headers.length > 0) {
      request.headers(headers);
    }
    var response = client.send(request.build(), BodyHandlers.ofString());
    return response.statusCode() + " " + response.body();
  }
}
