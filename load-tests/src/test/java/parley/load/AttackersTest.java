package parley.load;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import parley.load.server.LargeTeam;
import parley.load.server.OwnNode;
import parley.load.server.ParleyProcess;
import parley.load.server.WireClient;

/**
 * What somebody with bad intentions can try on a real socket, with and without a token. Each time a
 * call goes on beside it as if nothing were.
 */
@Timeout(300)
class AttackersTest {

  private static final int POLICY = 1008;
  private static final int TOO_BIG = 1009;
  private static final int SLOW_READER_S = 60;
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  private static final String TEAM = "11111111-0000-4000-8000-000000000001";
  private static final String OTHER_TEAM = "22222222-0000-4000-8000-000000000001";
  private static final String GROUP = "g-11111111-0000-4000-8000-00000000000a";
  private static final String OTHER_GROUP = "g-22222222-0000-4000-8000-00000000000a";

  /** Alice and Bob have a group; Mallory is in their team but not in the group, Eve in another. */
  private static final String TEAMS =
      """
      teams:
        - uid: %s
          name: Ours
          record_direct_calls: false
          contacts:
            - {jid: d-11111111-0000-4000-8000-000000000001, display_name: Alice, short_name: Alice, admin: false, tokens: [token-of-alice]}
            - {jid: d-11111111-0000-4000-8000-000000000002, display_name: Bob, short_name: Bob, admin: false, tokens: [token-of-bob]}
            - {jid: d-11111111-0000-4000-8000-000000000003, display_name: Mallory, short_name: Mallory, admin: true, tokens: [token-of-mallory]}
          chats:
            - jid: %s
              display_name: The two of us
              audiorecord: false
              members: [d-11111111-0000-4000-8000-000000000001, d-11111111-0000-4000-8000-000000000002]
        - uid: %s
          name: Theirs
          record_direct_calls: false
          contacts:
            - {jid: d-22222222-0000-4000-8000-000000000001, display_name: Eve, short_name: Eve, admin: true, tokens: [token-of-eve]}
          chats:
            - jid: %s
              display_name: Only me
              audiorecord: false
      """
          .formatted(TEAM, GROUP, OTHER_TEAM, OTHER_GROUP);

  @TempDir Path folder;

  private interface Attack {
    void on(String url, RunningCall call) throws Exception;
  }

  private void duringACall(Attack attack) throws Exception {
    Path directory = folder.resolve("teams.yaml");
    Files.writeString(directory, TEAMS);
    try (OwnNode node = OwnNode.start(Map.of("PARLEY_DIRECTORY_FILE", directory.toString()));
        RunningCall call =
            new RunningCall(node.url(), TEAM, GROUP, "token-of-alice", "token-of-bob")) {
      attack.on(node.url(), call);
      call.assertGoesOn();
    }
  }

  @Test
  void aTokenOpensNoOtherTeam() throws Exception {
    duringACall(
        (url, call) -> {
          try (WireClient eve = new WireClient(url, TEAM, "token-of-eve")) {
            assertThat(eve.await("server.panic", any -> true).path("code").asText())
                .isEqualTo("INVALID_TEAM");
            Eventually.until("the close", PATIENCE, () -> eve.closed().startsWith("1008"));
            assertThat(eve.all("server.online")).isEmpty();
          }
          for (String path : List.of("", "/contacts", "/groups", "/tasks")) {
            HttpResponse<String> answer = get(url + "/api/v4/teams/" + TEAM + path, "token-of-eve");
            assertThat(answer.statusCode()).as(path).isBetween(401, 404);
            assertThat(answer.body()).contains("\"ok\":false").doesNotContain("Alice");
          }
          for (String nobody : List.of("", "token-of-nobody", "token-of-alice ")) {
            assertThat(get(url + "/api/v4/teams/" + TEAM, nobody.strip() + "x").statusCode())
                .isEqualTo(401);
          }
        });
  }

  @Test
  void nobodyReachesTheCallOfAChatThatIsNotHis() throws Exception {
    duringACall(
        (url, call) -> {
          try (WireClient mallory = new WireClient(url, TEAM, "token-of-mallory");
              WireClient eve = new WireClient(url, OTHER_TEAM, "token-of-eve")) {
            for (WireClient each : List.of(mallory, eve)) {
              int said = 0;
              for (String event :
                  List.of(
                      "offer",
                      "trickle",
                      "buzz",
                      "buzzcancel",
                      "leave",
                      "reject",
                      "sound",
                      "muteall")) {
                for (String jid : List.of(GROUP, each == mallory ? OTHER_GROUP : GROUP)) {
                  each.send("client.call." + event, "jid", jid, "sdp", "v=0", "muted", true);
                  said++;
                }
              }
              int all = said;
              Eventually.until(
                  "each to be refused", PATIENCE, () -> each.all("server.warning").size() == all);
              assertThat(each.all("server.warning"))
                  .allMatch(warning -> warning.path("message").asText().equals("access denied"));
              assertThat(each.all("server.call.state")).isEmpty();
              assertThat(each.all("server.call.answer")).isEmpty();
              for (JsonNode online : each.all("server.online")) {
                assertThat(online.path("calls")).isEmpty();
              }
            }
          }
        });
  }

  @Test
  void aStrangersPageOpensNoSocketWithAnothersCookie() throws Exception {
    try (OwnNode node = OwnNode.start();
        RunningCall call = demoCall(node.url())) {
      String login = "{\"jid\":\"d-04d5f862-8bae-43e5-8ace-98c51411e190\"}";
      HttpRequest request =
          HttpRequest.newBuilder(URI.create(node.url() + "/demo/login"))
              .header("Content-Type", "application/json")
              .header("Origin", node.url())
              .POST(HttpRequest.BodyPublishers.ofString(login))
              .build();
      String cookie;
      try (HttpClient http = HttpClient.newHttpClient()) {
        HttpResponse<String> answer = http.send(request, HttpResponse.BodyHandlers.ofString());
        cookie = answer.headers().firstValue("set-cookie").orElseThrow().split(";", -1)[0];
      }
      for (String origin : List.of("https://evil.example", "null", node.url() + ".evil.example")) {
        assertThat(upgrade(node.url(), "Cookie: " + cookie + "\r\nOrigin: " + origin + "\r\n"))
            .as(origin)
            .contains(" 403 ");
      }
      String own = "Cookie: " + cookie + "\r\nOrigin: " + node.url() + "\r\n";
      assertThat(upgrade(node.url(), own)).contains(" 101 ");
      call.assertGoesOn();
    }
  }

  @Test
  void whatIsTooLargeOrTooDeepIsRefusedAndGoingOnWithItClosesTheSocket() throws Exception {
    duringACall(
        (url, call) -> {
          try (WireClient mallory = new WireClient(url, TEAM, "token-of-mallory")) {
            mallory.sendText("\"" + "x".repeat(300_000) + "\"");
            mallory.await("server.warning", it -> it.path("message").asText().contains("large"));
            for (String open : List.of("[", "{\"a\":", "{\"event\":\"client.ping\",\"params\":[")) {
              mallory.sendText(open.repeat(20_000));
            }
            Eventually.until(
                "each to be refused", PATIENCE, () -> mallory.all("server.warning").size() == 4);
            assertThat(mallory.closed()).isEmpty();
            for (int i = 0; i < 60 && mallory.closed().isEmpty(); i++) {
              mallory.sendText("[".repeat(200_000));
            }
            Eventually.until("the close", PATIENCE, () -> mallory.closed().startsWith("1008"));
          }
          try (RawSocket mallory = mallory(url)) {
            unlessClosed(() -> mallory.send(RawSocket.TEXT, true, new byte[3 << 20]));
            assertThat(mallory.closeCode(PATIENCE)).isIn(TOO_BIG, 0);
          }
        });
  }

  @Test
  void aMessageThatNeverEndsIsCutOff() throws Exception {
    duringACall(
        (url, call) -> {
          for (int size : List.of(64 * 1024, 100, 0)) {
            try (RawSocket mallory = mallory(url)) {
              flood(mallory, size, 8_000_000);
              assertThat(mallory.closeCode(PATIENCE)).as("frames of " + size).isIn(POLICY, 0);
            }
          }
        });
  }

  /** Continuation frames, until so many bytes are sent or the socket is gone. */
  private static void flood(RawSocket socket, int size, int bytes) {
    byte[] part = new byte[size];
    unlessClosed(
        () -> {
          socket.send(RawSocket.TEXT, false, part);
          for (int sent = 0; sent < bytes; sent += Math.max(size, 64)) {
            socket.send(RawSocket.CONTINUATION, false, part);
          }
        });
  }

  /** The server may close, as it should, before all is sent. */
  private static void unlessClosed(Sending sending) {
    try {
      sending.send();
    } catch (IOException e) {
      // the close code is asked for afterwards
    }
  }

  /** He is told at once, which he does not read; after some seconds the connection is cut. */
  @Test
  void whoDoesNotReadIsShownOut() throws Exception {
    String large = "{\"event\":\"client.dance\",\"x\":\"" + "x".repeat(200_000) + "\"}";
    byte[] ping = new byte[125];
    duringACall(
        (url, call) -> {
          try (RawSocket talks = mallory(url);
              RawSocket pings = mallory(url);
              ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<Boolean> talker = threads.submit(() -> isCutOff(() -> talks.text(large)));
            Future<Boolean> pinger =
                threads.submit(() -> isCutOff(() -> pings.send(RawSocket.PING, true, ping)));
            call.assertGoesOn();
            assertThat(talker.get(SLOW_READER_S, TimeUnit.SECONDS)).isTrue();
            assertThat(pinger.get(SLOW_READER_S, TimeUnit.SECONDS)).isTrue();
          }
        });
  }

  private interface Sending {
    void send() throws IOException;
  }

  /** Sends, never reads, and is closed before long. */
  private static boolean isCutOff(Sending sending) {
    long endNs = System.nanoTime() + Duration.ofSeconds(SLOW_READER_S).toNanos();
    try {
      while (System.nanoTime() < endNs) {
        sending.send();
      }
      return false;
    } catch (IOException e) {
      return true;
    }
  }

  @Tag("slow")
  @Test
  void tenThousandIdleSocketsAreBounded() throws Exception {
    int people = 202;
    LargeTeam team = new LargeTeam(people);
    Path directory = folder.resolve("large.yaml");
    team.write(directory);
    // All of them come from one address, which would be refused long before.
    Map<String, String> settings =
        Map.of(
            "PARLEY_DIRECTORY_FILE", directory.toString(), "PARLEY_LIMITS_ADDRESS_PER_MINUTE", "0");
    List<RawSocket> idle = new ArrayList<>();
    try (ParleyProcess parley = ParleyProcess.start(folder, settings, List.of());
        RunningCall call =
            new RunningCall(
                parley.url(), LargeTeam.TEAM, LargeTeam.GROUP, team.token(200), team.token(201))) {
      String url = parley.url();
      for (int i = 0; i < 10_000; i++) {
        idle.add(RawSocket.open(url, LargeTeam.TEAM, team.token(i / 50)));
      }
      call.assertGoesOn();
      try (RawSocket oneMore = RawSocket.open(url, LargeTeam.TEAM, team.token(199))) {
        assertThat(oneMore.closeCode(PATIENCE)).isEqualTo(POLICY);
      }
      assertThat(parley.residentBytes()).isLessThan(2_000_000_000L);
      assertThat(get(url + "/api/v4/ping", team.token(0)).statusCode()).isEqualTo(200);
      Eventually.until(
          "the dead sockets to be found",
          Duration.ofSeconds(60),
          () -> isFree(url, team.token(199)),
          parley::logTail);
      call.assertGoesOn();
      closeAll(idle);
      for (int i = 0; i < 8_000; i++) {
        idle.add(RawSocket.silent(url)); // connected, and not a word
      }
      call.assertGoesOn();
      assertThat(get(url + "/api/v4/ping", team.token(0)).statusCode()).isEqualTo(200);
      RawSocket first = idle.getFirst();
      assertThat(first.closeCode(Duration.ofSeconds(90))).as("closed without a word").isZero();
      call.assertGoesOn();
    } finally {
      closeAll(idle);
    }
  }

  private static void closeAll(List<RawSocket> sockets) throws IOException {
    for (RawSocket each : sockets) {
      each.close();
    }
    sockets.clear();
  }

  /** Whether a contact may have one more socket. */
  private static boolean isFree(String url, String token) {
    try (RawSocket socket = RawSocket.open(url, LargeTeam.TEAM, token)) {
      return socket.closeCode(Duration.ofMillis(500)) == -1;
    } catch (IOException e) {
      return false;
    }
  }

  private static RunningCall demoCall(String url) throws Exception {
    return new RunningCall(url, OwnNode.DEMO_TEAM, World.RECORDED_GROUP, "alice", "bob");
  }

  private static RawSocket mallory(String url) throws IOException {
    return RawSocket.open(url, TEAM, "token-of-mallory");
  }

  private static String upgrade(String url, String headers) throws IOException {
    try (RawSocket socket = RawSocket.silent(url)) {
      return socket.handshake(url, OwnNode.DEMO_TEAM, headers);
    }
  }

  private static HttpResponse<String> get(String url, String token) throws Exception {
    try (HttpClient http = HttpClient.newHttpClient()) {
      return http.send(
          HttpRequest.newBuilder(URI.create(url)).header("token", token).build(),
          HttpResponse.BodyHandlers.ofString(StandardCharsets.UTF_8));
    }
  }
}
