package parley.load.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.LongStream;
import parley.load.server.OwnNode;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code parley bench gateway}: what standing before a chat server costs in time. */
@Command(
    name = "gateway",
    mixinStandardHelpOptions = true,
    description = {
      "Clients send chat messages to a chat server that sends them back: by turns through the"
          + " gateway and through a plain TCP proxy, on the same machine at the same time. Measured"
          + " is the time there and back.%n",
      "Exit code: 0 if the gateway's 99th percentile is less than 2 ms above the proxy's."
    })
final class GatewayCommand implements Callable<Integer> {

  private static final String TEAM = OwnNode.DEMO_TEAM;
  private static final double MAX_ADDED_MS = 2;

  /** What runs before is not compiled yet, in neither of the two. */
  private static final double WARM_UP = 0.3;

  @Option(
      names = "--sockets",
      defaultValue = "20",
      paramLabel = "N",
      description = "How many clients send at the same time; default: ${DEFAULT-VALUE}.")
  private int sockets;

  @Option(
      names = "--messages",
      defaultValue = "1000",
      paramLabel = "N",
      description = "How many each sends on each way; default: ${DEFAULT-VALUE}.")
  private int messages;

  @Option(
      names = "--per-second",
      defaultValue = "25",
      paramLabel = "N",
      description = "How many each sends a second on each way; default: ${DEFAULT-VALUE}.")
  private int perSecond;

  /** Times in nanoseconds. */
  private record Times(long[] proxy, long[] gateway) {}

  @Override
  public Integer call() throws Exception {
    try (var server = new EchoChatServer();
        var proxy = new TcpProxy(server.port());
        var node =
            OwnNode.start(Map.of("PARLEY_GATEWAY_UPSTREAM", "http://127.0.0.1:" + server.port()));
        ExecutorService clients = Executors.newFixedThreadPool(sockets)) {
      int gateway = Integer.parseInt(node.url().replaceFirst(".*:", ""));
      List<Future<Times>> running = new ArrayList<>();
      for (int i = 0; i < sockets; i++) {
        int seed = i;
        running.add(clients.submit(() -> run(proxy.port(), gateway, seed)));
      }
      LongStream.Builder byProxy = LongStream.builder();
      LongStream.Builder byGateway = LongStream.builder();
      for (Future<Times> each : running) {
        Arrays.stream(each.get().proxy()).forEach(byProxy);
        Arrays.stream(each.get().gateway()).forEach(byGateway);
      }
      return report(byProxy.build().sorted().toArray(), byGateway.build().sorted().toArray());
    }
  }

  private Times run(int proxyPort, int gatewayPort, int seed) throws IOException {
    var random = new Random(seed);
    long[] proxied = new long[messages];
    long[] gated = new long[messages];
    long stepNs = TimeUnit.SECONDS.toNanos(1) / perSecond;
    try (var proxy = new ProbeSocket(proxyPort, TEAM);
        var gateway = new ProbeSocket(gatewayPort, TEAM)) {
      long nextNs = System.nanoTime() + random.nextLong(stepNs);
      for (int i = 0; i < messages; i++) {
        LockSupport.parkNanos(nextNs - System.nanoTime());
        nextNs += stepNs;
        byte[] text = message(i, random);
        // By turns first, so that neither always finds the other's caches.
        if (i % 2 == 0) {
          proxied[i] = proxy.roundTrip(text);
        }
        gated[i] = gateway.roundTrip(text);
        if (i % 2 == 1) {
          proxied[i] = proxy.roundTrip(text);
        }
      }
    }
    int from = (int) (messages * WARM_UP);
    return new Times(
        Arrays.copyOfRange(proxied, from, messages), Arrays.copyOfRange(gated, from, messages));
  }

  private static byte[] message(int i, Random random) {
    String json =
        "{\"event\":\"client.message.updated\",\"confirm_id\":\"%d\",\"params\":{\"to\":\"g-1\","
            + "\"content\":{\"type\":\"plain\",\"text\":\"%s\"}}}";
    return String.format(Locale.ROOT, json, i, "x".repeat(random.nextInt(1_500)))
        .getBytes(StandardCharsets.UTF_8);
  }

  private static int report(long[] proxy, long[] gateway) {
    System.out.printf(
        Locale.ROOT,
        "%-16s %8s %8s %8s %8s   ms there and back%n",
        "",
        "p50",
        "p90",
        "p99",
        "p99.9");
    row("plain TCP proxy", proxy);
    row("gateway", gateway);
    double added = ms(gateway, 0.99) - ms(proxy, 0.99);
    boolean good = added < MAX_ADDED_MS;
    System.out.printf(
        Locale.ROOT,
        "p99 above the proxy's: %.3f ms, %s%n",
        added,
        good ? "less than 2 ms" : "2 ms or more");
    return good ? 0 : 1;
  }

  private static void row(String name, long[] sorted) {
    System.out.printf(
        Locale.ROOT,
        "%-16s %8.3f %8.3f %8.3f %8.3f   %d messages%n",
        name,
        ms(sorted, 0.5),
        ms(sorted, 0.9),
        ms(sorted, 0.99),
        ms(sorted, 0.999),
        sorted.length);
  }

  private static double ms(long[] sorted, double quantile) {
    return sorted[(int) Math.min(sorted.length - 1L, (long) (sorted.length * quantile))] / 1e6;
  }
}
