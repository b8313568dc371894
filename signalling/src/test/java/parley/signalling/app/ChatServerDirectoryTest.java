package parley.signalling.app;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import java.net.DatagramSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import parley.signalling.access.ChatServer;
import parley.signalling.server.WireClient;

/** The whole process, attached to a chat server that signs tokens and tells of its teams. */
@Timeout(120)
class ChatServerDirectoryTest {

  private static final String TEAM = "7f0f1a9e-7d63-4b52-9c0e-0d3f9e1b5a01";
  private static final String ALICE = "d-6aefcf3b-49f5-4586-8229-d9c52813dcb2";
  private static final String BOB = "d-11111111-2222-4333-8444-555555555555";
  private static final String GROUP = "g-3f7e2a85-49f5-4586-8229-d9c52813dcb2";
  private static final String SECRET = "a secret of more than thirty-two bytes";
  private static final String AUTHORIZATION = "Bearer between the two servers";

  @TempDir Path folder;
  private final HttpClient http = HttpClient.newHttpClient();
  private final ChatServer chat = new ChatServer();
  private Node node;

  @BeforeEach
  void open() throws Exception {
    says(ALICE, BOB);
    Map<String, String> environment = new HashMap<>();
    environment.put("PARLEY_HTTP_PORT", "0");
    try (var free = new DatagramSocket()) {
      environment.put("PARLEY_MEDIA_PORT", String.valueOf(free.getLocalPort()));
    }
    environment.put("PARLEY_MEDIA_LOOPS", "1");
    environment.put("PARLEY_RECORDING_DIRECTORY", folder.resolve("recordings").toString());
    environment.put("PARLEY_AUTH_TOKENS", "jwt");
    environment.put("PARLEY_AUTH_JWT_SECRET", SECRET);
    environment.put("PARLEY_DIRECTORY_URL", chat.url("/teams").toString());
    environment.put("PARLEY_DIRECTORY_AUTHORIZATION", AUTHORIZATION);
    node = Node.start(AppConfig.read(null, environment));
  }

  @AfterEach
  void close() {
    node.close();
    chat.close();
    http.close();
  }

  @Test
  void letsInWhomTheChatServerKnowsAndOutWhomItKnowsNoMore() throws Exception {
    try (WireClient alice = signIn(ALICE);
        WireClient bob = signIn(BOB)) {
      alice.hears("server.online", online -> online.toString().contains(BOB));
      assertThat(chat.authorization).isEqualTo(AUTHORIZATION);
      assertThat(chat.paths).as("one team is asked for once").containsExactly("/teams/" + TEAM);
      says(ALICE);
      assertThat(tellChanged("Bearer forged")).isEqualTo(401);
      assertThat(bob.isOpen()).isTrue();
      assertThat(tellChanged(AUTHORIZATION)).isEqualTo(202);
      assertThat(bob.hears("server.panic").at("/params/code").textValue())
          .isEqualTo("INVALID_TEAM");
      assertThat(bob.closed().code()).isEqualTo(1008);
      alice.hears("server.online", online -> !online.toString().contains(BOB));
    }
  }

  @Test
  void goesOnWhileTheChatServerIsDown() throws Exception {
    try (WireClient alice = signIn(ALICE)) {
      alice.hears("server.online");
      chat.status = 503;
      assertThat(tellChanged(AUTHORIZATION)).isEqualTo(202);
      try (WireClient bob = signIn(BOB)) {
        bob.hears("server.online");
        assertThat(alice.isOpen()).isTrue();
      }
    }
  }

  private WireClient signIn(String jid) throws Exception {
    var jwt =
        new SignedJWT(
            new JWSHeader(JWSAlgorithm.HS256),
            new JWTClaimsSet.Builder()
                .subject(jid)
                .claim("teams", TEAM)
                .expirationTime(Date.from(Instant.now().plus(Duration.ofHours(1))))
                .build());
    jwt.sign(new MACSigner(SECRET.getBytes(StandardCharsets.UTF_8)));
    return WireClient.withToken(
        "ws://127.0.0.1:" + node.port() + "/messaging/" + TEAM, jwt.serialize());
  }

  private int tellChanged(String authorization) throws Exception {
    URI url = URI.create(node.url() + "/directory/teams/" + TEAM + "/changed");
    HttpRequest request =
        HttpRequest.newBuilder(url)
            .header("Authorization", authorization)
            .POST(HttpRequest.BodyPublishers.noBody())
            .build();
    return http.send(request, BodyHandlers.discarding()).statusCode();
  }

  private void says(String... people) {
    var contacts = new StringBuilder();
    for (String jid : people) {
      contacts
          .append(contacts.isEmpty() ? "" : ",")
          .append("{\"jid\":\"" + jid + "\",\"display_name\":\"Somebody\"}");
    }
    String members = "\"" + String.join("\",\"", people) + "\"";
    String said =
        """
        {"uid":"%s","name":"Chess club","contacts":[%s],
         "chats":[{"jid":"%s","display_name":"Openings","members":[%s]}]}
        """
            .formatted(TEAM, contacts, GROUP, members);
    chat.answer = r -> said;
  }
}
