package parley.signalling.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static parley.signalling.gateway.GatewayStand.ALICE;
import static parley.signalling.gateway.GatewayStand.API;
import static parley.signalling.gateway.GatewayStand.BOB;
import static parley.signalling.gateway.GatewayStand.GROUP;
import static parley.signalling.gateway.GatewayStand.offer;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import parley.relay.api.RelayCommand;
import parley.signalling.gateway.ScriptedUpstream.Peer;
import parley.signalling.server.WireClient;

/** The chat server dies and comes back while people talk. */
class GatewayAwayTest {

  private GatewayStand stand;

  @BeforeEach
  void start() throws Exception {
    stand = new GatewayStand();
  }

  @AfterEach
  void stop() throws Exception {
    stand.close();
  }

  @Test
  void keepsACallThroughTheDeathOfTheChatServer() throws Exception {
    WireClient alice = stand.client("alice");
    WireClient bob = stand.client("bob");
    stand.upstream.peer();
    stand.upstream.peer();
    alice.says(offer(BOB));
    String uid = alice.hears("server.call.answer").at("/params/uid").textValue();
    bob.hears("server.call.buzz");
    bob.says(offer(ALICE));
    bob.hears("server.call.answer");

    stand.upstream.kill();
    assertThat(alice.closed().code()).isEqualTo(1012);
    assertThat(bob.closed().code()).isEqualTo(1012);
    assertThat(stand.commands)
        .noneMatch(
            command ->
                command instanceof RelayCommand.Leave || command instanceof RelayCommand.Close);

    // Signalling recovers without the chat server …
    alice = stand.client("alice");
    bob = stand.client("bob");
    JsonNode state = alice.hears("server.call.state");
    assertThat(state.at("/params/uid").textValue()).isEqualTo(uid);
    assertThat(state.at("/params/onliners")).hasSize(2);
    alice.says(offer(BOB));
    assertThat(alice.hears("server.call.answer").at("/params/uid").textValue()).isEqualTo(uid);
    bob.says(offer(ALICE));
    bob.hears("server.call.answer");
    alice.says("{'event':'client.ping','confirm_id':'p'}");
    assertThat(alice.hears("server.confirm", e -> e.at("/params/confirm_id").asText().equals("p")))
        .isNotNull();
    alice.says("{'event':'client.message.updated','params':{'message_id':'kept'}}");

    // … and the chat goes on on the same sockets when it is back.
    stand.upstream.start();
    Peer one = stand.upstream.peer();
    Peer other = stand.upstream.peer();
    Peer alices = one.request().header("token").equals("alice") ? one : other;
    assertThat(alices.text()).contains("kept");
    alices.send(Bytes.text("{\"event\":\"server.time\",\"params\":{}}"));
    alice.hears("server.time");
    bob.says("{'event':'client.call.leave','params':{'jid':'" + ALICE + "'}}");
    alice.hears("server.call.state", event -> event.at("/params/finish").isTextual());
    alice.close();
    bob.close();
  }

  @Test
  void letsOnlyThoseInWhomTheChatServerLetInBefore() throws Exception {
    try (WireClient alice = stand.client("alice")) {
      stand.upstream.peer();
      alice.says(offer(GROUP));
      alice.hears("server.call.answer");
      stand.upstream.kill();
      alice.closed();
    }
    try (RawClient bob = stand.raw("token: bob");
        RawClient almost = stand.raw("token: alice", "Cookie: x=1");
        RawClient nobody = stand.raw()) {
      assertThat(bob.status()).isEqualTo(502);
      assertThat(almost.status()).isEqualTo(502);
      assertThat(nobody.status()).isEqualTo(502);
    }
    try (RawClient alice = stand.raw("token: alice")) {
      assertThat(alice.status()).isEqualTo(101);
      assertThat(alice.head).contains(Bytes.accept(RawClient.KEY));
    }
  }

  @Test
  void doesNotLetInWhomTheChatServerSentAway() throws Exception {
    try (RawClient alice = stand.raw("token: alice")) {
      Peer peer = stand.upstream.peer();
      alice.send(
          Bytes.maskedText(
              "{\"event\":\"client.call.leave\",\"params\":{\"jid\":\"" + GROUP + "\"}}"));
      while (!alice.frame().text().contains("server.call.leave")) {
        // until she is known
      }
      peer.send(Bytes.frame(Bytes.CLOSE, true, Bytes.close(4001, "signed out")));
      assertThat(alice.frame().opcode()).isEqualTo(Bytes.CLOSE);
    }
    stand.upstream.kill();
    try (RawClient alice = stand.raw("token: alice")) {
      assertThat(alice.status()).isEqualTo(502);
    }
  }

  @Test
  void showsOutWhomTheReturnedChatServerDoesNotKnow() throws Exception {
    try (WireClient alice = stand.client("alice")) {
      stand.upstream.peer();
      alice.says(offer(GROUP));
      alice.hears("server.call.answer");
      stand.upstream.kill();
      alice.closed();
    }
    try (WireClient alice = stand.client("alice")) {
      alice.hears("server.call.state");
      stand.upstream.refusal = new ScriptedUpstream.Response(401, "No", List.of(), new byte[0]);
      stand.upstream.start();
      assertThat(alice.closed().code()).isEqualTo(1008);
    }
  }

  @Test
  void answersWhatClientsAskBeforeTheyConnect() throws Exception {
    stand.upstream.answers.put(
        "/features.json", request -> ScriptedUpstream.Response.json("{\"app_title\":\"Chat\"}"));
    try (HttpClient http = HttpClient.newHttpClient()) {
      assertThat(get(http, "/features.json")).startsWith("200 ").contains("ice_servers");
      try (WireClient alice = stand.client("alice")) {
        stand.upstream.peer();
        alice.says(offer(GROUP));
        alice.hears("server.call.answer");
        stand.upstream.kill();
        alice.closed();
      }
      assertThat(get(http, "/features.json"))
          .startsWith("200 ")
          .contains("\"app_title\":\"Chat\"", "stun:ours");
      assertThat(get(http, API)).startsWith("200 ").contains(ALICE);
      assertThat(get(http, "/api/v4/ping")).isEqualTo("200 {\"ok\":true,\"result\":\"pong\"}");
      assertThat(get(http, API + "/contacts"))
          .isEqualTo("502 {\"ok\":false,\"error\":\"UNAVAILABLE\"}");
    }
  }

  private String get(HttpClient http, String path) throws Exception {
    var request =
        HttpRequest.newBuilder(URI.create(stand.http() + path)).header("token", "alice").build();
    var answer = http.send(request, BodyHandlers.ofString());
    return answer.statusCode() + " " + answer.body();
  }
}
