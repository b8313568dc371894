package parley.signalling.servers;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.net.DatagramSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import parley.signalling.app.Node;
import parley.signalling.server.WireClient;

/** What the operator's page stands on: who gets in, what he sees, what he may do. */
@Timeout(120)
class OperatorApiTest {

  private static final String TEAM = "6aefcf3b-e61c-4f35-8b5b-9d762a6a6cf9";
  private static final String MEETING = "g-3f7e2a85-49f5-4586-8229-d9c52813dcb2";
  private static final String ACTS = "acts-acts-acts-acts-acts-acts-acts-acts";
  private static final String LOOKS = "looks-looks-looks-looks-looks-looks-look";
  private static final String ELSEWHERE = "elsewhere-elsewhere-elsewhere-elsewhere";
  private static final String SERVER = "server-server-server-server-server-serve";
  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir Path folder;
  private final HttpClient http = HttpClient.newHttpClient();
  private Node node;
  private WireClient alice;
  private String uid;

  /** Who has signed in. */
  private record Operator(String cookie, String csrf) {}

  @BeforeEach
  void start() throws Exception {
    node =
        Node.start(
            Map.of(
                "PARLEY_HTTP_PORT",
                "0",
                "PARLEY_MEDIA_PORT",
                String.valueOf(freeUdpPort()),
                "PARLEY_MEDIA_LOOPS",
                "1",
                "PARLEY_MEDIA_ADDRESSES",
                "127.0.0.1",
                "PARLEY_RECORDING_DIRECTORY",
                folder.resolve("recordings").toString(),
                "PARLEY_API_TOKENS",
                ("[{name: olga, token: %s, scopes: ['operate:act']},"
                        + " {name: vic, token: %s, scopes: ['operate:view']},"
                        + " {name: far, token: %s, scopes: ['operate:act'],"
                        + " teams: [11111111-2222-3333-4444-555555555555]},"
                        + " {name: chat, token: %s, scopes: ['calls:read']}]")
                    .formatted(ACTS, LOOKS, ELSEWHERE, SERVER)));
    alice = WireClient.withToken(node.url().replace("http", "ws") + "/messaging/" + TEAM, "alice");
    alice.hears("server.time");
    var event = JSON.createObjectNode();
    event.put("event", "client.call.offer");
    event.putObject("params").put("jid", MEETING).put("muted", false).put("sdp", offer());
    alice.raw(JSON.writeValueAsString(event));
    uid = alice.hears("server.call.answer").at("/params/uid").textValue();
  }

  @AfterEach
  void stop() throws Exception {
    alice.close();
    node.close();
    http.close();
  }

  @Test
  void letsNobodyInWithoutATokenThatOperates() throws Exception {
    assertThat(get("/overview", null).statusCode()).isEqualTo(401);
    assertThat(enter("nonsense-nonsense-nonsense-nonsense-no").statusCode()).isEqualTo(401);
    assertThat(enter(SERVER).statusCode()).isEqualTo(403);
  }

  @Test
  void hidesTheSessionFromScriptsAndOtherSites() throws Exception {
    String cookie = enter(ACTS).headers().firstValue("set-cookie").orElseThrow();

    assertThat(cookie).contains("HttpOnly", "SameSite=Strict", "Path=/operate/api");
    assertThat(enter(ACTS, "Origin", "https://evil.example").statusCode()).isEqualTo(403);
  }

  @Test
  void tellsPagesOfOtherOriginsNothing() throws Exception {
    Operator olga = signIn(ACTS);
    for (String[] foreign :
        List.of(
            new String[] {"Origin", "https://chat.example"},
            new String[] {"Sec-Fetch-Site", "same-site"})) {
      var request = request("/overview", olga).headers(foreign).build();
      assertThat(http.send(request, HttpResponse.BodyHandlers.ofString()).statusCode())
          .isEqualTo(403);
    }
  }

  @Test
  void looksAtFewWrongTokensAndWritesDownThatSomebodyTries() throws Exception {
    int last = 401;
    for (int i = 0; i < 30 && last == 401; i++) {
      last = enter("nonsense-nonsense-nonsense-nonsense-" + i).statusCode();
    }
    assertThat(last).isEqualTo(429);
    assertThat(enter(ACTS).statusCode()).isEqualTo(429);
    while (!audit().contains("nobody's token")) {
      Thread.onSpinWait(); // it is written beside the answer; the class has a time limit
    }
  }

  @Test
  void showsCallsAndTheLoadOfTheNode() throws Exception {
    JsonNode all = JSON.readTree(get("/overview", signIn(LOOKS)).body());

    assertThat(all.at("/calls/0/call/uid").textValue()).isEqualTo(uid);
    assertThat(all.at("/calls/0/legs/0/display_name").textValue()).isEqualTo("Alice Archer");
    assertThat(all.at("/node/peers").intValue()).isEqualTo(1);
    assertThat(all.at("/health/status").textValue()).isIn("ready", "degraded");
  }

  @Test
  void showsAnOperatorOfOtherTeamsNothing() throws Exception {
    Operator far = signIn(ELSEWHERE);

    assertThat(JSON.readTree(get("/overview", far).body()).path("calls")).isEmpty();
    assertThat(get("/teams/" + TEAM + "/calls/" + uid, far).statusCode()).isEqualTo(404);
    assertThat(act("end", "{\"why\":\"x\"}", far, far.csrf()).statusCode()).isEqualTo(404);
  }

  @Test
  void letsWhoMayOnlyLookDoNothing() throws Exception {
    Operator vic = signIn(LOOKS);

    assertThat(act("end", "{\"why\":\"x\"}", vic, vic.csrf()).statusCode()).isEqualTo(403);
    assertThat(get("/teams/" + TEAM + "/calls/" + uid, vic).statusCode()).isEqualTo(200);
  }

  @Test
  void doesNothingForAnotherPageOrWithoutAReason() throws Exception {
    Operator olga = signIn(ACTS);

    assertThat(act("end", "{\"why\":\"x\"}", olga, "guessed").statusCode()).isEqualTo(403);
    assertThat(act("end", "{\"why\":\" \"}", olga, olga.csrf()).statusCode()).isEqualTo(422);
    assertThat(act("remove", "{\"why\":\"x\"}", olga, olga.csrf()).statusCode()).isEqualTo(422);
    String nobody = "{\"why\":\"x\",\"contact\":\"Alice\"}";
    assertThat(act("mute", nobody, olga, olga.csrf()).statusCode()).isEqualTo(422);
  }

  @Test
  void endsACallAndWritesDownWhoAndWhy() throws Exception {
    Operator olga = signIn(ACTS);

    assertThat(act("end", "{\"why\":\"case 17\"}", olga, olga.csrf()).statusCode()).isEqualTo(204);
    alice.hears("server.call.leave");
    assertThat(audit()).contains("operate.sign_in", "operator olga", "call.end", "case 17", uid);

    JsonNode past = JSON.readTree(get("/past", olga).body());
    assertThat(past.at("/calls/0/uid").textValue()).isEqualTo(uid);
    JsonNode details = null;
    do { // what the relay says of the leg's end comes a moment later
      details = JSON.readTree(get("/teams/" + TEAM + "/calls/" + uid, olga).body());
    } while (details.path("legs").isEmpty());
    assertThat(details.path("live").booleanValue()).isFalse();
    assertThat(details.at("/past/reason").textValue()).isNotEmpty();
    assertThat(details.at("/legs/0/course/turns").isArray()).isTrue();
  }

  @Test
  void drainsTheNodeForWhoMayDoEverything() throws Exception {
    Operator olga = signIn(ACTS);
    JsonNode all = JSON.readTree(get("/overview", olga).body());
    assertThat(all.at("/ending/others").intValue()).isZero();

    assertThat(drain("{\"why\":\"new disk\"}", olga).statusCode()).isEqualTo(202);
    node.endAsked().toCompletableFuture().join();
    assertThat(audit()).contains("node.drain", "operator olga", "new disk");
  }

  @Test
  void drainsForNobodyElse() throws Exception {
    Operator olga = signIn(ACTS);
    assertThat(drain("{\"why\":\"x\"}", signIn(LOOKS)).statusCode()).isEqualTo(403);
    assertThat(drain("{\"why\":\"x\"}", signIn(ELSEWHERE)).statusCode()).isEqualTo(403);
    assertThat(drain("{}", olga).statusCode()).isEqualTo(422);
    assertThat(drain("{\"why\":\"x\"}", new Operator(olga.cookie(), "guessed")).statusCode())
        .isEqualTo(403);

    assertThat(node.endAsked().toCompletableFuture()).isNotDone();
    assertThat(audit()).doesNotContain("node.drain");
  }

  @Test
  void forgetsWhoSignsOut() throws Exception {
    Operator olga = signIn(ACTS);
    var request = request("/session", olga).DELETE().build();
    assertThat(http.send(request, HttpResponse.BodyHandlers.ofString()).statusCode())
        .isEqualTo(204);

    assertThat(get("/overview", olga).statusCode()).isEqualTo(401);
  }

  private Operator signIn(String token) throws Exception {
    HttpResponse<String> answer = enter(token);
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(201);
    String cookie = answer.headers().firstValue("set-cookie").orElseThrow().split(";", 2)[0];
    return new Operator(cookie, JSON.readTree(answer.body()).path("csrf").textValue());
  }

  private HttpResponse<String> enter(String token, String... headers) throws Exception {
    var request =
        request("/session", null)
            .POST(HttpRequest.BodyPublishers.ofString("{\"token\":\"" + token + "\"}"));
    if (headers.length > 0) {
      request.headers(headers);
    }
    return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
  }

  private HttpResponse<String> get(String path, @Nullable Operator who) throws Exception {
    return http.send(request(path, who).build(), HttpResponse.BodyHandlers.ofString());
  }

  private HttpResponse<String> drain(String body, Operator who) throws Exception {
    var request =
        request("/drain", who)
            .header("Parley-CSRF", who.csrf())
            .POST(HttpRequest.BodyPublishers.ofString(body))
            .build();
    return http.send(request, HttpResponse.BodyHandlers.ofString());
  }

  private HttpResponse<String> act(String what, String body, Operator who, String csrf)
      throws Exception {
    var request =
        request("/teams/" + TEAM + "/calls/" + uid + "/" + what, who)
            .header("Parley-CSRF", csrf)
            .POST(HttpRequest.BodyPublishers.ofString(body));
    return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
  }

  private HttpRequest.Builder request(String path, @Nullable Operator who) {
    var request = HttpRequest.newBuilder(URI.create(node.url() + "/operate/api" + path));
    return who == null ? request : request.header("Cookie", who.cookie());
  }

  private String audit() throws IOException {
    StringBuilder text = new StringBuilder();
    try (Stream<Path> files = Files.walk(folder.resolve("recordings").resolve("audit"))) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        text.append(Files.readString(file, StandardCharsets.ISO_8859_1));
      }
    }
    return text.toString();
  }

  private static String offer() throws IOException {
    try (InputStream in = OperatorApiTest.class.getResourceAsStream("/offer.sdp")) {
      return new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  private static int freeUdpPort() throws IOException {
    try (var socket = new DatagramSocket()) {
      return socket.getLocalPort();
    }
  }
}
