package parley.load.bench.turn;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import parley.relay.api.RelayConfig;
import parley.relay.api.TurnConfig;
import parley.relay.evidence.SigningKey;
import parley.relay.net.InProcessRelay;
import parley.relay.net.TurnNode;
import parley.relay.recording.Recorder;
import parley.relay.turn.OwnMedia;

/**
 * A process with the TURN server, and a media loop if asked: says its ports, and how many datagrams
 * the loop took, how much of its heap is in use, or how long its compilers worked (ms), whenever
 * its input asks.
 */
final class TurnMain {

  private TurnMain() {}

  /**
   * @param args whether with media, the port, and the first and last for relayed addresses
   */
  public static void main(String[] args) throws IOException {
    MeterRegistry metrics = new SimpleMeterRegistry();
    int port = Integer.parseInt(args[1]);
    var relayed = new Ports.Range(Integer.parseInt(args[2]), Integer.parseInt(args[3]));
    if (!Boolean.parseBoolean(args[0])) {
      try (var _ = new TurnNode(turn(port, relayed), OwnMedia.NONE, metrics)) {
        System.out.println("ready " + port + " 0");
        answer(metrics);
      }
      return;
    }
    int mediaPort = Ports.free();
    // The relay stays in hand: a registry does not keep alive what it counts, and a count of
    // somebody who is gone stands still.
    try (InProcessRelay relay = relay(mediaPort, metrics);
        var _ = new TurnNode(turn(port, relayed), relay.ownMedia(), metrics)) {
      System.out.println("ready " + port + " " + mediaPort);
      answer(metrics);
    }
  }

  /** Until its input ends, as it does with whoever started it. */
  private static void answer(MeterRegistry metrics) throws IOException {
    try (var lines =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.US_ASCII))) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        long answer =
            switch (line) {
              case "heap" -> liveBytes();
              case "compiled" -> ManagementFactory.getCompilationMXBean().getTotalCompilationTime();
              default -> mediaPackets(metrics);
            };
        System.out.println(line + " " + answer);
      }
    }
  }

  /** What is left after a collection. */
  private static long liveBytes() {
    System.gc();
    Runtime runtime = Runtime.getRuntime();
    return runtime.totalMemory() - runtime.freeMemory();
  }

  private static long mediaPackets(MeterRegistry metrics) {
    return (long)
        metrics.get("parley.relay.packets").tag("direction", "in").functionCounter().count();
  }

  private static InProcessRelay relay(int port, MeterRegistry metrics) throws IOException {
    Path folder = Files.createTempDirectory("parley-bench-turn");
    var recorder =
        new Recorder(
            folder, Clock.systemUTC(), SigningKey.open(folder.resolve("seal.key")), event -> {});
    var config =
        new RelayConfig(
            List.of(TurnClients.SERVER),
            true,
            List.of(),
            port,
            1,
            3,
            Duration.ofSeconds(30),
            8,
            folder);
    return new InProcessRelay(config, recorder, metrics, event -> {});
  }

  private static TurnConfig turn(int port, Ports.Range relayed) {
    return new TurnConfig(
        List.of(TurnClients.SERVER),
        false,
        List.of(),
        port,
        0,
        "",
        "",
        relayed.first(),
        relayed.last(),
        TurnClients.REALM,
        Map.of(TurnClients.USER, TurnClients.PASSWORD),
        List.of(),
        List.of(TurnClients.PEER + "/32"),
        List.of(),
        0,
        0,
        0,
        0,
        true,
        100,
        List.of());
  }
}
