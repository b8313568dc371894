package parley.load.turn;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import parley.load.Eventually;
import parley.load.lab.Host;
import parley.load.lab.NetworkLab;
import parley.load.server.ParleyProcess;
import parley.signalling.app.Main;

/**
 * {@code parley doctor} in installations that are broken in one way each, and in one that is not.
 */
@Tag("slow")
class BrokenSetUpsTest {

  private static final String SERVER = "203.0.113.10";
  private static final String ELSEWHERE = "203.0.113.30";
  private static final String NAT = "203.0.113.21";
  private static final String SECRET = "north wind";
  private static final String TURN_ELSEWHERE = "turn:" + ELSEWHERE + ":3478?transport=udp";

  @TempDir private static Path folder;

  private static NetworkLab lab;
  private static Host server;
  private static Host behindNat;
  private static Host withoutUdp;
  private static Host withoutTurnTcp;
  private static Process elsewhere;

  /** What it said, and with which code it ended. */
  private record Examination(int exitCode, JsonNode findings, String text) {
    List<String> with(String verdict) {
      List<String> checks = new ArrayList<>();
      for (JsonNode each : findings) {
        if (each.path("verdict").asText().equals(verdict)) {
          checks.add(each.path("check").asText());
        }
      }
      return checks;
    }

    String found(String check) {
      for (JsonNode each : findings) {
        if (each.path("check").asText().equals(check)) {
          return each.path("found").asText();
        }
      }
      return "";
    }

    /** Exactly this is wrong, and said so. */
    void isWrongOnlyIn(String check, String saying) {
      assertThat(with("WRONG")).as(text).containsExactly(check);
      assertThat(found(check)).contains(saying);
      assertThat(exitCode).isEqualTo(1);
    }

    void isWrongIn(String check, String saying) {
      assertThat(with("WRONG")).as(text).contains(check);
      assertThat(found(check)).contains(saying);
      assertThat(exitCode).isEqualTo(1);
    }
  }

  @BeforeAll
  static void connect() throws Exception {
    Assumptions.assumeTrue(NetworkLab.isPossible(), "needs root, ip and nft");
    lab = new NetworkLab();
    server = lab.publicHost(SERVER);
    Host other = lab.publicHost(ELSEWHERE);
    behindNat = lab.behindNat(NAT);
    withoutUdp = lab.behindNat("203.0.113.22", "meta l4proto udp drop");
    withoutTurnTcp = lab.behindNat("203.0.113.23", "tcp dport 3478 drop");
    List<String> command = new ArrayList<>(other.prefix());
    command.addAll(ParleyProcess.likeParley(Main.class));
    command.add("turn");
    var builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().put("PARLEY_TURN_SECRETS", SECRET);
    builder.environment().put("PARLEY_TURN_ALLOW_PEERS", "203.0.113.0/24");
    builder.redirectOutput(folder.resolve("turn.log").toFile());
    elsewhere = builder.start();
    Eventually.until(
        "the TURN server elsewhere to be ready",
        java.time.Duration.ofSeconds(60),
        () -> read(folder.resolve("turn.log")).contains("ready"),
        () -> read(folder.resolve("turn.log")));
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      return "";
    }
  }

  @AfterAll
  static void disconnect() throws Exception {
    if (elsewhere != null) {
      elsewhere.destroy();
      elsewhere.waitFor();
    }
    if (lab != null) {
      lab.close();
    }
  }

  private static Examination examine(Host host, Map<String, String> settings, String... options)
      throws Exception {
    return examine(host.prefix(), settings, options);
  }

  private static Examination examine(
      List<String> prefix, Map<String, String> settings, String... options) throws Exception {
    List<String> command = new ArrayList<>(prefix);
    command.addAll(ParleyProcess.likeParley(Main.class));
    command.addAll(List.of("doctor", "--json"));
    command.addAll(List.of(options));
    if (!List.of(options).toString().contains("--ntp")) {
      command.add("--ntp=");
    }
    var builder = new ProcessBuilder(command);
    builder.redirectError(folder.resolve("doctor.err").toFile());
    builder.environment().put("PARLEY_RECORDING_DIRECTORY", folder.resolve("rec").toString());
    builder.environment().put("PARLEY_MEDIA_LOOPBACK", "false");
    settings.forEach((key, value) -> builder.environment().put("PARLEY_" + key, value));
    Process process = builder.start();
    process.getOutputStream().close();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor(2, TimeUnit.MINUTES)).isTrue();
    JsonNode findings = new ObjectMapper().readTree(said);
    return new Examination(
        process.exitValue(), findings, said + read(folder.resolve("doctor.err")));
  }

  private static String turnElsewhere(String urls, String secret) {
    return "[{urls: \"%s\", secret: %s}]".formatted(urls, secret);
  }

  @Test
  void findsNothingWrongWhereNothingIs() throws Exception {
    Map<String, String> settings =
        Map.of(
            "MEDIA_ADDRESSES",
            SERVER,
            "ICE_SERVERS",
            turnElsewhere(TURN_ELSEWHERE, "'north wind'"));
    Examination examination = examine(server, settings, "--stun", ELSEWHERE + ":3478");
    assertThat(examination.with("WRONG")).as(examination.text()).isEmpty();
    assertThat(examination.exitCode()).isZero();
    assertThat(examination.with("OK"))
        .contains("public-address", "advertised-address", "media-port", "turn " + TURN_ELSEWHERE);
  }

  @Test
  void seesThatClientsAreToldAnotherAddress() throws Exception {
    examine(server, Map.of("MEDIA_ADVERTISE", "203.0.113.99"), "--stun", ELSEWHERE + ":3478")
        .isWrongOnlyIn("advertised-address", "told 203.0.113.99, while this machine is seen as");
  }

  @Test
  void seesThatAPrivateAddressIsTold() throws Exception {
    examine(behindNat, Map.of(), "--stun", ELSEWHERE + ":3478")
        .isWrongOnlyIn("advertised-address", "private address 192.168.1.2");
  }

  @Test
  void seesThatTheNatDoesNotLeadBack() throws Exception {
    Examination examination =
        examine(behindNat, Map.of("MEDIA_ADVERTISE", NAT), "--stun", ELSEWHERE + ":3478");
    assertThat(examination.with("WRONG")).as(examination.text()).isEmpty();
    assertThat(examination.with("WARNING")).contains("hairpin");
  }

  @Test
  void seesThatTheMediaPortIsNotReachedFromOutside() throws Exception {
    Map<String, String> settings =
        Map.of(
            "MEDIA_ADVERTISE", NAT, "ICE_SERVERS", turnElsewhere(TURN_ELSEWHERE, "'north wind'"));
    examine(behindNat, settings, "--stun", ELSEWHERE + ":3478")
        .isWrongOnlyIn("turn " + TURN_ELSEWHERE, "nothing comes back from the media port " + NAT);
  }

  @Test
  void seesThatUdpIsBlocked() throws Exception {
    examine(withoutUdp, Map.of(), "--stun", ELSEWHERE + ":3478")
        .isWrongOnlyIn("public-address", "cannot be asked");
  }

  @Test
  void seesThatTcpIsBlocked() throws Exception {
    String uri = "turn:" + ELSEWHERE + ":3478?transport=tcp";
    Map<String, String> settings =
        Map.of("MEDIA_ADVERTISE", NAT, "ICE_SERVERS", turnElsewhere(uri, "'north wind'"));
    examine(withoutTurnTcp, settings).isWrongOnlyIn("turn " + uri, "TCP 3478 does not answer");
  }

  @Test
  void seesThatTheSecretIsAnother() throws Exception {
    examine(server, Map.of("ICE_SERVERS", turnElsewhere(TURN_ELSEWHERE, "'south wind'")))
        .isWrongOnlyIn("turn " + TURN_ELSEWHERE, "refuses the credentials");
  }

  @Test
  void seesThatNobodyIsThere() throws Exception {
    String uri = "turn:203.0.113.77:3478?transport=udp";
    examine(server, Map.of("ICE_SERVERS", turnElsewhere(uri, "'north wind'")))
        .isWrongOnlyIn("turn " + uri, "UDP 3478 does not answer");
  }

  @Test
  void seesThatThePortIsSomebodyElses() throws Exception {
    Process other = server.start("turnutils_peer", "-p", "20000", "-L", SERVER);
    try {
      Eventually.until(
          "the port to be taken",
          java.time.Duration.ofSeconds(10),
          () -> socketsOf(server).contains(SERVER + ":20000"),
          () -> socketsOf(server));
      examine(server, Map.of()).isWrongOnlyIn("media-port", "another process has it");
    } finally {
      other.destroy();
      other.waitFor();
    }
  }

  private static String socketsOf(Host host) {
    try {
      return host.run("ss", "-ulnH");
    } catch (IOException | InterruptedException e) {
      return "";
    }
  }

  private Map<String, String> ownTurn(String host, String... keytool) throws Exception {
    Path own = Files.createTempDirectory(folder, "tls");
    TestKeys keys = TestKeys.write(own, keytool);
    Map<String, String> settings = new HashMap<>();
    settings.put("TURN_ENABLED", "true");
    settings.put("TURN_SECRETS", SECRET);
    settings.put("TURN_CERTIFICATE", keys.chain().toString());
    settings.put("TURN_KEY", keys.key().toString());
    settings.put("TURN_HOST", host);
    return settings;
  }

  @Test
  void seesThatTheCertificateHasEnded() throws Exception {
    examine(server, ownTurn(SERVER, "-startdate", "-40d"))
        .isWrongIn("certificate", "The certificate ended on");
  }

  @Test
  void seesThatTheKeyIsAnother() throws Exception {
    Map<String, String> settings = ownTurn(SERVER);
    settings.put("TURN_KEY", ownTurn(SERVER).get("TURN_KEY"));
    examine(server, settings).isWrongIn("certificate", "is not the one of the first certificate");
  }

  @Test
  void seesThatTheCertificateIsForAnotherName() throws Exception {
    examine(server, ownTurn("calls.example.org"))
        .isWrongIn("certificate", "is not for calls.example.org, but for [localhost");
  }

  @Test
  void seesThatNobodyVouchesForTheCertificate() throws Exception {
    examine(server, ownTurn(SERVER)).isWrongIn("certificate", "leads to no authority");
  }

  @Test
  void seesThatTheNameLeadsElsewhere() throws Exception {
    examine(server, ownTurn("localhost")).isWrongIn("name", "which is not this machine");
  }

  @Test
  void seesThatRelayPortsCoverTheMediaPort() throws Exception {
    Map<String, String> settings = ownTurn(SERVER);
    settings.put("TURN_FIRST_RELAY_PORT", "19000");
    settings.put("TURN_LAST_RELAY_PORT", "21000");
    examine(server, settings).isWrongIn("relay-ports", "media.port 20000 lies within");
  }

  @Test
  void seesThatFewFilesMayBeOpen() throws Exception {
    List<String> prefix = new ArrayList<>(server.prefix());
    prefix.addAll(List.of("bash", "-c", "ulimit -n 1024; exec \"$@\"", "few"));
    examine(prefix, Map.of()).isWrongOnlyIn("open-files", "may open 1024 files");
  }

  @Test
  void seesThatTheDiskIsFull() throws Exception {
    Path disk = Files.createDirectory(folder.resolve("small"));
    List<String> prefix = new ArrayList<>(server.prefix());
    // A mount of a namespace of its own, made by ip netns exec, is seen by that command only.
    prefix.addAll(
        List.of("bash", "-c", "mount -t tmpfs -o size=8m none " + disk + "; exec \"$@\"", "small"));
    examine(prefix, Map.of("RECORDING_DIRECTORY", disk.toString()))
        .isWrongOnlyIn("recordings", "8 MB left");
  }

  /** A time server that is a hundred seconds ahead. */
  @Test
  void seesThatTheClockIsWrong() throws Exception {
    try (var ntp = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
      Thread serving =
          Thread.ofPlatform()
              .start(
                  () -> {
                    try {
                      var packet = new DatagramPacket(new byte[48], 48);
                      ntp.receive(packet);
                      ByteBuffer answer = ByteBuffer.allocate(48);
                      int seconds = (int) (Instant.now().getEpochSecond() + 100 + 2_208_988_800L);
                      answer.put(0, (byte) 0x24).putInt(32, seconds).putInt(40, seconds);
                      ntp.send(
                          new DatagramPacket(
                              answer.array(), 48, packet.getAddress(), packet.getPort()));
                    } catch (IOException e) {
                      // the test is over
                    }
                  });
      examine(
              List.of(),
              Map.of("MEDIA_ADDRESSES", "127.0.0.1", "MEDIA_PORT", "20333"),
              "--ntp=127.0.0.1:" + ntp.getLocalPort())
          .isWrongOnlyIn("clock", "s behind");
      serving.join();
    }
  }

  @Test
  void elsewhereAnswers() throws Exception {
    // The fixture: without it, half of these would be wrong for another reason.
    assertThat(server.run("turnutils_stunclient", ELSEWHERE)).contains(SERVER);
  }
}
