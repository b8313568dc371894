package parley.load.turn;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import parley.relay.api.TurnConfig;
import parley.relay.net.TurnNode;
import parley.relay.turn.OwnMedia;

/** coturn's own clients against our server: what they send comes back whole. */
@Tag("slow")
class CoturnClientTest {

  private static final String HERE = "127.0.0.1";

  /** Where {@code turnutils_peer} echoes: not the server's own address. */
  private static final String PEER = "127.0.0.2";

  private static int port;
  private static int tlsPort;
  private static int peerPort;
  private static boolean ipv6;
  private static TurnNode node;
  private static Process peer;

  @BeforeAll
  static void start(@TempDir Path folder) throws Exception {
    port = freePort();
    tlsPort = freePort();
    peerPort = freePort();
    ipv6 = hasIpv6();
    TestKeys keys = TestKeys.write(folder);
    node =
        new TurnNode(
            new TurnConfig(
                ipv6 ? List.of(HERE, "::1") : List.of(HERE),
                false,
                List.of(),
                port,
                tlsPort,
                keys.chain().toString(),
                keys.key().toString(),
                20_500,
                21_999,
                "example.org",
                Map.of("me", "mine"),
                List.of("north wind"),
                List.of("127.0.0.0/8"),
                List.of(),
                0,
                0,
                0,
                0,
                true,
                100),
            OwnMedia.NONE,
            new SimpleMeterRegistry());
    peer =
        new ProcessBuilder("turnutils_peer", "-p", String.valueOf(peerPort), "-L", PEER)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
  }

  @AfterAll
  static void stop() throws Exception {
    node.close();
    peer.destroy();
    peer.waitFor();
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.ofLiteral(HERE))) {
      return socket.getLocalPort();
    }
  }

  private static boolean hasIpv6() throws IOException {
    return NetworkInterface.networkInterfaces()
        .flatMap(NetworkInterface::inetAddresses)
        .anyMatch(address -> address instanceof Inet6Address && address.isLoopbackAddress());
  }

  /** The flags are explained by {@code turnutils_uclient -h}. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "-y", // channels, from client to client
        "-y -s", // indications
        "-y -t", // TCP
        "-y -D", // channel data filled up on UDP, too
        "-y -G", // requests repeated
        "-y -M -c", // mobility
        "-y -X -c", // IPv4 by name
        "-y -N -c", // negative tests
        "-y -R -c",
        "-y -B -c -t" // connections that break
      })
  void loseNothingBetweenClients(String flags) throws Exception {
    assertThat(client(port, flags, "-u me -w mine", HERE)).contains("lost packets 0 (0.000000%)");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "-s", "-s -g", "-t", "-t -s", "-c"})
  void loseNothingToAPeerAndBack(String flags) throws Exception {
    String all = flags + " -e " + PEER + " -r " + peerPort;
    assertThat(client(port, all, "-u me -w mine", HERE)).contains("lost packets 0 (0.000000%)");
  }

  @ParameterizedTest
  @ValueSource(strings = {"-y -x -c", "-y -Z -c", "-y -x -t -c"})
  void loseNothingOnIpv6(String flags) throws Exception {
    Assumptions.assumeTrue(ipv6, "this machine has no ::1");
    assertThat(client(port, flags, "-u me -w mine", HERE)).contains("lost packets 0 (0.000000%)");
    assertThat(client(port, flags, "-u me -w mine", "::1")).contains("lost packets 0 (0.000000%)");
  }

  @Test
  void loseNothingOnTls() throws Exception {
    String flags = "-t -S -c -e " + PEER + " -r " + peerPort;
    assertThat(client(tlsPort, flags, "-u me -w mine", HERE))
        .contains("lost packets 0 (0.000000%)");
  }

  @Test
  void takeTimeLimitedCredentials() throws Exception {
    List<String> command = new ArrayList<>(List.of("turnutils_uclient", "-W", "north wind"));
    command.addAll(usual(port, "-y -c", "-u joe", HERE));
    assertThat(run(command)).contains("lost packets 0 (0.000000%)");
  }

  @Test
  void areRefusedWithAWrongPassword() throws Exception {
    assertThat(client(port, "-y -c", "-u me -w wrong", HERE)).contains("401");
  }

  @Test
  void learnTheirAddress() throws Exception {
    assertThat(run(List.of("turnutils_stunclient", "-p", String.valueOf(port), HERE)))
        .contains("UDP reflexive addr: " + HERE);
  }

  private static String client(int port, String flags, String who, String server) throws Exception {
    List<String> command = new ArrayList<>(List.of("turnutils_uclient"));
    command.addAll(usual(port, flags, who, server));
    return run(command);
  }

  private static List<String> usual(int port, String flags, String who, String server) {
    String usual = "-p " + port + " -m 2 -n 20 -l 171 -z 10 " + who + " " + flags + " " + server;
    return List.of(usual.trim().split("\\s+", -1));
  }

  private static String run(List<String> command) throws Exception {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    process.getOutputStream().close();
    if (!process.waitFor(60, TimeUnit.SECONDS)) {
      process.destroyForcibly();
    }
    return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
  }
}
