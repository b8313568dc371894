package parley.signalling.app;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;
import parley.signalling.directory.DemoTeam;
import parley.signalling.server.WireClient;
import parley.signalling.settings.SettingsException;
import parley.signalling.webhook.Receiver;
import parley.signalling.wire.Jid;

/** The whole process, with the real relay, as clients meet it: media itself need not connect. */
@Timeout(120)
class NodeTest {

  private static final String TEAM = "6aefcf3b-e61c-4f35-8b5b-9d762a6a6cf9";
  private static final String ALICE = "d-565a1d31-3605-4c99-8581-c2d19fb27405";
  private static final String BOB = "d-1edad8ac-88ff-4655-89cb-d4cf031eef08";
  private static final String RECORDED = "g-3f7e2a85-49f5-4586-8229-d9c52813dcb2";
  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir Path folder;
  private final List<Node> started = new ArrayList<>();

  @AfterEach
  void stop() {
    started.forEach(Node::close);
  }

  private Node start(Map<String, String> more) throws Exception {
    Node node = Node.start(config(more));
    started.add(node);
    return node;
  }

  private AppConfig config(Map<String, String> more) throws Exception {
    Map<String, String> environment = new HashMap<>();
    environment.put("PARLEY_HTTP_PORT", "0");
    environment.put("PARLEY_MEDIA_PORT", String.valueOf(freeUdpPort()));
    environment.put("PARLEY_MEDIA_LOOPS", "1");
    environment.put("PARLEY_MEDIA_ADDRESSES", "127.0.0.1");
    environment.put("PARLEY_RECORDING_DIRECTORY", folder.resolve("recordings").toString());
    environment.putAll(more);
    return AppConfig.read(null, environment);
  }

  private static int freeUdpPort() throws IOException {
    try (var socket = new DatagramSocket()) {
      return socket.getLocalPort();
    }
  }

  private static WireClient signIn(Node node, String token) throws Exception {
    return WireClient.withToken("ws://127.0.0.1:" + node.port() + "/messaging/" + TEAM, token);
  }

  private static void offers(WireClient client, String jid, String confirmId) throws Exception {
    var event = JSON.createObjectNode();
    event.put("event", "client.call.offer");
    event.put("confirm_id", confirmId);
    event.putObject("params").put("jid", jid).put("muted", false).put("sdp", offer());
    client.raw(JSON.writeValueAsString(event));
  }

  private static String offer() throws IOException {
    try (InputStream in = NodeTest.class.getResourceAsStream("/offer.sdp")) {
      return new String(requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  private static void answersBeforeLong(WireClient client, String jid) throws Exception {
    JsonNode answer = client.hears("server.call.answer");
    assertThat(answer.at("/params/jid").textValue()).isEqualTo(jid);
    assertThat(answer.at("/params/jsep/type").textValue()).isEqualTo("answer");
    assertThat(answer.at("/params/jsep/sdp").textValue())
        .startsWith("v=0")
        .contains("a=ice-lite", "a=setup:passive", "127.0.0.1");
    client.says(
        "{'event':'client.confirm','params':{'confirm_id':'"
            + answer.get("confirm_id").textValue()
            + "'}}");
  }

  @Test
  void standsInFrontOfAChatServerAndTakesItsCalls() throws Exception {
    // Any server that speaks the protocol; the demo serves nobody who comes through others.
    Node chat = start(Map.of("PARLEY_DIRECTORY_DEMO_ON_NETWORK", "true"));
    Node gateway = start(Map.of("PARLEY_GATEWAY_UPSTREAM", "http://127.0.0.1:" + chat.port()));
    String alices = requireNonNull(DemoTeam.load().token(Jid.of(ALICE)));
    String bobs = requireNonNull(DemoTeam.load().token(Jid.of(BOB)));
    try (WireClient alice = signIn(gateway, alices);
        WireClient bob = signIn(gateway, bobs)) {
      alice.hears("server.online");
      offers(alice, BOB, "c1");
      answersBeforeLong(alice, BOB);
      assertThat(bob.hears("server.call.buzz").at("/params/jid").textValue()).isEqualTo(ALICE);
      offers(bob, ALICE, "c2");
      answersBeforeLong(bob, ALICE);
    }
  }

  @Test
  void saysWhatAnUpstreamIs() throws Exception {
    AppConfig config = config(Map.of("PARLEY_GATEWAY_UPSTREAM", "ftp://chat.example"));
    assertThatThrownBy(() -> Node.start(config))
        .isInstanceOf(SettingsException.class)
        .hasMessageContaining("gateway.upstream")
        .hasMessageContaining("https://");
  }

  @Test
  void keepsRecordingsFromTheMachinesOtherUsers() throws Exception {
    start(Map.of());
    Path recordings = folder.resolve("recordings");
    assumeTrue(Files.getFileStore(recordings).supportsFileAttributeView("posix"));
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(recordings)))
        .isEqualTo("rwx------");
  }

  @Test
  void carriesADirectCallFromRingToEnd() throws Exception {
    Node node = start(Map.of());
    try (WireClient alice = signIn(node, "alice");
        WireClient bob = signIn(node, "bob")) {
      bob.hears("server.online");
      offers(alice, BOB, "a1");
      alice.hears(
          "server.confirm", event -> event.at("/params/confirm_id").textValue().equals("a1"));
      answersBeforeLong(alice, BOB);
      JsonNode buzz = bob.hears("server.call.buzz");
      assertThat(buzz.at("/params/jid").textValue()).isEqualTo(ALICE);
      assertThat(buzz.at("/params/actor/display_name").textValue()).isEqualTo("Alice Archer");
      offers(bob, ALICE, "b1");
      answersBeforeLong(bob, ALICE);
      JsonNode started =
          alice.hears("server.call.state", state -> state.at("/params/start").isTextual());
      assertThat(started.at("/params/audiorecord").booleanValue()).isFalse();
      bob.says("{'event':'client.call.leave','params':{'jid':'" + ALICE + "'}}");
      alice.hears("server.call.leave");
      alice.hears("server.call.state", state -> state.at("/params/finish").isTextual());
      bob.hears("server.call.leave");
    }
  }

  @Test
  void recordsTheCallOfAGroupThatAsksForIt() throws Exception {
    Node node = start(Map.of());
    try (WireClient alice = signIn(node, "alice");
        WireClient bob = signIn(node, "bob")) {
      offers(alice, RECORDED, "a1");
      answersBeforeLong(alice, RECORDED);
      bob.hears("server.call.state", state -> state.at("/params/audiorecord").booleanValue());
      offers(bob, RECORDED, "b1");
      answersBeforeLong(bob, RECORDED);
      bob.hears("server.call.state", state -> state.at("/params/onliners").size() == 2);
      alice.says("{'event':'client.call.leave','params':{'jid':'" + RECORDED + "'}}");
      bob.says("{'event':'client.call.leave','params':{'jid':'" + RECORDED + "'}}");
      bob.hears("server.call.state", state -> state.at("/params/finish").isTextual());
    }
    node.close();
    try (Stream<Path> files = Files.walk(folder.resolve("recordings"))) {
      assertThat(files.filter(file -> file.endsWith("call.json"))).hasSize(1);
    }
  }

  @Test
  void answersABadOfferWithAWarning() throws Exception {
    Node node = start(Map.of());
    try (WireClient alice = signIn(node, "alice")) {
      alice.says(
          "{'event':'client.call.offer','params':{'jid':'" + RECORDED + "','sdp':'nonsense'}}");
      alice.hears("server.warning");
    }
  }

  @Test
  void saysWhichPortItCannotHave() throws Exception {
    try (var taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      String port = String.valueOf(taken.getLocalPort());
      assertThatThrownBy(() -> Node.start(config(Map.of("PARLEY_HTTP_PORT", port))))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("port " + port + " is in use");
    }
    try (var taken = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
      String port = String.valueOf(taken.getLocalPort());
      assertThatThrownBy(() -> Node.start(config(Map.of("PARLEY_MEDIA_PORT", port))))
          .isInstanceOf(IOException.class)
          .hasMessageContaining(port)
          .hasMessageContaining("media.port");
    }
  }

  @Test
  void saysWhenItCannotKeepRecordings() throws Exception {
    Path file = Files.createFile(folder.resolve("file"));
    assertThatThrownBy(
            () -> Node.start(config(Map.of("PARLEY_RECORDING_DIRECTORY", file.toString()))))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("recording.directory");
  }

  @Test
  void servesTheTeamsOfADirectoryFile() throws Exception {
    Path file =
        Files.writeString(
            folder.resolve("teams.yaml"),
            """
            teams:
              - uid: 11111111-1111-4111-8111-111111111111
                name: Ours
                contacts:
                  - {jid: d-aaaaaaaa-0000-4000-8000-000000000001, display_name: Ann, tokens: [ann]}
            """);
    Node node = start(Map.of("PARLEY_DIRECTORY_FILE", file.toString()));
    String ours =
        "ws://127.0.0.1:" + node.port() + "/messaging/11111111-1111-4111-8111-111111111111";
    try (WireClient ann = WireClient.withToken(ours, "ann")) {
      ann.hears("server.online");
    }
    assertThat(node.isDemo()).isFalse();
    assertThat(node.url()).startsWith("http://127.0.0.1:");
  }

  @Test
  void everyLineOfTheLogAboutACallHasItInItsContext() throws Exception {
    var lines = new ListAppender<ILoggingEvent>();
    var root = (Logger) LoggerFactory.getLogger("parley");
    Level before = root.getLevel();
    root.setLevel(Level.INFO);
    lines.start();
    root.addAppender(lines);
    try {
      Node node = start(Map.of());
      try (WireClient alice = signIn(node, requireNonNull(DemoTeam.load().token(Jid.of(ALICE))))) {
        offers(alice, RECORDED, "c1");
        answersBeforeLong(alice, RECORDED);
      }
      node.close();
    } finally {
      root.detachAppender(lines);
      root.setLevel(before);
    }
    List<ILoggingEvent> about =
        List.copyOf(lines.list).stream()
            .filter(line -> line.getFormattedMessage().matches("(call|leg) [0-9a-f]{8}.*"))
            .toList();
    assertThat(about).hasSizeGreaterThan(5);
    assertThat(about)
        .allSatisfy(
            line ->
                assertThat(line.getFormattedMessage())
                    .contains(" " + line.getMDCPropertyMap().get("call")));
  }

  @Test
  void tellsTheChatServerWhomToPushToAndWhatBecameOfTheCall() throws Exception {
    try (var receiver = new Receiver()) {
      Node node =
          start(
              Map.of(
                  "PARLEY_WEBHOOKS_DIRECTORY",
                  folder.resolve("webhooks").toString(),
                  "PARLEY_WEBHOOKS_ENDPOINTS",
                  "[{name: chat, url: '%s', secrets: ['%s']}]"
                      .formatted(receiver.url(), Receiver.SECRET)));
      try (WireClient alice = signIn(node, "alice")) {
        offers(alice, BOB, "1");
        Receiver.Request buzz = receiver.next();
        assertThat(buzz.type()).isEqualTo("call.buzz");
        assertThat(buzz.body().at("/data/members/0").textValue()).isEqualTo(BOB);
        assertThat(buzz.body().at("/data/jid").textValue()).isEqualTo(ALICE);
        alice.says("{'event':'client.call.leave','params':{'jid':'" + BOB + "'}}");
        Receiver.Request finished = receiver.next();
        assertThat(finished.type()).isEqualTo("call.finished");
        assertThat(finished.call()).isEqualTo(buzz.call());
        assertThat(finished.body().at("/data/caller").textValue()).isEqualTo(ALICE);
        assertThat(finished.body().path("data").has("start")).isFalse();
      }
    }
  }
}
