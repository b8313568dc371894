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
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import parley.signalling.app.Node;
import parley.signalling.directory.TokenHash;
import parley.signalling.server.WireClient;

/** What servers do over HTTP, and what the clients of a whole node then hear. */
@Timeout(120)
class ServersApiTest {

  private static final String TEAM = "6aefcf3b-e61c-4f35-8b5b-9d762a6a6cf9";
  private static final String OTHER_TEAM = "00000000-0000-4000-8000-000000000001";
  private static final String ALICE = "d-565a1d31-3605-4c99-8581-c2d19fb27405";
  private static final String BOB = "d-1edad8ac-88ff-4655-89cb-d4cf031eef08";
  private static final String MEETING = "g-3f7e2a85-49f5-4586-8229-d9c52813dcb2";
  private static final String CHAT = "chat-server-chat-server-chat-server-1";
  private static final String FOREIGN = "foreign-server-foreign-server-foreign";
  private static final String READER = "reader-reader-reader-reader-reader-r";
  private static final String START =
      "{\"caller\":\"%s\",\"jid\":\"%s\"}".formatted(ALICE, MEETING);
  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir Path folder;
  private final HttpClient http = HttpClient.newHttpClient();
  private final List<WireClient> clients = new ArrayList<>();
  private Node node;

  @BeforeEach
  void start() throws Exception {
    String scopes = "[calls:read, calls:write, recording:write, ice:read, node:examine]";
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
                ("[{name: chat, token: %s, scopes: %s, teams: [%s]},"
                        + " {name: foreign, token: 'sha256:%s', scopes: %s, teams: [%s]},"
                        + " {name: reader, token: %s, scopes: ['calls:read']}]")
                    .formatted(
                        CHAT, scopes, TEAM, TokenHash.of(FOREIGN), scopes, OTHER_TEAM, READER)));
  }

  @AfterEach
  void stop() throws Exception {
    for (WireClient client : clients) {
      client.close();
    }
    node.close();
    http.close();
  }

  @Test
  void startsACallThatRingsAndThatPeopleJoin() throws Exception {
    WireClient bob = signIn("bob");
    HttpResponse<String> started = post("/calls", START);
    assertThat(started.statusCode()).isEqualTo(201);
    JsonNode buzz = bob.hears("server.call.buzz");
    assertThat(buzz.at("/params/uid").textValue()).isEqualTo(uid(started));
    assertThat(buzz.at("/params/actor/jid").textValue()).isEqualTo(ALICE);
    offers(bob);
    bob.hears("server.call.answer");
    JsonNode call = json(get("/calls/" + uid(started)));
    assertThat(call.path("state").textValue()).isEqualTo("active");
    assertThat(call.at("/participants/0/jid").textValue()).isEqualTo(BOB);
    assertThat(call.at("/participants/0/icon").textValue()).startsWith("http://127.0.0.1");
  }

  @Test
  void tellsHowEverybodyIsAndWasConnected() throws Exception {
    WireClient alice = signIn("alice");
    offers(alice);
    String uid = alice.hears("server.call.answer").at("/params/uid").textValue();

    JsonNode live = json(get("/calls/" + uid + "/legs"));
    assertThat(live.path("live").booleanValue()).isTrue();
    JsonNode leg = live.at("/legs/0");
    assertThat(leg.path("contact").textValue()).isEqualTo(ALICE);
    assertThat(leg.path("fault").textValue()).isEqualTo("connecting");
    assertThat(leg.path("sentence").textValue()).isEqualTo("Alice Archer is being connected.");

    assertThat(send("DELETE", TEAM, "/calls/" + uid, "", CHAT).statusCode()).isEqualTo(204);
    alice.hears("server.call.leave");
    // What the relay says of the leg's end comes a moment later.
    JsonNode past = json(get("/calls/" + uid + "/legs"));
    long deadline = System.nanoTime() + 10_000_000_000L;
    while (past.path("legs").isEmpty() && System.nanoTime() - deadline < 0) {
      past = json(get("/calls/" + uid + "/legs"));
    }
    assertThat(past.path("live").booleanValue()).isFalse();
    assertThat(past.at("/legs/0/sentence").textValue())
        .isEqualTo("Alice Archer left before the connection stood.");
    assertThat(past.at("/legs/0/ended").isMissingNode()).isFalse();
    assertThat(send("GET", TEAM, "/calls/" + uid + "/legs", "", READER).statusCode())
        .isEqualTo(200);
  }

  @Test
  void examinesItself() throws Exception {
    JsonNode findings = json(sendTo("/parley/v1/doctor", CHAT));
    Map<String, String> verdicts = new TreeMap<>();
    findings.forEach(
        each -> verdicts.put(each.path("check").textValue(), each.path("verdict").textValue()));
    assertThat(verdicts).containsEntry("media-port", "OK").containsKeys("clock", "open-files");
    assertProblem(sendTo("/parley/v1/doctor", READER), 403, "missing_scope");
  }

  @Test
  void endsACall() throws Exception {
    WireClient alice = signIn("alice");
    offers(alice);
    String uid = alice.hears("server.call.answer").at("/params/uid").textValue();
    assertThat(send("DELETE", TEAM, "/calls/" + uid, "", CHAT).statusCode()).isEqualTo(204);
    alice.hears("server.call.leave");
    assertThat(json(get("/calls")).path("calls")).isEmpty();
  }

  @Test
  void mutesAParticipant() throws Exception {
    WireClient alice = signIn("alice");
    offers(alice);
    String uid = alice.hears("server.call.answer").at("/params/uid").textValue();
    String wish = "{\"contact\":\"" + ALICE + "\"}";
    assertThat(post("/calls/" + uid + "/mute", wish).statusCode()).isEqualTo(204);
    assertThat(alice.hears("server.call.muteall").at("/params/muted").booleanValue()).isTrue();
    assertThat(json(get("/calls/" + uid)).at("/participants/0/muted").booleanValue()).isTrue();
  }

  @Test
  void switchesRecordingOffAndOnWhileTheCallRuns() throws Exception {
    WireClient alice = signIn("alice");
    offers(alice);
    String uid = alice.hears("server.call.answer").at("/params/uid").textValue();
    recordingIs(alice, true); // as the chat wants it
    for (boolean on : new boolean[] {false, true}) {
      String wish =
          "{\"jid\":\"%s\",\"uid\":\"%s\",\"audiorecord\":%s}".formatted(MEETING, uid, on);
      assertThat(post("/recording", wish).statusCode()).isEqualTo(200);
      recordingIs(alice, on);
    }
  }

  @Test
  void writesDownWhoSwitchesRecordingAndRefusesWhatItCannotWriteDown() throws Exception {
    WireClient alice = signIn("alice");
    offers(alice);
    String uid = alice.hears("server.call.answer").at("/params/uid").textValue();
    String wish =
        "{\"jid\":\"%s\",\"uid\":\"%s\",\"audiorecord\":false,\"why\":\"case 4711\"}"
            .formatted(MEETING, uid);
    assertThat(post("/recording", wish).statusCode()).isEqualTo(200);
    assertThat(post("/recording", wish.replace(uid, "none")).statusCode()).isEqualTo(404);

    Path audit = folder.resolve("recordings/audit");
    await(() -> audited(audit).size() == 3, "a line before each, and one about what went wrong");
    JsonNode line = JSON.readTree(audited(audit).getFirst());
    assertThat(line.path("who").textValue()).isEqualTo("token chat");
    assertThat(line.path("what").textValue()).isEqualTo("recording.off");
    assertThat(line.path("on").textValue()).isEqualTo(uid);
    assertThat(line.path("why").textValue()).isEqualTo("case 4711");
    assertThat(line.path("from").textValue()).isEqualTo("127.0.0.1");
    assertThat(line.path("outcome").textValue()).isEqualTo("allowed");
    assertThat(JSON.readTree(audited(audit).getLast()).path("outcome").textValue())
        .isEqualTo("refused: answered with 404");

    recordingIs(alice, false);
    Files.delete(audit.resolve("audit.head"));
    HttpResponse<String> refused = post("/recording", wish.replace("false", "true"));
    assertThat(refused.statusCode()).isEqualTo(503);
    assertThat(json(refused).path("code").textValue()).isEqualTo("not_audited");
    assertThat(json(get("/calls/" + uid)).path("audiorecord").booleanValue()).isFalse();
  }

  private static List<String> audited(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      Path log = files.filter(f -> f.toString().endsWith(".jsonl")).findFirst().orElseThrow();
      return Files.readAllLines(log).stream()
          .filter(line -> line.contains("\"what\":\"recording."))
          .toList();
    }
  }

  private static void await(Callable<Boolean> condition, String what) throws Exception {
    long deadline = System.nanoTime() + 10_000_000_000L;
    while (!condition.call()) {
      assertThat(System.nanoTime() - deadline).as(what).isNegative();
      Thread.onSpinWait();
    }
  }

  @Test
  void carriesOutARepeatedRequestOnce() throws Exception {
    String key = UUID.randomUUID().toString();
    HttpResponse<String> first = post("/calls", START, "Idempotency-Key", key);
    HttpResponse<String> again = post("/calls", START, "Idempotency-Key", key);
    assertThat(again.statusCode()).isEqualTo(first.statusCode()).isEqualTo(201);
    assertThat(again.body()).isEqualTo(first.body());
    assertThat(again.headers().firstValue("location"))
        .isEqualTo(first.headers().firstValue("location"));
    assertThat(again.headers().firstValue("idempotency-replayed")).hasValue("true");
    String other = START.replace(ALICE, BOB);
    assertProblem(post("/calls", other, "Idempotency-Key", key), 422, "key_reused");
    assertProblem(post("/calls", START), 409, "call_running");
  }

  @Test
  void carriesOutOnceWhatComesManyTimesAtOnce() throws Exception {
    List<CompletableFuture<HttpResponse<String>>> all = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      all.add(
          http.sendAsync(
              request("POST", TEAM, "/calls", START, CHAT, "Idempotency-Key", "k"),
              HttpResponse.BodyHandlers.ofString()));
    }
    List<String> uids = new ArrayList<>();
    for (CompletableFuture<HttpResponse<String>> each : all) {
      HttpResponse<String> answer = each.get();
      assertThat(answer.statusCode()).isIn(201, 409);
      if (answer.statusCode() == 201) {
        uids.add(uid(answer));
      } else {
        assertProblem(answer, 409, "still_running");
      }
    }
    assertThat(uids).isNotEmpty().containsOnly(uids.getFirst());
  }

  @Test
  void saysTheSameOfATeamThatIsAnothersAndOfOneThatDoesNotExist() throws Exception {
    String uid = uid(post("/calls", START));
    String path = "/calls/" + uid;
    HttpResponse<String> foreign = send("GET", TEAM, path, "", FOREIGN);
    assertProblem(foreign, 404, "not_found");
    String nowhere = "99999999-9999-4999-8999-999999999999";
    assertThat(send("GET", nowhere, path, "", FOREIGN).body()).isEqualTo(foreign.body());
    assertThat(send("GET", nowhere, path, "", READER).body()).isEqualTo(foreign.body());
    assertThat(send("GET", "no-uuid", path, "", CHAT).body()).isEqualTo(foreign.body());
    assertThat(send("DELETE", TEAM, path, "", FOREIGN).statusCode()).isEqualTo(404);
    assertThat(get(path).statusCode()).isEqualTo(200);
  }

  @Test
  void letsNobodyDoMoreThanItsToken() throws Exception {
    HttpResponse<String> refused = send("POST", TEAM, "/calls", START, READER);
    assertProblem(refused, 403, "missing_scope");
    assertThat(refused.headers().firstValue("www-authenticate"))
        .hasValueSatisfying(value -> assertThat(value).contains("calls:write"));
    for (String wrong : List.of("", "alice", CHAT + "x", "sha256:" + TokenHash.of(CHAT))) {
      HttpResponse<String> answer = send("GET", TEAM, "/calls", "", wrong);
      assertProblem(answer, 401, "unauthorized");
      assertThat(answer.headers().firstValue("www-authenticate")).hasValue("Bearer");
    }
  }

  @Test
  void letsAServersTokenOpenNoSocketAndAClientsTokenNoCall() throws Exception {
    HttpRequest asClient =
        HttpRequest.newBuilder(URI.create(node.url() + "/api/v4/teams/" + TEAM))
            .header("token", CHAT)
            .build();
    assertThat(http.send(asClient, HttpResponse.BodyHandlers.ofString()).statusCode())
        .isEqualTo(401);
    assertThat(send("GET", TEAM, "/calls", "", "alice").statusCode()).isEqualTo(401);
  }

  @Test
  void namesTheFieldThatIsWrong() throws Exception {
    for (Map.Entry<String, String> each :
        Map.of(
                "{\"jid\":\"" + MEETING + "\"}",
                "caller: expected a jid",
                "{\"caller\":\"" + ALICE + "\",\"jid\":7}",
                "jid: expected a jid",
                "{\"caller\":\"" + MEETING + "\",\"jid\":\"" + MEETING + "\"}",
                "caller: ",
                START.replace("}", ",\"members\":\"all\"}"),
                "members: ",
                START.replace("}", ",\"members\":[\"" + MEETING + "\"]}"),
                "members: ",
                START.replace("}", ",\"member\":[]}"),
                "member: not a field here")
            .entrySet()) {
      HttpResponse<String> answer = post("/calls", each.getKey());
      assertProblem(answer, 422, "invalid");
      assertThat(json(answer).path("detail").textValue()).startsWith(each.getValue());
    }
    assertThat(json(get("/calls")).path("calls")).isEmpty();
  }

  @Test
  void outlivesHostileBodies() throws Exception {
    for (String hostile :
        List.of("", "[", "null", "[]", "\"x\"", "[".repeat(60_000), "{\"a\":".repeat(10_000))) {
      assertThat(post("/calls", hostile).statusCode()).as(hostile).isIn(400, 422);
    }
    assertProblem(post("/calls", "x".repeat(100_000)), 413, "too_large");
    assertThat(post("/calls", START).statusCode()).isEqualTo(201);
  }

  @Test
  void saysWhichMethodsThereAre() throws Exception {
    HttpResponse<String> answer = send("PUT", TEAM, "/calls", "", CHAT);
    assertProblem(answer, 405, "method_not_allowed");
    assertThat(answer.headers().firstValue("allow")).hasValue("GET, POST");
    assertProblem(send("GET", TEAM, "/nothing", "", CHAT), 404, "not_found");
  }

  private void recordingIs(WireClient client, boolean on) throws Exception {
    boolean now = !on;
    while (now != on) {
      now = client.hears("server.call.state").at("/params/audiorecord").booleanValue();
    }
  }

  private WireClient signIn(String token) throws Exception {
    String url = node.url().replace("http", "ws") + "/messaging/" + TEAM;
    WireClient client = WireClient.withToken(url, token);
    clients.add(client);
    client.hears("server.time");
    return client;
  }

  private static void offers(WireClient client) throws Exception {
    var event = JSON.createObjectNode();
    event.put("event", "client.call.offer");
    event.putObject("params").put("jid", MEETING).put("muted", false).put("sdp", offer());
    client.raw(JSON.writeValueAsString(event));
  }

  private static String offer() throws IOException {
    try (InputStream in = ServersApiTest.class.getResourceAsStream("/offer.sdp")) {
      return new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  private HttpResponse<String> get(String path) throws Exception {
    return send("GET", TEAM, path, "", CHAT);
  }

  private HttpResponse<String> post(String path, String body, String... headers) throws Exception {
    return http.send(
        request("POST", TEAM, path, body, CHAT, headers), HttpResponse.BodyHandlers.ofString());
  }

  /** A GET of what is no team's. */
  private HttpResponse<String> sendTo(String path, String token) throws Exception {
    var request =
        HttpRequest.newBuilder(URI.create(node.url() + path))
            .header("Authorization", "Bearer " + token)
            .build();
    return http.send(request, HttpResponse.BodyHandlers.ofString());
  }

  private HttpResponse<String> send(
      String method, String team, String path, String body, String token) throws Exception {
    return http.send(
        request(method, team, path, body, token), HttpResponse.BodyHandlers.ofString());
  }

  private HttpRequest request(
      String method, String team, String path, String body, String token, String... headers) {
    var request =
        HttpRequest.newBuilder(URI.create(node.url() + "/parley/v1/teams/" + team + path))
            .method(method, HttpRequest.BodyPublishers.ofString(body))
            .header("Authorization", "Bearer " + token);
    if (headers.length > 0) {
      request.headers(headers);
    }
    return request.build();
  }

  private static void assertProblem(HttpResponse<String> answer, int status, String code)
      throws Exception {
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
    assertThat(answer.headers().firstValue("content-type"))
        .hasValueSatisfying(type -> assertThat(type).startsWith("application/problem+json"));
    JsonNode problem = json(answer);
    assertThat(problem.path("status").intValue()).isEqualTo(status);
    assertThat(problem.path("code").textValue()).isEqualTo(code);
    assertThat(problem.path("detail").textValue()).isNotBlank();
  }

  private static String uid(HttpResponse<String> answer) throws Exception {
    return json(answer).path("uid").textValue();
  }

  private static JsonNode json(HttpResponse<String> answer) throws Exception {
    return JSON.readTree(answer.body());
  }

  private static int freeUdpPort() throws IOException {
    try (var socket = new DatagramSocket()) {
      return socket.getLocalPort();
    }
  }
}
