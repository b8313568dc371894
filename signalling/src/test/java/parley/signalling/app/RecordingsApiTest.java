package parley.signalling.app;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.DatagramSocket;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import parley.relay.evidence.AuditVerifier;
import parley.relay.evidence.SigningKey;
import parley.relay.recording.Recorder;
import parley.signalling.recordings.RecordingsDescription;
import picocli.CommandLine;

/**
 * What people and servers do with recordings over HTTP, on a whole node, and what is kept of it.
 */
@Timeout(120)
class RecordingsApiTest {

  private static final String OFFICER = "officer-officer-officer-officer-officer";
  private static final String READER = "reader-reader-reader-reader-reader-read";
  private static final String ELSEWHERE = "elsewhere-elsewhere-elsewhere-elsewhere";
  private static final String SERVER = "server-server-server-server-server-serv";
  private static final String PEOPLE =
      "{roles: [{name: auditor, may: [list, play]}], people: ["
          + "{name: Olga Officer, token: %s, roles: [officer]},"
          + " {name: Rita Reader, token: %s, roles: [reader, auditor]},"
          + " {name: Erik Elsewhere, token: %s, roles: [officer],"
          + " teams: [00000000-0000-4000-8000-000000000001]}]}";
  private static final String WHY = "{\"why\":\"case 12\"}";
  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir Path folder;
  private final HttpClient http = HttpClient.newHttpClient();
  private Path directory = Path.of("");
  private RecordingsDescription description;
  private Node node;
  private String first = "";
  private String second = "";

  @BeforeEach
  void start() throws Exception {
    description = new RecordingsDescription();
    directory = Files.createDirectory(folder.resolve("recordings"));
    SigningKey key = SigningKey.open(directory.resolve(Node.DEFAULT_SIGNING_KEY));
    for (int i = 0; i < 2; i++) {
      try (var recorder = new Recorder(directory, Clock.systemUTC(), key, event -> {})) {
        SyntheticCall.record(recorder, Duration.ofSeconds(2 + i));
      }
    }
    Path settings =
        Files.writeString(
            folder.resolve("parley.yaml"),
            """
            http: {port: 0}
            media: {port: %d, loops: 1, addresses: [127.0.0.1]}
            recording:
              directory: %s
              access: %s
            api:
              tokens: [{name: compliance, token: %s, scopes: ['recordings:list', 'recordings:hold']}]
            """
                .formatted(
                    freeUdpPort(),
                    directory,
                    PEOPLE.formatted(OFFICER, READER, ELSEWHERE),
                    SERVER));
    node = Node.start(AppConfig.read(settings, Map.of()));
    await(() -> ids("").size() == 2, "both are in the index");
    List<String> all = ids("?order=oldest");
    first = all.getFirst();
    second = all.getLast();
  }

  @AfterEach
  void stop() {
    node.close();
    http.close();
  }

  private static int freeUdpPort() throws IOException {
    try (var socket = new DatagramSocket(0)) {
      return socket.getLocalPort();
    }
  }

  private static void await(Callable<Boolean> condition, String what) throws Exception {
    long deadline = System.nanoTime() + Duration.ofSeconds(60).toNanos();
    while (!condition.call()) {
      assertThat(System.nanoTime()).as("waited a minute until " + what).isLessThan(deadline);
    }
  }

  private HttpResponse<String> send(
      String method, String path, String token, String body, String... headers) throws Exception {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(node.url() + "/parley/v1/recordings" + path))
            .method(method, HttpRequest.BodyPublishers.ofString(body));
    if (!token.isEmpty()) {
      request.header("Authorization", "Bearer " + token);
    }
    if (headers.length > 0) {
      request.headers(headers);
    }
    HttpResponse<String> answer = http.send(request.build(), HttpResponse.BodyHandlers.ofString());
    description.check(method, path, answer);
    return answer;
  }

  private HttpResponse<String> get(String path, String token) throws Exception {
    return send("GET", path, token, "");
  }

  private static JsonNode json(HttpResponse<String> response) throws IOException {
    return JSON.readTree(response.body());
  }

  private List<String> ids(String query) throws Exception {
    List<String> ids = new ArrayList<>();
    json(get(query, OFFICER)).path("recordings").forEach(r -> ids.add(r.path("id").textValue()));
    return ids;
  }

  private static void expect(HttpResponse<String> response, int status, String code)
      throws Exception {
    assertThat(response.statusCode()).as(response.body()).isEqualTo(status);
    assertThat(json(response).path("code").textValue()).isEqualTo(code);
    assertThat(response.headers().firstValue("content-type").orElse(""))
        .startsWith("application/problem+json");
  }

  private List<JsonNode> audited(String what) throws IOException {
    List<JsonNode> lines = new ArrayList<>();
    try (Stream<Path> files = Files.list(directory.resolve(Node.DEFAULT_AUDIT))) {
      for (Path file : files.filter(f -> f.toString().endsWith(".jsonl")).sorted().toList()) {
        for (String line : Files.readAllLines(file)) {
          JsonNode read = JSON.readTree(line);
          if (read.path("what").textValue().equals(what)) {
            lines.add(read);
          }
        }
      }
    }
    return lines;
  }

  private static String[] words(JsonNode line) {
    return Stream.of("who", "on", "why", "from", "outcome")
        .map(field -> line.path(field).textValue())
        .toArray(String[]::new);
  }

  @Test
  void letsNobodyInWhoIsNotKnown() throws Exception {
    expect(get("", ""), 401, "unauthorized");
    expect(get("", "nobody-nobody-nobody-nobody-nobody-no"), 401, "unauthorized");
    expect(get("/" + first, ""), 401, "unauthorized");
    expect(send("DELETE", "/" + first, "", WHY), 401, "unauthorized");
    assertThat(audited("recordings.search"))
        .filteredOn(line -> line.path("who").textValue().equals("nobody"))
        .as("once a minute, so that nobody can fill the log")
        .hasSize(1);
    expect(get("/" + first + "/nothing", OFFICER), 404, "not_found");
    expect(send("PUT", "/" + first, OFFICER, WHY), 405, "method_not_allowed");
  }

  @Test
  void wrongTokensAreTriedInVainOnlySoOften() throws Exception {
    int status = 401;
    for (int i = 0; i < 30 && status == 401; i++) {
      status = get("", "guessed-guessed-guessed-guessed-" + i).statusCode();
    }
    assertThat(status).isEqualTo(429);
    assertThat(get("", OFFICER).statusCode()).as("who has a right one comes in").isEqualTo(200);
  }

  @Test
  void findsWhatIsAskedForPageByPage() throws Exception {
    JsonNode page = json(get("?limit=1", OFFICER));
    assertThat(page.at("/recordings/0/id").textValue()).isEqualTo(second);
    JsonNode item = page.at("/recordings/0");
    assertThat(item.path("state").textValue()).isEqualTo("complete");
    assertThat(item.path("length").doubleValue()).isEqualTo(3);
    assertThat(item.at("/parties/0/name").textValue()).isEqualTo("One");
    assertThat(item.at("/parties/0/track").textValue()).isEqualTo("01-one.opus");
    assertThat(item.at("/verified/state").textValue()).isEqualTo("unknown");
    JsonNode next = json(get("?limit=1&cursor=" + page.path("next").textValue(), OFFICER));
    assertThat(next.at("/recordings/0/id").textValue()).isEqualTo(first);
    assertThat(next.has("next")).isFalse();
    assertThat(ids("?longer=2.5")).containsExactly(second);
    assertThat(ids("?party=other&chat=self&from=2020-01-01&state=complete&order=oldest"))
        .containsExactly(first, second);
    assertThat(ids("?party=" + URLEncoder.encode("x' or 1=1 --", StandardCharsets.UTF_8)))
        .isEmpty();
    assertThat(ids("?to=2020-01-01")).isEmpty();
    for (String wrong :
        List.of(
            "?limit=0",
            "?limit=x",
            "?from=yesterday",
            "?to=+999999999-01-01T00:00:00Z",
            "?cursor=x",
            "?nothing=1",
            "?held=maybe",
            "?longer=-1",
            "?talked=NaN",
            "?state=open",
            "?party=" + "x".repeat(1_001))) {
      expect(get(wrong.replace("+", "%2B"), OFFICER), 422, "invalid");
    }
  }

  @Test
  void tellsAllAboutOneAndProvesIt() throws Exception {
    JsonNode whole = json(get("/" + first, READER));
    assertThat(whole.at("/recording/id").textValue()).isEqualTo(first);
    assertThat(whole.at("/call/participants")).hasSize(2);
    assertThat(whole.path("may")).extracting(JsonNode::textValue).containsExactly("list", "play");
    JsonNode proven = json(send("POST", "/" + first + "/verify", READER, ""));
    assertThat(proven.path("state").textValue()).isEqualTo("proven");
    assertThat(proven.path("files").intValue()).isEqualTo(3);
    assertThat(ids("?verified=proven")).containsExactly(first);
    Path track = directory.resolve(second).resolve("01-one.opus");
    byte[] audio = Files.readAllBytes(track);
    audio[audio.length / 2] ^= 1;
    Files.write(track, audio);
    JsonNode broken = json(send("POST", "/" + second + "/verify", READER, ""));
    assertThat(broken.path("state").textValue()).isEqualTo("broken");
    assertThat(broken.at("/findings/0").textValue()).startsWith("01-one.opus");
    assertThat(ids("?verified=broken")).containsExactly(second);
  }

  @Test
  void refusesWhatSomebodyMayNotAndWritesThatDown() throws Exception {
    expect(send("DELETE", "/" + first, READER, WHY), 403, "missing_scope");
    expect(send("POST", "/" + first + "/hold", READER, WHY), 403, "missing_scope");
    expect(send("DELETE", "/" + first, SERVER, WHY), 403, "missing_scope");
    assertThat(words(audited("recordings.delete").getFirst()))
        .containsExactly(
            "person Rita Reader",
            first,
            "",
            "127.0.0.1",
            "refused: this takes the right recordings:delete");
    assertThat(send("POST", "/" + first + "/hold", SERVER, WHY).statusCode()).isEqualTo(200);
    assertThat(words(audited("recordings.hold").getLast()))
        .containsExactly("token compliance", first, "case 12", "127.0.0.1", "allowed");
  }

  @Test
  void knowsNothingOfOtherTeams() throws Exception {
    assertThat(json(get("", ELSEWHERE)).path("recordings")).isEmpty();
    assertThat(json(get("?team=team", ELSEWHERE)).path("recordings")).isEmpty();
    expect(get("/" + first, ELSEWHERE), 404, "not_found");
    expect(send("DELETE", "/" + first, ELSEWHERE, WHY), 404, "not_found");
    expect(send("POST", "/" + first + "/hold", ELSEWHERE, WHY), 404, "not_found");
    assertThat(json(get("/" + first, OFFICER)).path("custody")).isEmpty();
    assertThat(audited("recordings.delete").getLast().path("outcome").textValue())
        .startsWith("refused: there is no such recording");
    for (String id : List.of("../keys", "keys/seal.key", "a/b", "%2e%2e/keys")) {
      assertThat(get("/" + id, OFFICER).statusCode()).as(id).isEqualTo(404);
    }
  }

  @Test
  void holdsKeepsAndDeletesAndLeavesACertificate() throws Exception {
    expect(send("POST", "/" + first + "/hold", OFFICER, ""), 422, "invalid");
    JsonNode held = json(send("POST", "/" + first + "/hold", OFFICER, WHY));
    assertThat(held.at("/recording/held").booleanValue()).isTrue();
    assertThat(held.at("/custody/0/who").textValue()).isEqualTo("person Olga Officer");
    assertThat(ids("?held=true")).containsExactly(first);
    expect(send("DELETE", "/" + first, OFFICER, WHY), 409, "not_now");
    assertThat(words(audited("recordings.delete").getLast()))
        .containsExactly(
            "person Olga Officer", first, "case 12", "127.0.0.1", "refused: it is on legal hold");
    assertThat(send("POST", "/" + first + "/release", OFFICER, WHY).statusCode()).isEqualTo(200);
    String until = "{\"why\":\"seven years\",\"until\":\"2999-01-31\"}";
    expect(send("POST", "/" + second + "/retain", OFFICER, WHY), 422, "invalid");
    JsonNode kept = json(send("POST", "/" + second + "/retain", OFFICER, until));
    assertThat(kept.at("/recording/kept_until").textValue()).startsWith("2999-01-31");
    expect(send("DELETE", "/" + second, OFFICER, WHY), 409, "not_now");

    HttpResponse<String> deleted =
        send("DELETE", "/" + first, OFFICER, "", "Parley-Why", "retention%20is%20over");
    assertThat(deleted.statusCode()).isEqualTo(200);
    assertThat(json(deleted).path("certificate").textValue())
        .startsWith("parley-deletion 1\n")
        .contains("why retention+is+over");
    assertThat(ids("")).containsExactly(second);
    assertThat(ids("?state=deleted")).containsExactly(first);
    assertThat(json(get("/" + first, OFFICER)).path("certificate").textValue()).isNotEmpty();
    expect(send("DELETE", "/" + first, OFFICER, WHY), 409, "not_now");
    assertThat(
            AuditVerifier.verify(
                    directory.resolve(Node.DEFAULT_AUDIT),
                    SigningKey.readPublic(
                        SigningKey.publicHalf(directory.resolve(Node.DEFAULT_SIGNING_KEY))))
                .proven())
        .isTrue();
  }

  @Test
  void signsPeopleInOnAPageAndServersNot() throws Exception {
    String wish = "{\"token\":\"%s\",\"why\":\"request 17\"}";
    expect(send("POST", "/session", "", wish.formatted(SERVER)), 403, "missing_scope");
    expect(send("POST", "/session", "", wish.formatted("wrong")), 401, "unauthorized");
    HttpResponse<String> foreign =
        send("POST", "/session", "", wish.formatted(OFFICER), "Origin", "https://evil.example");
    expect(foreign, 403, "csrf");
    HttpResponse<String> signedIn =
        send("POST", "/session", "", wish.formatted(OFFICER), "Origin", node.url());
    assertThat(signedIn.statusCode()).isEqualTo(201);
    String setCookie = signedIn.headers().firstValue("set-cookie").orElseThrow();
    assertThat(setCookie)
        .contains("; HttpOnly", "; SameSite=Strict", "; Path=/parley/v1/recordings");
    String cookie = setCookie.substring(0, setCookie.indexOf(';'));
    String csrf = json(signedIn).path("csrf").textValue();
    assertThat(json(signedIn).path("rights")).hasSize(5);

    assertThat(send("GET", "", "", "", "Cookie", cookie).statusCode()).isEqualTo(200);
    assertThat(words(audited("recordings.search").getLast()))
        .as("the session's reason holds where there is no other")
        .containsExactly("person Olga Officer", "", "request 17", "127.0.0.1", "allowed");
    String hold = "/" + first + "/hold";
    expect(send("POST", hold, "", WHY, "Cookie", cookie), 403, "csrf");
    expect(send("POST", hold, "", WHY, "Cookie", cookie, "Parley-CSRF", "wrong"), 403, "csrf");
    expect(
        send(
            "POST",
            hold,
            "",
            WHY,
            "Cookie",
            cookie,
            "Parley-CSRF",
            csrf,
            "Origin",
            "https://evil.example"),
        403,
        "csrf");
    expect(send("GET", "", "", "", "Cookie", cookie, "Sec-Fetch-Site", "cross-site"), 403, "csrf");
    assertThat(json(get("/" + first, OFFICER)).path("custody")).isEmpty();
    assertThat(send("POST", hold, "", WHY, "Cookie", cookie, "Parley-CSRF", csrf).statusCode())
        .isEqualTo(200);

    String other = "{\"why\":\"request 18\"}";
    JsonNode session =
        json(send("PUT", "/session", "", other, "Cookie", cookie, "Parley-CSRF", csrf));
    assertThat(session.path("why").textValue()).isEqualTo("request 18");
    assertThat(json(send("GET", "/session", "", "", "Cookie", cookie)).path("csrf").textValue())
        .isEqualTo(csrf);
    assertThat(
            send("DELETE", "/session", "", "", "Cookie", cookie, "Parley-CSRF", csrf).statusCode())
        .isEqualTo(204);
    expect(send("GET", "", "", "", "Cookie", cookie), 401, "unauthorized");
    assertThat(words(audited("recordings.sign_in").getLast()))
        .containsExactly("person Olga Officer", "", "request 17", "127.0.0.1", "allowed");
  }

  @Test
  void doesNothingThatItCannotWriteDown() throws Exception {
    Path audit = directory.resolve(Node.DEFAULT_AUDIT);
    Path head = audit.resolve("audit.head");
    Files.writeString(head, "changed");
    expect(send("DELETE", "/" + first, OFFICER, WHY), 503, "not_audited");
    expect(get("", OFFICER), 503, "not_audited");
    assertThat(directory.resolve(first).resolve("01-one.opus")).exists();
  }

  private HttpResponse<byte[]> bytes(String path, String token, String... headers)
      throws Exception {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(node.url() + "/parley/v1/recordings" + path))
            .header("Authorization", "Bearer " + token);
    if (headers.length > 0) {
      request.headers(headers);
    }
    return http.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
  }

  /** Asks until it is made. */
  private HttpResponse<byte[]> made(String path, String token) throws Exception {
    var answer = new AtomicReference<>(bytes(path, token));
    await(
        () -> {
          if (answer.get().statusCode() == 202) {
            answer.set(bytes(path, token));
          }
          return answer.get().statusCode() != 202;
        },
        path + " is made");
    return answer.get();
  }

  private String play(String id, String token) throws Exception {
    HttpResponse<String> begun = send("POST", "/" + id + "/plays", token, WHY);
    assertThat(begun.statusCode()).as(begun.body()).isEqualTo(201);
    assertThat(json(begun).at("/tracks/0/track").textValue()).isEqualTo("01-one.opus");
    return json(begun).path("play").textValue();
  }

  @Test
  void letsOneHearASpeakerByPartsAndWritesDownWhatWasHeardOnce() throws Exception {
    expect(send("POST", "/" + first + "/plays", SERVER, WHY), 403, "missing_scope");
    expect(send("POST", "/" + first + "/plays", READER, ""), 422, "invalid");
    String play = play(first, READER);
    String path = "/" + first + "/tracks/01-one.opus?play=" + play;
    byte[] track = Files.readAllBytes(directory.resolve(first).resolve("01-one.opus"));
    HttpResponse<byte[]> all = bytes(path, READER);
    assertThat(all.statusCode()).isEqualTo(200);
    assertThat(all.body()).isEqualTo(track);
    assertThat(all.headers().firstValue("content-type")).hasValue("audio/ogg; codecs=opus");
    assertThat(all.headers().firstValue("accept-ranges")).hasValue("bytes");
    HttpResponse<byte[]> part = bytes(path, READER, "Range", "bytes=100-199");
    assertThat(part.statusCode()).isEqualTo(206);
    assertThat(part.body()).isEqualTo(Arrays.copyOfRange(track, 100, 200));
    assertThat(part.headers().firstValue("content-range"))
        .hasValue("bytes 100-199/" + track.length);
    assertThat(bytes(path, READER, "Range", "bytes=" + track.length + "-").statusCode())
        .isEqualTo(416);
    HttpResponse<String> head = send("HEAD", path, READER, "");
    assertThat(head.headers().firstValueAsLong("content-length")).hasValue(track.length);
    assertThat(audited("recordings.hear")).hasSize(1);
    assertThat(words(audited("recordings.hear").getFirst()))
        .containsExactly(
            "person Rita Reader", first + " 01-one.opus", "case 12", "127.0.0.1", "allowed");

    expect(get(path, OFFICER), 410, "gone");
    expect(get(path.replace(first, second), READER), 410, "gone");
    expect(get(path.replace("01-one.opus", "call.json"), READER), 404, "not_found");
    expect(get(path.replace("01-one.opus", "..%2Fseal.log"), READER), 404, "not_found");
    expect(get("/" + first + "/tracks/01-one.opus", READER), 410, "gone");
  }

  @Test
  void mixesAndDrawsWhatIsHeard() throws Exception {
    String play = play(first, READER);
    HttpResponse<byte[]> mix = made("/" + first + "/mix?play=" + play, READER);
    assertThat(mix.statusCode()).isEqualTo(200);
    assertThat(new String(mix.body(), 0, 4, StandardCharsets.US_ASCII)).isEqualTo("OggS");
    HttpResponse<byte[]> wav = made("/" + first + "/mix?format=wav&play=" + play, READER);
    assertThat(new String(wav.body(), 0, 4, StandardCharsets.US_ASCII)).isEqualTo("RIFF");
    HttpResponse<byte[]> one =
        made("/" + first + "/tracks/01-one.opus?format=wav&play=" + play, READER);
    assertThat(new String(one.body(), 0, 4, StandardCharsets.US_ASCII)).isEqualTo("RIFF");
    HttpResponse<byte[]> waves = made("/" + first + "/waveform?points=50&play=" + play, READER);
    JsonNode waveform = JSON.readTree(waves.body());
    assertThat(waveform.path("mix")).hasSize(50);
    assertThat(waveform.at("/tracks/01-one.opus")).hasSize(50);
    expect(get("/" + first + "/waveform?points=0&play=" + play, READER), 422, "invalid");
    JsonNode timeline = json(get("/" + first + "/timeline", READER));
    assertThat(timeline.path("lanes")).hasSize(2);
    try (Stream<Path> left = Files.list(directory.resolve("scratch"))) {
      assertThat(left).hasSize(4);
    }
    node.close();
    try (Stream<Path> left = Files.list(directory.resolve("scratch"))) {
      assertThat(left).as("nothing that was decoded stays").isEmpty();
    }
  }

  @Test
  void makesABundleThatOnlyWhoAskedForItTakesAway() throws Exception {
    expect(send("POST", "/" + first + "/exports", READER, WHY), 403, "missing_scope");
    HttpResponse<String> begun = send("POST", "/" + first + "/exports", OFFICER, WHY);
    assertThat(begun.statusCode()).isEqualTo(202);
    String job = json(begun).path("job").textValue();
    assertThat(begun.headers().firstValue("location"))
        .hasValue("/parley/v1/recordings/exports/" + job);
    await(
        () -> json(get("/exports/" + job, OFFICER)).path("state").textValue().equals("ready"),
        "the bundle is made");
    assertThat(json(get("/exports", OFFICER)).path("exports")).hasSize(1);
    expect(get("/exports/" + job, ELSEWHERE), 404, "not_found");
    HttpResponse<byte[]> bundle = bytes("/exports/" + job + "/bundle", OFFICER);
    assertThat(bundle.headers().firstValue("content-disposition").orElse("")).contains(".zip");
    Path zip = Files.write(folder.resolve("bundle.zip"), bundle.body());
    try (var file = new ZipFile(zip.toFile())) {
      assertThat(file.stream().map(entry -> entry.getName().replaceFirst(".*/", "")))
          .contains("01-one.opus", "call.json", "seal.log");
    }
    assertThat(words(audited("recordings.export").getLast()))
        .containsExactly("person Olga Officer", first, "case 12", "127.0.0.1", "allowed");
    assertThat(audited("recordings.download")).hasSize(1);
    assertThat(send("DELETE", "/exports/" + job, OFFICER, "").statusCode()).isEqualTo(204);
    expect(get("/exports/" + job, OFFICER), 404, "not_found");
  }

  /** Both have the index in turn. */
  @Test
  void aCommandFindsTheSameBesideTheRunningNode() throws Exception {
    String[] words = {"recordings", "search", "--config", folder.resolve("parley.yaml").toString()};
    assertThat(new CommandLine(new Main()).execute(words)).isZero();
    assertThat(ids("")).hasSize(2);
    String[] none =
        Stream.concat(Stream.of(words), Stream.of("--party", "nobody")).toArray(String[]::new);
    assertThat(new CommandLine(new Main()).execute(none)).isEqualTo(1);
    words[1] = "index";
    assertThat(new CommandLine(new Main()).execute(words)).isZero();
  }
}
