package parley.load.bench.cascade;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import parley.load.bench.BenchFolder;
import parley.load.bench.TwoProcessors;
import parley.load.bench.kernel.CpuTime;
import parley.load.bench.kernel.Processors;
import parley.load.bench.media.Leg;
import parley.load.bench.media.Swarm;
import parley.load.bench.media.Talked;
import parley.load.bench.server.Pace;
import parley.load.bench.server.ParleyCluster;
import parley.load.bench.server.Party;
import parley.load.bench.server.Seat;
import parley.load.bench.server.Shape;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code parley bench cascade}. */
@Command(
    name = "cascade",
    mixinStandardHelpOptions = true,
    description = {
      "One call on several nodes, with a NATS server between them: people come to all nodes, a few"
          + " talk. Shown are CPU of each node, packets between nodes, latency and loss.%n",
      "Exit code: 0 if everybody heard every packet, and between nodes went talkers x (nodes - 1)"
          + " of each, however many listened."
    })
public final class CascadeCommand implements Callable<Integer> {

  private static final long FRAME_NS = TimeUnit.MILLISECONDS.toNanos(20);

  /** What ends a voice goes between nodes as well, and who is not heard speaking at once. */
  private static final double TOLERANCE = 0.05;

  @Option(names = "--people", defaultValue = "1000", description = "Default: ${DEFAULT-VALUE}.")
  private int people;

  @Option(names = "--nodes", defaultValue = "3", description = "Default: ${DEFAULT-VALUE}.")
  private int nodes;

  /** Each is a packet to everybody every 20 ms: of a thousand, one is what a processor bears. */
  @Option(
      names = "--talkers",
      defaultValue = "1",
      description = "As far as possible on different nodes; default: ${DEFAULT-VALUE}.")
  private int talkers;

  @Option(
      names = "--seconds",
      defaultValue = "5",
      description = "For how long they talk; default: ${DEFAULT-VALUE}.")
  private double seconds;

  @Option(
      names = "--joins",
      defaultValue = "40",
      description = "How many come a second; default: ${DEFAULT-VALUE}.")
  private int joins;

  @Mixin private TwoProcessors processors = new TwoProcessors();

  @Override
  public Integer call() throws IOException, InterruptedException {
    processors.separate();
    var shape = new Shape(1, people, talkers, Math.max(1, talkers));
    int share = (people + nodes - 1) / nodes;
    try (BenchFolder folder = BenchFolder.create();
        Swarm swarm = new Swarm("127.0.0.1");
        var cluster =
            new ParleyCluster(
                folder.path(),
                nodes,
                shape,
                share,
                Processors.only(processors.servers()),
                Pace.even(joins))) {
      System.out.printf("%d people come to %d nodes, %d to each …%n", people, nodes, share);
      Party party = cluster.invite(swarm);
      List<Leg> who = party.seats().stream().filter(Seat::talks).map(Seat::uplink).toList();
      int packets = (int) (seconds * 1e9 / FRAME_NS);
      Talked _ = await(swarm.talk(who, packets, FRAME_NS)); // until the JVMs have compiled it
      return measure(shape, cluster, swarm, party, who, packets);
    }
  }

  private int measure(
      Shape shape, ParleyCluster cluster, Swarm swarm, Party party, List<Leg> who, int packets)
      throws IOException, InterruptedException {
    List<Leg> all = party.seats().stream().map(Seat::uplink).toList();
    List<Long> people = cluster.devices();
    List<Long> trunkBefore = cluster.trunkPackets();
    List<CpuTime> before = cluster.pids().stream().map(CpuTime::ofProcess).toList();
    Talked talked = await(swarm.talk(who, packets, FRAME_NS));
    List<CpuTime> after = cluster.pids().stream().map(CpuTime::ofProcess).toList();
    List<Long> trunkAfter = cluster.trunkPackets();
    int[] heard = await(swarm.heardBy(all));

    double lengthS = talked.durationNs() / 1e9;
    long between = 0;
    List<String> rows = new ArrayList<>();
    for (int i = 0; i < nodes; i++) {
      long sent = trunkAfter.get(i) - trunkBefore.get(i);
      between += sent;
      double cpu = after.get(i).minus(before.get(i)).totalNs() / 1e9 / lengthS;
      rows.add(
          String.format(
              Locale.ROOT,
              "| %d | %d | %.1f %% | %.0f |",
              i + 1,
              people.get(i),
              100 * cpu,
              sent / lengthS));
    }
    long wanted = (long) talkers * (nodes - 1) * packets;
    long missed = 0;
    for (int i = 0; i < heard.length; i++) {
      missed += Math.max(0, (long) shape.voices(party.seats().get(i).talks()) * packets - heard[i]);
    }
    System.out.println("| node | people | CPU | packets/s to other nodes |\n|---|---|---|---|");
    rows.forEach(System.out::println);
    System.out.printf(
        Locale.ROOT,
        "%nTo listeners: %.0f packets/s, %d lost; p50 %.2f ms, p99 %.2f ms. Between nodes: %d"
            + " packets, talkers x (nodes - 1) x packets are %d.%n",
        talked.heard() / lengthS,
        missed,
        talked.latency().percentile(0.5) / 1e6,
        talked.latency().percentile(0.99) / 1e6,
        between,
        wanted);
    boolean once = Math.abs(between - wanted) <= TOLERANCE * wanted;
    return missed == 0 && once ? 0 : 1;
  }

  private static <T> T await(CompletableFuture<T> future) throws IOException, InterruptedException {
    try {
      return future.get(2, TimeUnit.MINUTES);
    } catch (ExecutionException | TimeoutException e) {
      throw new IOException("the generator failed", e);
    }
  }
}
