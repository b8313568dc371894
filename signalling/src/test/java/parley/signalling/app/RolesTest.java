package parley.signalling.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import parley.signalling.cluster.NatsServer;
import parley.signalling.server.WireClient;
import parley.signalling.settings.SettingsException;
import parley.stun.IceServer;
import parley.stun.doctor.Doctor;
import parley.stun.doctor.Finding;
import parley.stun.doctor.Installation;

/** Nodes that are not everything. */
@Timeout(120)
class RolesTest {

  private static final String TEAM = "6aefcf3b-e61c-4f35-8b5b-9d762a6a6cf9";
  private static final String BOB = "d-1edad8ac-88ff-4655-89cb-d4cf031eef08";
  private static final String ICE_SERVER = "stun:stun.example:3478";
  private static final ObjectMapper JSON = new ObjectMapper();

  /** A flood of offers would end the socket. */
  private static final long BETWEEN_OFFERS_NS = 100_000_000;

  @TempDir Path folder;
  private final List<AutoCloseable> started = new ArrayList<>();

  @AfterEach
  void stop() throws Exception {
    for (AutoCloseable each : started.reversed()) {
      each.close();
    }
  }

  private Map<String, String> settings(String name, String roles) {
    Map<String, String> environment = new HashMap<>();
    environment.put("PARLEY_ROLES", roles);
    environment.put("PARLEY_HTTP_PORT", "0");
    environment.put("PARLEY_MEDIA_LOOPS", "1");
    environment.put("PARLEY_MEDIA_ADDRESSES", "127.0.0.1");
    environment.put("PARLEY_RECORDING_DIRECTORY", folder.resolve(name).toString());
    environment.put("PARLEY_NATS_NODE", name);
    environment.put("PARLEY_NATS_LEASE_MS", "1000");
    return environment;
  }

  private static void refuses(Map<String, String> environment, String sentence) {
    assertThatThrownBy(() -> Node.start(AppConfig.read(null, environment)))
        .isInstanceOf(SettingsException.class)
        .hasMessageContaining(sentence);
  }

  @Test
  void saysWhichRolesMakeNoNode() {
    refuses(
        settings("n", "relay,sockets"), "\"sockets\" is none; right would be some of signalling");
    refuses(settings("n", "signalling"), "has no relay, and nats.url is empty");
    refuses(settings("n", "relay,turn"), "has no signalling, and nats.url is empty");
    refuses(settings("n", "turn"), "the command turn");
    Map<String, String> unheard = settings("n", "signalling");
    unheard.put("PARLEY_NATS_URL", "nats://127.0.0.1:1");
    refuses(unheard, "this node has neither media ports nor a TURN server");
    Map<String, String> none = settings("n", "[]");
    refuses(none, "roles");
  }

  @Test
  void isExaminedWithoutMediaPortsWhereItHasNone() throws Exception {
    Map<String, String> sockets = settings("n", "signalling");
    sockets.put("PARLEY_TURN_ENABLED", "true");
    sockets.put("PARLEY_TURN_SECRETS", "s");
    Installation examined = examined(sockets);
    assertThat(examined.mediaPort()).isZero();
    assertThat(examined.servers()).isEmpty();
    assertThat(examined.firstRelayPort()).isZero();
    List<Finding> findings = new Doctor(examined).examine(_ -> {});
    assertThat(findings)
        .filteredOn(finding -> finding.check().equals("media-port"))
        .extracting(Finding::verdict)
        .containsExactly(Finding.Verdict.SKIPPED);
    assertThat(findings)
        .filteredOn(finding -> finding.check().equals("stun"))
        .extracting(Finding::verdict)
        .containsExactly(Finding.Verdict.WRONG);

    sockets.put("PARLEY_ROLES", "signalling,turn");
    assertThat(examined(sockets).servers())
        .extracting(IceServer::urls)
        .contains("stun:127.0.0.1:3478", "turn:127.0.0.1:3478?transport=udp");
    sockets.put("PARLEY_ROLES", "relay,signalling");
    assertThat(examined(sockets).mediaPort()).isEqualTo(AppConfig.read(null, sockets).mediaPort());
  }

  private static Installation examined(Map<String, String> settings) throws Exception {
    return Examined.of(AppConfig.read(null, settings), "", "", "");
  }

  @Test
  @Tag("slow")
  void carriesACallOfTwoNodesWithoutRelayOnAThird() throws Exception {
    NatsServer nats = NatsServer.start(folder);
    started.add(nats);
    // Both would take this port, if they took any.
    try (var taken =
        new DatagramSocket(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0))) {
      int port = taken.getLocalPort();
      Node first = start(nats, "first", "signalling", port);
      Node second = start(nats, "second", "signalling", port);
      try (WireClient alice = signIn(first, "alice");
          WireClient bob = signIn(second, "bob")) {
        awaitContacts(alice, 2);
        assertThat(told(first)).contains(ICE_SERVER).doesNotContain(":" + port);
        offers(alice, BOB, "c1");
        assertThat(alice.hears("server.warning").at("/params/message").textValue())
            .isEqualTo("no node that could carry the call is there, try again later");

        Node relay = start(nats, "relay", "relay", freeUdpPort());
        assertThat(get(relay, "/messaging/" + TEAM)).isEqualTo(503);
        assertThat(get(relay, "/health/ready")).isEqualTo(200);
        awaitAnswer(alice, BOB);
        JsonNode buzz = bob.hears("server.call.buzz");
        assertThat(buzz.at("/params/uid").textValue()).isNotEmpty();
        await("the relay to have the call", () -> relay.calls() == 1);
        assertThat(first.calls() + second.calls()).isZero();
      }
    }
  }

  private Node start(NatsServer nats, String name, String roles, int mediaPort) throws Exception {
    Map<String, String> environment = settings(name, roles);
    environment.put("PARLEY_NATS_URL", nats.url());
    environment.put("PARLEY_ICE_SERVERS", "[{urls: '" + ICE_SERVER + "'}]");
    environment.put("PARLEY_MEDIA_PORT", String.valueOf(mediaPort));
    Node node = Node.start(AppConfig.read(null, environment));
    started.add(node);
    return node;
  }

  private static int freeUdpPort() throws IOException {
    try (var socket = new DatagramSocket()) {
      return socket.getLocalPort();
    }
  }

  private static WireClient signIn(Node node, String token) throws Exception {
    return WireClient.withToken("ws://127.0.0.1:" + node.port() + "/messaging/" + TEAM, token);
  }

  private static String told(Node node) throws Exception {
    try (HttpClient http = HttpClient.newHttpClient()) {
      var request = HttpRequest.newBuilder(URI.create(node.url() + "/features.json")).build();
      return http.send(request, BodyHandlers.ofString()).body();
    }
  }

  private static int get(Node node, String path) throws Exception {
    try (HttpClient http = HttpClient.newHttpClient()) {
      var request = HttpRequest.newBuilder(URI.create(node.url() + path)).build();
      return http.send(request, BodyHandlers.discarding()).statusCode();
    }
  }

  private static void await(String what, BooleanSupplier condition) {
    long deadlineNs = System.nanoTime() + Duration.ofSeconds(20).toNanos();
    while (!condition.getAsBoolean()) {
      assertThat(System.nanoTime()).as(what).isLessThan(deadlineNs);
      LockSupport.parkNanos(5_000_000);
    }
  }

  private static void awaitContacts(WireClient client, int many) throws Exception {
    JsonNode online;
    do {
      online = client.hears("server.online");
    } while (online.at("/params/contacts").size() < many);
  }

  /** A relay that has just begun is known everywhere within a third of a lease. */
  private static void awaitAnswer(WireClient client, String jid) throws Exception {
    long deadlineNs = System.nanoTime() + Duration.ofSeconds(20).toNanos();
    for (int i = 2; ; i++) {
      assertThat(System.nanoTime()).as("no answer in 20 s").isLessThan(deadlineNs);
      offers(client, jid, "c" + i);
      JsonNode event = client.hearsOneOf("server.call.answer", "server.warning");
      if (event.get("event").textValue().equals("server.call.answer")) {
        return;
      }
      LockSupport.parkNanos(BETWEEN_OFFERS_NS);
    }
  }

  private static void offers(WireClient client, String jid, String confirmId) throws Exception {
    var event = JSON.createObjectNode();
    event.put("event", "client.call.offer");
    event.put("confirm_id", confirmId);
    try (InputStream in = RolesTest.class.getResourceAsStream("/offer.sdp")) {
      String sdp = new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8);
      event.putObject("params").put("jid", jid).put("muted", false).put("sdp", sdp);
    }
    client.raw(JSON.writeValueAsString(event));
  }
}
