package parley.signalling.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static parley.signalling.gateway.GatewayStand.ALICE;
import static parley.signalling.gateway.GatewayStand.API;
import static parley.signalling.gateway.GatewayStand.BOB;
import static parley.signalling.gateway.GatewayStand.GROUP;
import static parley.signalling.gateway.GatewayStand.OTHERS;
import static parley.signalling.gateway.GatewayStand.offer;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import parley.signalling.gateway.ScriptedUpstream.Peer;
import parley.signalling.server.WireClient;

class GatewayTest {

  private static final ObjectMapper JSON = new ObjectMapper();

  /** What a page or a module says that it loads; of other schemes and anchors nothing. */
  private static final Pattern NEEDED =
      Pattern.compile("(?:href=|src=|from )[\"']([.\\w][./\\w-]*)[\"']");

  private GatewayStand stand;

  @BeforeEach
  void start() throws Exception {
    stand = new GatewayStand();
  }

  @AfterEach
  void stop() throws Exception {
    stand.close();
  }

  // --- everything else passes

  @Test
  void passesEveryCapturedEventUnchangedInBothDirections() throws Exception {
    try (RawClient client = stand.raw("token: alice")) {
      Peer peer = stand.upstream.peer();
      for (ChatEvents.Captured event : ChatEvents.all()) {
        if (event.isClients()) {
          byte[] frame = Bytes.masked(Bytes.TEXT, true, event.json());
          client.send(frame);
          assertThat(peer.read(frame.length)).as(event.name()).isEqualTo(frame);
        } else {
          byte[] frame = Bytes.frame(Bytes.TEXT, true, event.json());
          peer.send(frame);
          assertThat(client.read(frame.length)).as(event.name()).isEqualTo(frame);
        }
      }
    }
  }

  @Test
  void passesPingsPongsFragmentsAndBinaryFrames() throws Exception {
    try (RawClient client = stand.raw("token: alice")) {
      Peer peer = stand.upstream.peer();
      var toServer = new ByteArrayOutputStream();
      var toClient = new ByteArrayOutputStream();
      for (int opcode : new int[] {Bytes.BINARY, Bytes.PING, Bytes.PONG}) {
        toServer.writeBytes(Bytes.masked(opcode, true, new byte[] {1, 2, (byte) 200}));
        toClient.writeBytes(Bytes.frame(opcode, true, new byte[] {1, 2, (byte) 200}));
      }
      toServer.writeBytes(
          Bytes.masked(Bytes.TEXT, false, "{\"event\":\"cl".getBytes(StandardCharsets.UTF_8)));
      toServer.writeBytes(Bytes.masked(Bytes.PING, true, "x".getBytes(StandardCharsets.UTF_8)));
      toServer.writeBytes(
          Bytes.masked(Bytes.CONTINUATION, true, "ient.x\"}".getBytes(StandardCharsets.UTF_8)));
      toClient.writeBytes(Bytes.frame(Bytes.TEXT, false, new byte[0]));
      toClient.writeBytes(
          Bytes.frame(Bytes.CONTINUATION, true, "…".getBytes(StandardCharsets.UTF_8)));
      client.send(toServer.toByteArray());
      peer.send(toClient.toByteArray());
      assertThat(peer.read(toServer.size())).isEqualTo(toServer.toByteArray());
      assertThat(client.read(toClient.size())).isEqualTo(toClient.toByteArray());
    }
  }

  @Test
  void passesTheHandshakeAndItsHeaders() throws Exception {
    stand.upstream.subprotocol = "chat";
    try (RawClient client =
        stand.raw(
            "token: alice",
            "Cookie: s=1; t=2",
            "Sec-WebSocket-Protocol: chat, other",
            "Sec-WebSocket-Extensions: permessage-deflate",
            "X-Forwarded-For: 10.0.0.1",
            "X-Own: yes")) {
      Peer peer = stand.upstream.peer();
      assertThat(client.status()).isEqualTo(101);
      assertThat(client.head)
          .containsIgnoringCase("Sec-WebSocket-Accept: " + Bytes.accept(RawClient.KEY))
          .contains("Sec-WebSocket-Protocol: chat\r\n")
          .contains("Set-Cookie: a=1\r\n", "Set-Cookie: b=2\r\n", "X-Chat: yes\r\n");
      assertThat(peer.request().uri()).isEqualTo("/messaging/" + GatewayStand.TEAM);
      assertThat(peer.request().headers())
          .containsEntry("token", "alice")
          .containsEntry("cookie", "s=1; t=2")
          .containsEntry("sec-websocket-protocol", "chat, other")
          .containsEntry("host", "chat.example")
          .containsEntry("x-own", "yes")
          .containsEntry("x-forwarded-for", "10.0.0.1, 127.0.0.1")
          .containsEntry("x-forwarded-proto", "http")
          .containsEntry("forwarded", "for=127.0.0.1;host=\"chat.example\";proto=http")
          .doesNotContainKey("sec-websocket-extensions");
    }
  }

  @Test
  void passesTheChatServersRefusal() throws Exception {
    stand.upstream.refusal =
        new ScriptedUpstream.Response(
            401,
            "Not You",
            List.of("X-Why: no"),
            "{\"error\":\"INVALID_TOKEN\"}".getBytes(StandardCharsets.UTF_8));
    try (RawClient client = stand.raw("token: alice")) {
      assertThat(client.head).startsWith("HTTP/1.1 401 Not You").contains("X-Why: no");
      assertThat(new String(client.read(25), StandardCharsets.UTF_8))
          .isEqualTo("{\"error\":\"INVALID_TOKEN\"}");
    }
  }

  @Test
  void passesCloseCodesAndReasonsBothWays() throws Exception {
    try (RawClient client = stand.raw("token: alice")) {
      Peer peer = stand.upstream.peer();
      byte[] close = Bytes.frame(Bytes.CLOSE, true, Bytes.close(4321, "the chat's own"));
      peer.send(close);
      assertThat(client.read(close.length)).isEqualTo(close);
      byte[] answer = Bytes.masked(Bytes.CLOSE, true, Bytes.close(4321, ""));
      client.send(answer);
      assertThat(peer.read(answer.length)).isEqualTo(answer);
      peer.socket().close();
      assertThat(client.in.read()).isEqualTo(-1);
    }
  }

  @Test
  void letsASlowClientSlowTheChatServer() throws Exception {
    try (RawClient client = stand.raw("token: alice")) {
      Peer peer = stand.upstream.peer();
      byte[] frame = Bytes.frame(Bytes.BINARY, true, new byte[1 << 20]);
      int frames = 200;
      var sent = new AtomicLong();
      CompletableFuture<Void> sending =
          CompletableFuture.runAsync(
              () -> {
                try {
                  for (int i = 0; i < frames; i++) {
                    peer.send(frame);
                    sent.incrementAndGet();
                  }
                } catch (IOException e) {
                  throw new AssertionError(e);
                }
              });
      // Until nothing moves any more: the kernel's buffers are full, and ours.
      long before = -1;
      while (!sending.isDone() && (sent.get() != before || before < 1)) {
        before = sent.get();
        sending.copy().completeOnTimeout(null, 400, TimeUnit.MILLISECONDS).join();
      }
      assertThat(sent.get()).isLessThan(frames / 2);
      for (int i = 0; i < frames; i++) {
        assertThat(client.read(frame.length)).isEqualTo(frame);
      }
      sending.join();
    }
  }

  // --- HTTP

  @Test
  void passesRequestsAndAnswersWithTheirHeadersAndBodies() throws Exception {
    byte[] large = new byte[3_000_000];
    new Random(1).nextBytes(large);
    stand.upstream.answers.put(
        "/upload",
        request ->
            new ScriptedUpstream.Response(
                201,
                "Made It",
                List.of("Set-Cookie: a=1", "Set-Cookie: b=2", "Transfer-Encoding: chunked"),
                request.body()));
    try (var client = HttpClient.newHttpClient()) {
      for (var body :
          List.of(
              BodyPublishers.ofByteArray(large),
              BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(large)))) {
        var answer =
            client.send(
                HttpRequest.newBuilder(URI.create(stand.http() + "/upload?x=%20y&z"))
                    .header("Cookie", "s=1")
                    .header("Content-Type", "image/png")
                    .PUT(body)
                    .build(),
                BodyHandlers.ofByteArray());
        assertThat(answer.statusCode()).isEqualTo(201);
        assertThat(answer.headers().allValues("Set-Cookie")).containsExactly("a=1", "b=2");
        assertThat(answer.body()).isEqualTo(large);
        ScriptedUpstream.Request seen = stand.upstream.requests.getLast();
        assertThat(seen.method() + " " + seen.uri()).isEqualTo("PUT /upload?x=%20y&z");
        assertThat(seen.header("cookie")).isEqualTo("s=1");
        assertThat(seen.header("content-type")).isEqualTo("image/png");
        assertThat(seen.header("x-forwarded-for")).isEqualTo("127.0.0.1");
      }
    }
  }

  @Test
  void passesWhatHasNoBodyAndWhatIsWrong() throws Exception {
    stand.upstream.answers.put(
        "/page",
        request ->
            new ScriptedUpstream.Response(
                200, "OK", List.of("ETag: \"1\""), "four".getBytes(StandardCharsets.UTF_8)));
    stand.upstream.answers.put(
        "/same",
        request -> new ScriptedUpstream.Response(304, "Same", List.of("ETag: \"2\""), new byte[0]));
    String head = http("HEAD /page HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
    assertThat(head).startsWith("HTTP/1.1 200 OK").containsIgnoringCase("content-length: 4");
    assertThat(http("GET /same HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"))
        .startsWith("HTTP/1.1 304 Same")
        .contains("\"2\"");
    assertThat(http("GET /nowhere HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"))
        .startsWith("HTTP/1.1 404 Nowhere To Be Found");
    assertThat(
            http(
                "POST /page HTTP/1.1\r\n"
                    + "Host: x\r\n"
                    + "Expect: 100-continue\r\n"
                    + "Content-Length: 2\r\n"
                    + "Connection: close\r\n"
                    + "Connection: X-Hop\r\n"
                    + "X-Hop: 1\r\n\r\n"
                    + "ab"))
        .startsWith("HTTP/1.1 100 Continue");
    ScriptedUpstream.Request seen = stand.upstream.requests.getLast();
    assertThat(seen.body()).isEqualTo("ab".getBytes(StandardCharsets.UTF_8));
    assertThat(seen.headers()).doesNotContainKey("x-hop");
  }

  private String http(String request) throws IOException {
    try (var socket = new Socket("127.0.0.1", stand.port())) {
      socket.setSoTimeout(20_000);
      socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
      return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  @Test
  void servesThePageForRecordingsWithAllThatItNeeds() throws Exception {
    stand.upstream.answers.put("/recordings/", _ -> ScriptedUpstream.Response.json("{}"));
    Deque<URI> toFetch =
        new ArrayDeque<>(List.of(URI.create(stand.http() + "/parley/recordings/")));
    Set<URI> fetched = new HashSet<>();
    try (HttpClient http = HttpClient.newHttpClient()) {
      while (!toFetch.isEmpty()) {
        URI uri = toFetch.pop();
        if (!fetched.add(uri)) {
          continue;
        }
        var answer = http.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString());
        assertThat(answer.statusCode()).as("%s", uri).isEqualTo(200);
        Matcher needed = NEEDED.matcher(answer.body());
        while (needed.find()) {
          toFetch.add(uri.resolve(needed.group(1)));
        }
      }
      assertThat(fetched)
          .extracting(uri -> uri.getPath())
          .allMatch(path -> path.startsWith("/parley/"))
          .contains("/parley/style/base.css", "/parley/page/elements.js", "/parley/icon.svg");
      var chats = URI.create(stand.http() + "/recordings/");
      assertThat(http.send(HttpRequest.newBuilder(chats).build(), BodyHandlers.ofString()).body())
          .as("the chat server's own")
          .isEqualTo("{}");
    }
  }

  @Test
  void saysWhatConcernsCallsInTheChatServersFeatures() throws Exception {
    stand.upstream.answers.put(
        "/features.json",
        request ->
            ScriptedUpstream.Response.json(
                "{\"app_title\":\"Chat\",\"calls\":false,\"ice_servers\":[],"
                    + "\"only_one_device_per_call\":true,\"resend_timeout\":9}"));
    JsonNode features = JSON.readTree(body("/features.json"));
    assertThat(features.get("app_title").textValue()).isEqualTo("Chat");
    assertThat(features.get("calls").booleanValue()).isTrue();
    assertThat(features.at("/ice_servers/0/urls").textValue()).isEqualTo("stun:ours:3478");
    assertThat(features.get("max_participants_per_call").intValue()).isEqualTo(7);
    assertThat(features.has("only_one_device_per_call")).isFalse();
    assertThat(features.get("resend_timeout").intValue()).isEqualTo(9);
  }

  @Test
  void tellsCredentialsForTurnOnlyToThoseWhomTheChatServerKnows() throws Exception {
    stand.upstream.answers.put(
        "/features.json", request -> ScriptedUpstream.Response.json("{\"calls\":false}"));
    try (WireClient bob = stand.client("bob")) {
      stand.upstream.peer();
      bob.says(offer(GROUP));
      bob.hears("server.call.answer");
      assertThat(body("/features.json", "token: alice\r\n")).contains("turn:ours", "secret");
      assertThat(body("/features.json", "token: somebody\r\n"))
          .contains("stun:ours")
          .doesNotContain("turn:ours", "secret");
      assertThat(body("/features.json")).doesNotContain("secret");
    }
  }

  private String body(String path) throws IOException {
    return body(path, "");
  }

  private String body(String path, String headers) throws IOException {
    String answer =
        http("GET " + path + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\n" + headers + "\r\n");
    return answer.substring(answer.indexOf("\r\n\r\n") + 4);
  }

  // --- calls

  @Test
  void ringsWhoIsCalledAndTellsTheChatServerNothingOfIt() throws Exception {
    try (WireClient alice = stand.client("alice");
        WireClient bob = stand.client("bob")) {
      Peer alicesPeer = stand.upstream.peer();
      Peer bobsPeer = stand.upstream.peer();
      bob.says(offerless());
      alice.says(
          "{'params':{'jid':'"
              + BOB
              + "','sdp':'v=0'},'confirm_id':'c1','event':'client.call.offer'}");
      assertThat(alice.hears("server.confirm").at("/params/confirm_id").textValue())
          .isEqualTo("c1");
      JsonNode buzz = bob.hears("server.call.buzz");
      assertThat(buzz.at("/params/jid").textValue()).isEqualTo(ALICE);
      assertThat(buzz.at("/params/actor/display_name").textValue()).isEqualTo("Alice Adams");
      assertThat(buzz.at("/params/icons/stub").textValue()).isEqualTo("http://chat/p.png");
      String id = buzz.get("confirm_id").textValue();
      bob.says("{'event':'client.confirm','params':{'confirm_id':'" + id + "'}}");
      bob.says("{'event':'client.confirm','params':{'confirm_id':'the chat servers'}}");
      bob.says(offer(ALICE)); // he may not call her, but he may answer
      bob.hears("server.call.answer");
      alice.hears("server.call.state", event -> event.at("/params/start").isTextual());
      alice.says("{'event':'client.chat.composing','params':{}}");
      assertThat(alicesPeer.text()).contains("client.chat.composing");
      assertThat(bobsPeer.text()).contains("client.ping");
      assertThat(bobsPeer.text()).contains("the chat servers");
    }
  }

  private static String offerless() {
    return "{'event':'client.ping'}";
  }

  @Test
  void showsOurCallsInServerOnlineAndSaysItAgainWhenTheyChange() throws Exception {
    try (WireClient alice = stand.client("alice");
        WireClient bob = stand.client("bob")) {
      Peer alicesPeer = stand.upstream.peer();
      stand.upstream.peer();
      String online = "{\"event\":\"server.online\",\"params\":{\"contacts\":[],\"calls\":[]}}";
      alicesPeer.send(Bytes.text(online));
      assertThat(alice.hears("server.online").toString())
          .isEqualTo(JSON.readTree(online).toString());
      bob.says(offer(GROUP));
      bob.hears("server.call.answer");
      JsonNode changed = alice.hears("server.online");
      assertThat(changed.at("/params/calls/0/jid").textValue()).isEqualTo(GROUP);
      alicesPeer.send(Bytes.text(online));
      assertThat(alice.hears("server.online").at("/params/calls/0/online_count").intValue())
          .isEqualTo(1);
    }
  }

  @Test
  void putsItsEventsBetweenMessagesOnly() throws Exception {
    try (RawClient bob = stand.raw("token: bob");
        WireClient alice = stand.client("alice")) {
      Peer first = stand.upstream.peer();
      Peer second = stand.upstream.peer();
      Peer bobsPeer = first.request().header("token").equals("bob") ? first : second;
      settled(bob);
      bobsPeer.send(
          Bytes.frame(
              Bytes.TEXT, false, "{\"event\":\"server.x\",".getBytes(StandardCharsets.UTF_8)));
      assertThat(bob.frame().fin()).isFalse();
      alice.says(offer(BOB));
      alice.hears("server.call.answer");
      bobsPeer.send(Bytes.frame(Bytes.PING, true, new byte[0]));
      assertThat(bob.frame().opcode()).isEqualTo(Bytes.PING);
      bobsPeer.send(
          Bytes.frame(Bytes.CONTINUATION, true, "\"params\":{}}".getBytes(StandardCharsets.UTF_8)));
      assertThat(bob.frame().opcode()).isEqualTo(Bytes.CONTINUATION);
      assertThat(bob.frame().text()).contains("server.call.");
    }
  }

  /** Bob is known: what he asks about calls is answered. */
  private static void settled(RawClient bob) throws IOException {
    bob.send(
        Bytes.maskedText(
            "{\"event\":\"client.call.leave\",\"params\":{\"jid\":\"" + GROUP + "\"}}"));
    while (!bob.frame().text().contains("server.call.leave")) {
      // what comes before
    }
  }

  @Test
  void letsNobodyCallWhereTheChatServerDoesNotSayThatHeIs() throws Exception {
    try (WireClient alice = stand.client("alice");
        WireClient carol = stand.client("carol")) {
      stand.upstream.peer();
      Peer second = stand.upstream.peer();
      assertThat(second).isNotNull();
      alice.says(offer(OTHERS));
      assertThat(alice.hears("server.warning").at("/params/message").textValue())
          .isEqualTo("access denied");
      carol.says(offer(GROUP));
      assertThat(carol.hears("server.warning").at("/params/message").textValue())
          .isEqualTo("access denied");
      carol.says(offer(OTHERS));
      carol.hears("server.call.answer");
      assertThat(stand.commands).hasSizeGreaterThan(0);
    }
  }

  @Test
  void takesWhoLeftTheChatOutOfItsCall() throws Exception {
    try (WireClient alice = stand.client("alice")) {
      Peer peer = stand.upstream.peer();
      alice.says(offer(GROUP));
      alice.hears("server.call.answer");
      stand.upstream.answers.put(API + "/groups", request -> GatewayStand.result());
      peer.send(
          Bytes.text(
              "{\"event\":\"server.chat.deleted\",\"params\":{\"chats\":[{\"jid\":\""
                  + GROUP
                  + "\"}]}}"));
      alice.hears("server.call.leave");
      alice.says(offer(GROUP));
      alice.hears("server.warning");
    }
  }

  @Test
  void knowsAChatOfWhichTheChatServerHasJustTold() throws Exception {
    String fresh = "t-2185340c-2956-4433-a4be-c42c73a5f226";
    try (WireClient alice = stand.client("alice")) {
      Peer peer = stand.upstream.peer();
      alice.says(offer(GROUP));
      alice.hears("server.call.answer");
      peer.send(
          Bytes.text(
              "{\"event\":\"server.chat.updated\",\"params\":{\"chats\":["
                  + GatewayStand.chat(fresh, "\"owner\":\"" + ALICE + "\"")
                  + "]}}"));
      alice.says("{'event':'client.call.leave','params':{'jid':'" + GROUP + "'}}");
      alice.hears("server.call.leave");
      alice.says(offer(fresh));
      alice.hears("server.call.answer", event -> event.at("/params/jid").textValue().equals(fresh));
    }
  }

  @Test
  void asksForAChatThatNobodyToldOf() throws Exception {
    try (WireClient carol = stand.client("carol")) {
      stand.upstream.peer();
      carol.says("{'event':'client.call.leave','params':{'jid':'" + OTHERS + "'}}");
      carol.hears("server.call.leave");
      stand.upstream.answers.put(
          API + "/groups",
          request -> GatewayStand.result(GatewayStand.chat(GROUP, "\"status\":\"member\"")));
      carol.says(offer(GROUP));
      carol.hears("server.call.answer");
      carol.says(offer(OTHERS));
      assertThat(carol.hears("server.warning").at("/params/message").textValue())
          .as("the new list does not name it any more")
          .isEqualTo("access denied");
    }
  }

  @Test
  void answersCallsOfStrangersWithARefusalAndPassesTheRest() throws Exception {
    stand.upstream.answers.remove(API);
    try (WireClient nobody = stand.client("alice")) {
      Peer peer = stand.upstream.peer();
      nobody.says(
          "{'event':'client.call.offer','confirm_id':'c','params':{'jid':'"
              + GROUP
              + "','sdp':'v=0'}}");
      assertThat(nobody.hears("server.confirm").at("/params/confirm_id").textValue())
          .isEqualTo("c");
      assertThat(nobody.hears("server.warning").at("/params/message").textValue())
          .isEqualTo("access denied");
      nobody.says("{'event':'client.message.updated','params':{}}");
      assertThat(peer.text()).contains("client.message.updated");
      assertThat(stand.commands).isEmpty();
    }
  }

  @Test
  void knowsWhoComesWithATokenAmongSubprotocols() throws Exception {
    stand.upstream.subprotocol = "alice";
    try (WireClient alice =
        WireClient.connect(
            "ws://127.0.0.1:" + stand.port() + "/messaging/" + GatewayStand.TEAM,
            builder -> builder.subprotocols("alice"))) {
      stand.upstream.peer();
      alice.says(offer(GROUP));
      alice.hears("server.call.answer");
      assertThat(alice.subprotocol()).isEqualTo("alice");
    }
  }
}
