package parley.signalling.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.WebSocket;
import java.net.http.WebSocketHandshakeException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import parley.relay.api.MediaRelay;
import parley.relay.api.RelayCommand;
import parley.signalling.access.DirectoryTokens;
import parley.signalling.call.CallPolicy;
import parley.signalling.directory.DemoTeam;
import parley.signalling.link.LinkSettings;
import parley.signalling.servers.Services;
import parley.signalling.session.CallEvents;
import parley.signalling.session.CallLoop;
import parley.signalling.session.SessionSettings;
import parley.signalling.wire.EventCodec;
import parley.stun.IceServers;
import parley.stun.OwnTurn;

@Timeout(120)
class HttpDoorTest {

  private static final LinkSettings NO_LINK =
      new LinkSettings(List.of(), Duration.ofMinutes(1), Duration.ofSeconds(9));

  private static final String TEAM = "6aefcf3b-e61c-4f35-8b5b-9d762a6a6cf9";
  private static final String OTHER_TEAM = "00000000-0000-4000-8000-000000000000";
  private static final String ALICE = "d-565a1d31-3605-4c99-8581-c2d19fb27405";
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Duration OFTEN = Duration.ofMillis(200);

  private final HttpClient http = HttpClient.newHttpClient();
  private final SimpleMeterRegistry metrics = new SimpleMeterRegistry();
  private final EventCodec codec = new EventCodec();
  private final DemoTeam demo = DemoTeam.load();
  private CallLoop loop;
  private HttpDoor door;
  private boolean onlyAdminsMute;
  private IceServers iceServers = new IceServers(List.of());

  /** No call is made here: there is nothing to relay. */
  private static final class NoRelay implements MediaRelay {
    @Override
    public boolean submit(RelayCommand command) {
      return true;
    }

    @Override
    public void close() {}
  }

  @BeforeEach
  void open() throws Exception {
    var policy = new SessionSettings(Duration.ofSeconds(5), CallPolicy.defaults());
    loop = new CallLoop(codec, policy, Clock.systemUTC(), metrics, CallEvents.NONE);
    loop.start(new NoRelay());
    door = door(0, Duration.ofSeconds(9));
  }

  @AfterEach
  void close() throws Exception {
    door.close();
    loop.close();
  }

  private HttpDoor door(int port, Duration ping) throws Exception {
    var features =
        new ServerSettings.Features(
            false,
            0,
            onlyAdminsMute,
            iceServers,
            20_000,
            Duration.ofSeconds(5),
            Duration.ofMinutes(5));
    var settings =
        new ServerSettings(
            "127.0.0.1", port, List.of("https://chat.example"), true, ping, features);
    return HttpDoor.open(
        settings,
        demo.directory(),
        null,
        new DirectoryTokens(demo.directory()),
        Services.none(),
        demo,
        NO_LINK,
        loop,
        codec,
        metrics);
  }

  private String base() {
    return "http://127.0.0.1:" + door.port();
  }

  private String messaging(String team) {
    return "ws://127.0.0.1:" + door.port() + "/messaging/" + team;
  }

  private WireClient alice() throws Exception {
    WireClient client = WireClient.withToken(messaging(TEAM), "alice");
    client.hears("server.online");
    return client;
  }

  private HttpResponse<String> get(String path, String... headers) throws Exception {
    var request = HttpRequest.newBuilder(URI.create(base() + path));
    if (headers.length > 0) {
      request.headers(headers);
    }
    return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
  }

  private HttpResponse<String> post(String path, String body, String... headers) throws Exception {
    var request =
        HttpRequest.newBuilder(URI.create(base() + path))
            .POST(HttpRequest.BodyPublishers.ofString(body));
    if (headers.length > 0) {
      request.headers(headers);
    }
    return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
  }

  private String cookie() throws Exception {
    HttpResponse<String> login = post("/demo/login", "{\"jid\":\"" + ALICE + "\"}");
    assertThat(login.statusCode()).isEqualTo(200);
    return login.headers().firstValue("set-cookie").orElseThrow().split(";", 2)[0];
  }

  private static void refuses(HttpResponse<String> response, int status, String code)
      throws IOException {
    assertThat(response.statusCode()).isEqualTo(status);
    assertThat(JSON.readTree(response.body()))
        .isEqualTo(JSON.readTree("{\"ok\":false,\"error\":\"" + code + "\"}"));
  }

  // Who gets in

  @Test
  void letsInByTokenHeader() throws Exception {
    try (WireClient client = WireClient.withToken(messaging(TEAM), "alice")) {
      assertThat(client.hears("server.online").at("/params/contacts/0/jid").textValue())
          .isEqualTo(ALICE);
    }
  }

  @Test
  void letsInByBearerToken() throws Exception {
    try (WireClient client =
        WireClient.connect(messaging(TEAM), b -> b.header("Authorization", "Bearer bob"))) {
      client.hears("server.time");
    }
  }

  @Test
  void letsInBySubprotocolAndSelectsTheFirstOffered() throws Exception {
    String token =
        "token."
            + Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString("carol".getBytes(StandardCharsets.UTF_8));
    try (WireClient client =
        WireClient.connect(messaging(TEAM), b -> b.subprotocols("parley", "instance.abc", token))) {
      client.hears("server.time");
      assertThat(client.subprotocol()).isEqualTo("parley");
    }
    try (WireClient client = WireClient.connect(messaging(TEAM), b -> b.subprotocols("dave"))) {
      client.hears("server.time");
      assertThat(client.subprotocol()).isEqualTo("dave");
    }
  }

  @Test
  void letsInBySessionCookieFromItsOwnPages() throws Exception {
    String cookie = cookie();
    try (WireClient client =
        WireClient.connect(
            messaging(TEAM),
            b -> b.header("Cookie", cookie).header("Origin", base()).subprotocols("parley"))) {
      client.hears("server.time");
    }
    try (WireClient client =
        WireClient.connect(
            messaging(TEAM),
            b -> b.header("Cookie", cookie).header("Origin", "https://chat.example"))) {
      client.hears("server.time");
    }
  }

  @Test
  void keepsOutAStrangersPageInASignedInBrowser() throws Exception {
    String cookie = cookie();
    assertThat(handshake(b -> b.header("Cookie", cookie).header("Origin", "https://evil.example")))
        .isEqualTo(403);
  }

  @Test
  void keepsOutAStrangersPageThatKnowsADemoToken() {
    for (String origin : List.of("https://evil.example", "null", "http://localhost.evil.example")) {
      assertThat(handshake(b -> b.header("token", "alice").header("Origin", origin)))
          .as(origin)
          .isEqualTo(403);
    }
  }

  @Test
  void letsAFrontEndOfThisMachineIntoTheDemo() throws Exception {
    try (WireClient client =
        WireClient.connect(
            messaging(TEAM),
            b -> b.header("token", "alice").header("Origin", "http://localhost:3000"))) {
      client.hears("server.time");
    }
  }

  @Test
  void keepsOutWhoCannotSayWhoHeIs() throws Exception {
    assertThat(handshake(b -> b)).isEqualTo(401);
    assertThat(handshake(b -> b.header("token", "mallory"))).isEqualTo(401);
    assertThat(handshake(b -> b.header("Authorization", "Basic YTpi"))).isEqualTo(401);
    assertThat(handshake(b -> b.header("Cookie", "parley_session=forged"))).isEqualTo(401);
    assertThat(handshake(b -> b.subprotocols("parley", "token.!!"))).isEqualTo(401);
    String cookie = cookie();
    assertThat(handshake(b -> b.header("token", "mallory").header("Cookie", cookie)))
        .as("a wrong token is not mended by a cookie")
        .isEqualTo(401);
  }

  @Test
  void takesNoTokenFromTheAddress() throws Exception {
    var refused =
        catchThrowable(() -> WireClient.connect(messaging(TEAM) + "?token=alice", b -> b));
    assertThat(refused).hasCauseInstanceOf(WebSocketHandshakeException.class);
  }

  @Test
  void panicsAndClosesForATeamThatDoesNotExist() throws Exception {
    for (String team : List.of(OTHER_TEAM, "nonsense")) {
      WireClient client = WireClient.withToken(messaging(team), "alice");
      assertThat(client.hears("server.panic").at("/params/code").textValue())
          .isEqualTo("INVALID_TEAM");
      assertThat(client.closed().code()).isEqualTo(1008);
    }
  }

  /** The status with which a socket is refused. */
  private int handshake(UnaryOperator<WebSocket.Builder> how) {
    Throwable refused = catchThrowable(() -> WireClient.connect(messaging(TEAM), how));
    if (refused.getCause() instanceof WebSocketHandshakeException handshake) {
      return handshake.getResponse().statusCode();
    }
    throw new AssertionError("was not refused", refused);
  }

  // Frames

  @Test
  void readsTextAndBinaryAndFragmentedFrames() throws Exception {
    try (WireClient client = alice()) {
      client.says("{'event':'client.ping','confirm_id':'1'}");
      assertThat(confirmed(client)).isEqualTo("1");
      client.binary("{\"event\":\"client.ping\",\"confirm_id\":\"2\"}");
      assertThat(confirmed(client)).isEqualTo("2");
      client.part("{\"event\":\"client.pi", false);
      client.part("ng\",\"confirm_id\":\"3\"}", true);
      assertThat(confirmed(client)).isEqualTo("3");
    }
  }

  @Test
  void warnsOfUnknownEventsAndStaysOpen() throws Exception {
    try (WireClient client = alice()) {
      client.says("{'event':'client.dance'}");
      JsonNode warning = client.hears("server.warning");
      assertThat(warning.at("/params/message").textValue()).contains("client.dance");
      assertThat(warning.at("/params/orig/event").textValue()).isEqualTo("client.dance");
      stillAnswers(client);
    }
  }

  @Test
  void warnsOfAnOversizedFrameAndStaysOpen() throws Exception {
    try (WireClient client = alice()) {
      client.raw("x".repeat(1_000_000));
      assertThat(client.hears("server.warning").at("/params/message").textValue())
          .contains("too large");
      stillAnswers(client);
    }
  }

  @Test
  void endsAConnectionThatAnnouncesAFrameNobodyCouldWant() throws Exception {
    try (var greedy = new BareClient(door.port(), TEAM, "bob");
        WireClient other = alice()) {
      greedy.announcesFrame(3_000_000);
      assertThat(greedy.closeCode()).isEqualTo(1009);
      stillAnswers(other);
    }
  }

  @Test
  void endsAConnectionThatBreaksTheFraming() throws Exception {
    try (var broken = new BareClient(door.port(), TEAM, "bob")) {
      broken.sends(0x83, 0x80, 0, 0, 0, 0); // opcode 3 is reserved
      assertThat(broken.closeCode()).isEqualTo(1002);
    }
  }

  @Test
  void closesASocketThatSendsNothingButGarbage() throws Exception {
    WireClient client = alice();
    Throwable cut =
        catchThrowable(
            () -> {
              for (int i = 0; i < 500; i++) {
                client.raw("{{{{");
              }
            });
    WireClient.Close close = client.closed();
    assertThat(close.code()).as("%s %s", close, cut).isIn(1008, 1006);
    assertThat(metrics.counter("parley.signalling.socket.faults", "reason", "rejected").count())
        .isGreaterThan(10);
  }

  @Test
  void slowsDownWhoSendsTooMuch() throws Exception {
    try (WireClient client = alice()) {
      for (int i = 0; i < 300; i++) {
        client.says("{'event':'client.ping'}");
      }
      JsonNode warning =
          client.hears(
              "server.warning",
              event -> event.at("/params/message").textValue().contains("too many events"));
      assertThat(warning).isNotNull();
    }
  }

  @Test
  void forgetsASessionWhenItsSocketCloses() throws Exception {
    WireClient bob = WireClient.withToken(messaging(TEAM), "bob");
    try (WireClient client = WireClient.withToken(messaging(TEAM), "alice")) {
      client.hears("server.online", online -> online.at("/params/contacts").size() == 2);
      bob.close();
      client.hears("server.online", online -> online.at("/params/contacts").size() == 1);
    }
  }

  @Test
  void findsASocketThatNoLongerAnswers() throws Exception {
    door.close();
    door = door(0, OFTEN);
    try (var silent = new BareClient(door.port(), TEAM, "bob");
        WireClient client = WireClient.withToken(messaging(TEAM), "alice")) {
      client.hears("server.online", online -> online.at("/params/contacts").size() == 2);
      assertThat(silent.gotPing()).isTrue();
      client.hears("server.online", online -> online.at("/params/contacts").size() == 1);
      assertThat(client.isOpen()).as("who answers pings stays").isTrue();
    }
  }

  @Test
  void tellsClientsThatItStops() throws Exception {
    WireClient client = alice();
    door.close();
    assertThat(client.closed().code()).isEqualTo(1001);
  }

  private static String confirmed(WireClient client) throws Exception {
    return client.hears("server.confirm").at("/params/confirm_id").textValue();
  }

  private static void stillAnswers(WireClient client) throws Exception {
    client.says("{'event':'client.ping','confirm_id':'still'}");
    assertThat(confirmed(client)).isEqualTo("still");
  }

  // HTTP

  @Test
  void answersWhatClientsAskFirst() throws Exception {
    assertThat(JSON.readTree(get("/api/v4/ping").body()).get("ok").booleanValue()).isTrue();
    JsonNode team = JSON.readTree(get("/api/v4/teams/" + TEAM, "token", "alice").body());
    assertThat(team.at("/result/uid").textValue()).isEqualTo(TEAM);
    assertThat(team.at("/result/me/jid").textValue()).isEqualTo(ALICE);
    assertThat(team.at("/result/me/icons/sm/url").textValue())
        .isEqualTo(base() + "/icons/" + ALICE + ".svg");
    JsonNode features = JSON.readTree(get("/features.json").body());
    assertThat(features.get("calls").booleanValue()).isTrue();
    assertThat(features.at("/ice_servers/0/urls").textValue()).isEqualTo("stun:127.0.0.1:20000");
    assertThat(features.get("resend_timeout").intValue()).isEqualTo(5);
  }

  @Test
  void listsContactsAndChatsInTheChatServersStructures() throws Exception {
    JsonNode contacts =
        JSON.readTree(get("/api/v4/teams/" + TEAM + "/contacts", "token", "alice").body());
    assertThat(contacts.get("result")).hasSize(6);
    assertThat(contacts.at("/result/0/can_call").booleanValue()).as("herself").isFalse();
    assertThat(contacts.at("/result/1/can_call").booleanValue()).isTrue();
    JsonNode groups =
        JSON.readTree(get("/api/v4/teams/" + TEAM + "/groups", "token", "alice").body());
    assertThat(groups.get("result")).hasSize(2);
    assertThat(groups.at("/result/0/chat_type").textValue()).isEqualTo("group");
    assertThat(groups.at("/result/0/num_members").intValue()).isEqualTo(6);
  }

  @Test
  void refusesWithTheProtocolsCodes() throws Exception {
    String team = "/api/v4/teams/" + TEAM;
    refuses(get(team), 401, "EMPTY_TOKEN");
    refuses(get(team, "token", "mallory"), 401, "INVALID_TOKEN");
    refuses(get(team, "Cookie", "parley_session=forged"), 401, "EMPTY_SESSION");
    refuses(get("/api/v4/teams/" + OTHER_TEAM, "token", "alice"), 404, "NOT_FOUND");
    refuses(get("/api/v4/teams/nonsense", "token", "alice"), 404, "NOT_FOUND");
    refuses(get("/api/v4/nothing", "token", "alice"), 404, "NOT_FOUND");
    refuses(get("/messaging/" + TEAM, "token", "alice"), 422, "INVALID_DATA");
    refuses(post("/demo/login", "{\"jid\":\"d-1\"}"), 422, "INVALID_DATA");
    refuses(post("/demo/login", "nonsense"), 422, "INVALID_DATA");
    refuses(post("/demo/login", "x".repeat(100_000)), 422, "INVALID_DATA");
    refuses(
        post("/demo/login", "{\"jid\":\"" + ALICE + "\"}", "Origin", "https://evil.example"),
        403,
        "ACCESS_DENIED");
  }

  @Test
  void signsOutOfADemoSession() throws Exception {
    String cookie = cookie();
    assertThat(get("/api/v4/teams/" + TEAM, "Cookie", cookie).statusCode()).isEqualTo(200);
    post("/demo/logout", "", "Cookie", cookie);
    refuses(get("/api/v4/teams/" + TEAM, "Cookie", cookie), 401, "EMPTY_SESSION");
  }

  @Test
  void servesPagesWithTypesCachingAndGuards() throws Exception {
    HttpResponse<String> page = get("/");
    assertThat(page.statusCode()).isEqualTo(200);
    assertThat(page.headers().firstValue("content-type")).hasValue("text/html; charset=utf-8");
    assertThat(page.headers().firstValue("content-security-policy").orElse(""))
        .contains("default-src 'self'")
        .doesNotContain("unsafe");
    String etag = page.headers().firstValue("etag").orElseThrow();
    assertThat(get("/", "If-None-Match", etag).statusCode()).isEqualTo(304);
    assertThat(get("/parley-client.js").headers().firstValue("content-type"))
        .hasValue("text/javascript; charset=utf-8");
    assertThat(get("/icons/" + ALICE + ".svg").headers().firstValue("content-type"))
        .hasValue("image/svg+xml");
    assertThat(get("/icons/d-1.svg").statusCode()).isEqualTo(404);
  }

  @Test
  void servesTheRecordingsPageWithAndWithoutASlash() throws Exception {
    assertThat(get("/recordings/").body()).contains("<title>Recordings");
    assertThat(raw("/recordings")).startsWith("HTTP/1.1 308").contains("ocation: recordings/");
    assertThat(raw("/recordings/style")).startsWith("HTTP/1.1 404");
    assertThat(get("/parley/recordings/").body()).contains("<title>Recordings");
    assertThat(raw("/parley/recordings"))
        .startsWith("HTTP/1.1 308")
        .contains("ocation: recordings/");
    assertThat(raw("/parley/index.html")).startsWith("HTTP/1.1 404");
    assertThat(get("/recordings/app.js").headers().firstValue("content-type"))
        .hasValue("text/javascript; charset=utf-8");
  }

  @Test
  void servesNothingFromOutsideItsFolder() throws Exception {
    for (String path :
        List.of(
            "/../demo-directory.yaml",
            "/%2e%2e/demo-directory.yaml",
            "/..%2fdemo-directory.yaml",
            "/page/..%5c..%5clogback.xml",
            "//etc/passwd",
            "/.git/config")) {
      assertThat(raw(path)).as(path).startsWith("HTTP/1.1 4");
    }
  }

  /** Without a client that would tidy the path up. */
  private String raw(String path) throws IOException {
    try (var socket = new Socket("127.0.0.1", door.port())) {
      String request = "GET " + path + " HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n";
      socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
      return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  @Test
  void servesTheDemoUnderThisMachinesOwnNamesOnly() throws Exception {
    for (String host : List.of("evil.example", "a!b.evil.example:8080", "localhost.evil.example")) {
      try (var socket = new Socket("127.0.0.1", door.port())) {
        String request =
            "GET /demo/people HTTP/1.1\r\nHost: " + host + "\r\nConnection: close\r\n\r\n";
        socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
        String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(answer).as(host).startsWith("HTTP/1.1 403").contains("ACCESS_DENIED");
      }
    }
  }

  @Test
  void answersAPathOfThousandsOfNames() throws Exception {
    assertThat(raw("/" + "a/".repeat(2_000) + "b.html")).startsWith("HTTP/1.1 404");
  }

  @Test
  void tellsClientsWhoMayMuteAllOthers() throws Exception {
    assertThat(JSON.readTree(get("/features.json").body()).has("allow_admin_mute")).isFalse();
    door.close();
    onlyAdminsMute = true;
    door = door(0, OFTEN);
    assertThat(JSON.readTree(get("/features.json").body()).get("allow_admin_mute").booleanValue())
        .isTrue();
  }

  @Test
  void makesCredentialsForTheTurnServerForWhoIsSignedIn() throws Exception {
    door.close();
    var own = new OwnTurn("", 3478, 0, "north wind");
    iceServers = new IceServers(List.of(), own, Duration.ofHours(1));
    door = door(0, OFTEN);
    JsonNode known = JSON.readTree(get("/features.json", "token", "alice").body());
    assertThat(known.at("/ice_servers/1/urls").textValue())
        .isEqualTo("turn:127.0.0.1:3478?transport=udp");
    assertThat(known.at("/ice_servers/1/username").textValue()).endsWith(":" + ALICE);
    assertThat(known.at("/ice_servers/1/credential").textValue()).hasSize(28);
    for (String[] stranger : new String[][] {{}, {"token", "nobody"}}) {
      JsonNode features = JSON.readTree(get("/features.json", stranger).body());
      assertThat(features.get("ice_servers")).hasSize(1);
      assertThat(features.at("/ice_servers/0/urls").textValue()).isEqualTo("stun:127.0.0.1:3478");
    }
  }

  @Test
  void letsAllowedOriginsAskAndNoOther() throws Exception {
    assertThat(
            get("/features.json", "Origin", "https://chat.example")
                .headers()
                .firstValue("access-control-allow-origin"))
        .hasValue("https://chat.example");
    assertThat(
            get("/features.json", "Origin", "https://evil.example")
                .headers()
                .firstValue("access-control-allow-origin"))
        .isEmpty();
  }

  @Test
  void saysWhichPortIsInUse() {
    assertThatThrownBy(() -> door(door.port(), OFTEN))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("port " + door.port() + " is in use")
        .hasMessageContaining("http.port");
  }
}
