package parley.signalling.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static parley.signalling.gateway.GatewayStand.API;
import static parley.signalling.gateway.GatewayStand.GROUP;
import static parley.signalling.gateway.GatewayStand.OTHERS;
import static parley.signalling.gateway.GatewayStand.offer;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import parley.relay.api.RecordingPolicy;
import parley.relay.api.RecordingPolicy.Consent;
import parley.relay.api.RecordingPolicy.Mode;
import parley.relay.api.RecordingPolicy.Who;
import parley.signalling.server.WireClient;
import parley.signalling.session.RecordingPolicies;

/** What members ask by HTTP about calls, before a chat server that knows nothing of it. */
class AboutCallsTest {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String RECORDING = API + "/chats/" + GROUP + "/recording";

  /** Members are asked before they come in. */
  private static final RecordingPolicy ASKED =
      new RecordingPolicy(
          "asked",
          "1",
          Mode.OPTIONAL,
          0,
          true,
          Consent.OR_NOT_ADMITTED,
          Who.NOBODY,
          Who.NOBODY,
          "",
          0,
          false);

  private GatewayStand stand;

  @BeforeEach
  void start() throws Exception {
    stand =
        new GatewayStand(true, new RecordingPolicies(Map.of("asked", ASKED), Map.of(), "asked"));
  }

  @AfterEach
  void stop() throws Exception {
    stand.close();
  }

  @Test
  void letsInWhoAgreesToBeRecordedAndNobodyElse() throws Exception {
    try (WireClient alice = stand.client("alice");
        WireClient bob = stand.client("bob")) {
      stand.upstream.peer();
      stand.upstream.peer();
      alice.says(offer(GROUP));
      alice.hears("server.warning");
      assertThat(asked("alice").at("/result/agreed").isBoolean()).isFalse();
      assertThat(asked("alice").at("/result/consent").textValue()).isEqualTo("or_not_admitted");
      assertThat(post(RECORDING, "{\"agree\":true}", "token", "alice").statusCode()).isEqualTo(200);
      assertThat(post(RECORDING, "{\"agree\":false}", "token", "bob").statusCode()).isEqualTo(200);
      alice.says(offer(GROUP));
      alice.hears("server.call.answer");
      bob.says(offer(GROUP));
      bob.hears("server.warning");
      assertThat(asked("bob").at("/result/agreed").booleanValue()).isFalse();
    }
  }

  @Test
  void tellsMembersAloneWhomTheChatServerKnows() throws Exception {
    try (WireClient alice = stand.client("alice")) {
      stand.upstream.peer();
      alice.says(offer(OTHERS));
      alice.hears("server.warning");
      assertThat(get(RECORDING, "token", "alice").statusCode()).isEqualTo(200);
      assertThat(get(RECORDING, "token", "stranger").statusCode()).isEqualTo(401);
      assertThat(get(RECORDING).statusCode()).isEqualTo(401);
      assertThat(get(API + "/chats/" + OTHERS + "/recording", "token", "alice").statusCode())
          .isEqualTo(404);
    }
  }

  @Test
  void takesNoPagesWordForAnotherSitesCookie() throws Exception {
    String agrees = "{\"agree\":true}";
    var foreign = post(RECORDING, agrees, "cookie", "s=alice", "origin", "https://evil.example");
    assertThat(foreign.statusCode()).isEqualTo(403);
    assertThat(stand.upstream.requests).isEmpty();
  }

  @Test
  void knowsThoseItKnewWhileTheChatServerIsAway() throws Exception {
    try (WireClient alice = stand.client("alice")) {
      stand.upstream.peer();
      alice.says(offer(OTHERS));
      alice.hears("server.warning"); // she is known by now
      stand.upstream.answers.put(
          API, request -> new ScriptedUpstream.Response(503, "Away", List.of(), new byte[0]));
      assertThat(get(RECORDING, "token", "alice").statusCode()).isEqualTo(200);
      assertThat(get(RECORDING, "token", "bob").statusCode()).isEqualTo(503);
    }
  }

  @Test
  void passesWhatElseThereIsOfChats() throws Exception {
    String messages = API + "/chats/" + GROUP + "/messages";
    stand.upstream.answers.put(messages, request -> GatewayStand.result());
    assertThat(get(messages, "token", "alice").statusCode()).isEqualTo(200);
    assertThat(stand.upstream.requests.getLast().uri()).isEqualTo(messages);
    String connection = API + "/calls/0b2c745f-0000-4000-8000-000000000000/connection";
    stand.upstream.requests.clear();
    assertThat(get(connection, "token", "alice").statusCode()).isEqualTo(404);
    assertThat(stand.upstream.requests).noneMatch(seen -> seen.uri().equals(connection));
  }

  private JsonNode asked(String token) throws Exception {
    return JSON.readTree(get(RECORDING, "token", token).body());
  }

  private HttpResponse<String> get(String path, String... headers) throws Exception {
    return send(request(path, headers).GET());
  }

  private HttpResponse<String> post(String path, String body, String... headers) throws Exception {
    return send(request(path, headers).POST(BodyPublishers.ofString(body)));
  }

  private HttpRequest.Builder request(String path, String... headers) {
    HttpRequest.Builder builder = HttpRequest.newBuilder(URI.create(stand.http() + path));
    return headers.length == 0 ? builder : builder.headers(headers);
  }

  private static HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
    try (var client = HttpClient.newHttpClient()) {
      return client.send(request.build(), BodyHandlers.ofString());
    }
  }
}
