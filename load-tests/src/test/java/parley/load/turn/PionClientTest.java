package parley.load.turn;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import parley.relay.api.TurnConfig;
import parley.relay.net.TurnNode;
import parley.relay.turn.OwnMedia;

/** pion's TURN client against our server, on every transport. */
@Tag("slow")
class PionClientTest {

  private static final String HERE = "127.0.0.1";
  private static final Path SOURCES = Path.of("src", "clients", "pion-turn");

  @TempDir private Path folder;

  @Test
  void losesNothingOnAnyTransport() throws Exception {
    Path program = folder.resolve("pionturn");
    Assumptions.assumeTrue(
        run(SOURCES, List.of("go", "build", "-o", program.toString(), ".")) != null,
        "needs Go 1.24 and what the module proxy has");
    int port = FreePort.at(InetAddress.ofLiteral(HERE));
    int tlsPort = FreePort.at(InetAddress.ofLiteral(HERE));
    TestKeys keys = TestKeys.write(folder);
    var config =
        new TurnConfig(
            List.of(HERE),
            false,
            List.of(),
            port,
            tlsPort,
            keys.chain().toString(),
            keys.key().toString(),
            22_500,
            22_599,
            "example.org",
            Map.of("me", "mine"),
            List.of(),
            List.of("127.0.0.0/8"),
            List.of(),
            0,
            0,
            0,
            0,
            true,
            100,
            List.of());
    try (TurnNode _ = new TurnNode(config, OwnMedia.NONE, new SimpleMeterRegistry())) {
      String said =
          run(
              folder,
              List.of(
                  program.toString(),
                  HERE,
                  String.valueOf(port),
                  String.valueOf(tlsPort),
                  "me",
                  "mine",
                  "127.0.0.2"));
      assertThat(said)
          .contains(
              "udp: 200 of 200 came back",
              "tcp: 200 of 200 came back",
              "tls: 200 of 200 came back");
    }
  }

  /** What it said; null when there is no such program, or it did not end well. */
  private static @Nullable String run(Path in, List<String> command) throws Exception {
    try {
      Process process =
          new ProcessBuilder(command).directory(in.toFile()).redirectErrorStream(true).start();
      String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      boolean ended = process.waitFor(2, TimeUnit.MINUTES);
      if (!ended || process.exitValue() != 0) {
        System.out.println(said);
        return null;
      }
      return said;
    } catch (IOException e) {
      return null;
    }
  }
}
