package parley.load.turn;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import parley.relay.api.TurnConfig;
import parley.relay.net.TurnNode;
import parley.relay.turn.OwnMedia;

/** coturn's own clients against our server: what they send comes back whole. */
@Tag("slow")
class CoturnClientTest {

  private static final String HERE = "127.0.0.1";

  /** Where {@code turnutils_peer} echoes: not the server's own address. */
  private static final String PEER = "127.0.0.2";

  private static final String NOTHING_LOST = "lost packets 0 (0.000000%)";

  private static int port;
  private static int tlsPort;
  private static int peerPort;
  private static boolean ipv6;
  private static TurnNode node;
  private static Process peer;

  @BeforeAll
  static void start(@TempDir Path folder) throws Exception {
    port = FreePort.at(InetAddress.ofLiteral(HERE));
    tlsPort = FreePort.at(InetAddress.ofLiteral(HERE));
    peerPort = FreePort.at(InetAddress.ofLiteral(HERE));
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
                Map.of("me", "mine", "negative", "mine"),
                List.of("north wind"),
                List.of("127.0.0.0/8"),
                List.of(),
                0,
                0,
                0,
                0,
                true,
                100,
                List.of()),
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

  private static boolean hasIpv6() throws IOException {
    return NetworkInterface.networkInterfaces()
        .flatMap(NetworkInterface::inetAddresses)
        .anyMatch(address -> address instanceof Inet6Address && address.isLoopbackAddress());
  }

  /** The flags are explained by {@code turnutils_uclient -h}. */
  private static final List<String> BETWEEN_CLIENTS =
      List.of(
          "-y", // channels, from client to client
          "-y -s", // indications
          "-y -t", // TCP
          "-y -D", // channel data filled up on UDP, too
          "-y -G", // requests repeated
          "-y -M -c", // mobility
          "-y -X -c", // IPv4 by name
          // Negative tests, as somebody else: their failures count against a name. Not -R, which
          // guesses until it is not answered any more.
          "-y -N -c -u negative");

  private static final List<String> TO_A_PEER = List.of("", "-s", "-s -g", "-t", "-t -s", "-c");

  // Not -Z: for both families it has an attribute of its own, not RFC 8656's.
  private static final List<String> ON_IPV6 = List.of("-y -x -c", "-y -x -t -c", "-y -x -s");

  @Test
  void loseNothingBetweenClients() throws Exception {
    loseNothing(BETWEEN_CLIENTS, HERE);
  }

  @Test
  void loseNothingToAPeerAndBack() throws Exception {
    loseNothing(TO_A_PEER.stream().map(flags -> flags + " " + toPeer()).toList(), HERE);
  }

  @Test
  void loseNothingOnIpv6() throws Exception {
    Assumptions.assumeTrue(ipv6, "this machine has no ::1");
    loseNothing(ON_IPV6, HERE);
    loseNothing(ON_IPV6, "::1");
  }

  @Test
  void loseNothingOnTls() throws Exception {
    String output = await(start(client(tlsPort, "-t -S -c " + toPeer(), "-u me -w mine", HERE)));
    assertThat(output).contains(NOTHING_LOST);
  }

  @Test
  void takeTimeLimitedCredentials() throws Exception {
    List<String> command = new ArrayList<>(client(port, "-y -c", "-u joe", HERE));
    command.addAll(1, List.of("-W", "north wind"));
    assertThat(await(start(command))).contains(NOTHING_LOST);
  }

  @Test
  void areRefusedWithAWrongPassword() throws Exception {
    // It tries again and again, until it is not answered any more; what it says comes line by line.
    List<String> command = new ArrayList<>(List.of("stdbuf", "-oL"));
    command.addAll(client(port, "-y -c", "-u stranger -w wrong", HERE));
    Process client = start(command);
    try (BufferedReader output = client.inputReader()) {
      assertThat(output.lines())
          .anyMatch(line -> line.matches(".*(401|Cannot complete Allocation).*"));
    } finally {
      client.destroyForcibly();
    }
  }

  @Test
  void learnTheirAddress() throws Exception {
    List<String> command = List.of("turnutils_stunclient", "-p", String.valueOf(port), HERE);
    assertThat(await(start(command))).contains("UDP reflexive addr: " + HERE);
  }

  /** Of RFC 5780 what a server with one address can tell. */
  @Test
  void learnWhatTheirNatDoes() throws Exception {
    String known = "UDP reflexive addr: " + HERE;
    assertThat(await(start(natDiscovery("-m")))).contains(known, "Endpoint Independent Mapping");
    assertThat(await(start(natDiscovery("-H")))).contains(known, "successful hairpinning");
  }

  private static List<String> natDiscovery(String what) {
    return List.of("turnutils_natdiscovery", what, "-p", String.valueOf(port), "-L", HERE, HERE);
  }

  private static String toPeer() {
    return "-e " + PEER + " -r " + peerPort;
  }

  /** All at once: each of them mostly waits. */
  private static void loseNothing(List<String> kinds, String server) throws Exception {
    Map<String, Process> running = new LinkedHashMap<>();
    for (String flags : kinds) {
      running.put(flags, start(client(port, flags, "-u me -w mine", server)));
    }
    for (Map.Entry<String, Process> each : running.entrySet()) {
      assertThat(await(each.getValue())).as(each.getKey()).contains(NOTHING_LOST);
    }
  }

  private static List<String> client(int port, String flags, String who, String server) {
    String command =
        "turnutils_uclient -p %d -m 2 -n 20 -l 171 -z 10 %s %s %s"
            .formatted(port, who, flags, server);
    return List.of(command.split("\\s+", -1));
  }

  private static Process start(List<String> command) throws IOException {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    process.getOutputStream().close();
    return process;
  }

  /** What it said; it says less than a pipe holds. */
  private static String await(Process process) throws Exception {
    try (var output = process.getInputStream()) {
      if (!process.waitFor(60, TimeUnit.SECONDS)) {
        process.destroyForcibly();
        return "still running after a minute";
      }
      return new String(output.readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
