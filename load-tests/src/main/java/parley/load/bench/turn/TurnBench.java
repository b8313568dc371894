package parley.load.bench.turn;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import parley.load.bench.kernel.CpuTime;
import parley.load.bench.kernel.ProcessStatus;
import parley.load.bench.kernel.Processors;
import parley.load.bench.measure.LatencyHistogram;
import parley.load.bench.measure.Turn;

/** TURN servers that take turns: all have their clients, one is measured. */
final class TurnBench implements AutoCloseable {

  /** Packets a second of each client: audio. */
  private static final int PER_CLIENT = 50;

  /** Those that give relayed addresses. */
  private static final List<String> SERVERS = List.of("parley", "own media", "coturn");

  /** Requests on their way at the same time. */
  private static final List<Integer> IN_FLIGHT = List.of(1, 8, 64);

  private static final int SETTING_UP = 64;

  /** Thousands of allocations that are made before any is counted. */
  private static final int WARM_UPS = 4;

  /**
   * Permissions last five minutes; they are asked for again before a turn that could outlast them.
   */
  private static final long FRESH_NS = 150_000_000_000L;

  /** A look at whether a server is warm. */
  private static final long SLICE_NS = 1_000_000_000L;

  /** A compiler that works less than this has done what matters. */
  private static final double COMPILING = 0.02;

  /** One look may fall between two steps of a compiler. */
  private static final int QUIET_SLICES = 2;

  /** A step of the search for the most packets. */
  private static final long PROBE_NS = 1_000_000_000L;

  private static final double PROBE_FACTOR = 1.1;
  private static final int PROBE_START = 50_000;

  /** A generator that works more than this is no measure of a server any more. */
  private static final double GENERATOR_FULL = 0.93;

  private final TurnPlan plan;
  private final Path folder;
  private final List<Contender> contenders = new ArrayList<>();
  private int turnNumber;

  /** One server with its clients. */
  private static final class Contender {
    final TurnServerUnderTest server;
    final TurnClients clients;
    final long idleBytes;
    final Map<Integer, List<Double>> allocationsPerSecond = new LinkedHashMap<>();
    final Map<Way, Double> most = new EnumMap<>(Way.class);
    final List<Way> generatorWasTheLimit = new ArrayList<>();
    double bytesPerAllocation;
    long freshNs;

    Contender(TurnServerUnderTest server, TurnClients clients) {
      this.server = server;
      this.clients = clients;
      this.idleBytes = ProcessStatus.residentBytes(server.pid());
    }

    boolean goes(Way way) {
      if (server.isFloor()) {
        return way == Way.CHANNEL_TO_PEER;
      }
      return server.mediaPort() != 0 ? way == Way.TO_OWN_MEDIA : way != Way.TO_OWN_MEDIA;
    }

    Standing standing() {
      return new Standing(
          server.name(),
          server.version(),
          allocationsPerSecond,
          idleBytes,
          bytesPerAllocation,
          most,
          generatorWasTheLimit);
    }
  }

  TurnBench(TurnPlan plan, Path folder) {
    this.plan = plan;
    this.folder = folder;
  }

  /** Starts the servers and has clients allocate at each. */
  void start() throws IOException, InterruptedException {
    for (String name : plan.servers()) {
      TurnClients clients = new TurnClients(name.equals("floor"));
      int most = plan.rates().stream().mapToInt(Integer::intValue).max().orElse(PROBE_START);
      if (name.equals("floor")) {
        clients.add(most / PER_CLIENT);
      }
      TurnServerUnderTest server = start(name, clients);
      if (server == null) {
        clients.close();
        continue;
      }
      clients.meet(server);
      contenders.add(new Contender(server, clients));
    }
    for (Contender contender : contenders) {
      if (!contender.server.isFloor()) {
        fill(contender);
      }
    }
  }

  /** What the servers do besides relaying at a given rate. */
  List<Standing> standings() throws IOException, InterruptedException {
    if (plan.figures().contains(Figure.ALLOCATIONS)) {
      for (int i = 0; i < plan.turns(); i++) {
        for (Contender contender : contenders) {
          if (!contender.server.isFloor() && contender.server.mediaPort() == 0) {
            countAllocations(contender, i == 0);
          }
        }
      }
    }
    if (plan.figures().contains(Figure.MOST)) {
      for (Way way : plan.ways()) {
        for (Contender contender : going(way)) {
          warm(contender, way, PROBE_START);
          findMost(contender, way);
        }
      }
    }
    return contenders.stream().map(Contender::standing).toList();
  }

  private @Nullable TurnServerUnderTest start(String name, TurnClients clients)
      throws IOException, InterruptedException {
    List<String> prefix = plan.serverCpu() < 0 ? List.of() : Processors.only(plan.serverCpu());
    // A port that one of them has the others would have to pass over. The floor needs none.
    int index = SERVERS.indexOf(name);
    Ports.Range relayed = Ports.RELAY.part(Math.max(0, index), SERVERS.size());
    return switch (name) {
      case "parley" -> new ParleyTurn(false, relayed, prefix);
      case "own media" -> new ParleyTurn(true, relayed, prefix);
      case "coturn" -> CoturnServer.start(Files.createTempDirectory(folder, name), relayed, prefix);
      case "floor" -> new TurnFloor(prefix, clients.ports(), clients.peerPort());
      default -> throw new IllegalArgumentException("no such server: " + name);
    };
  }

  /** Allocations that stay, and what they take. */
  private void fill(Contender contender) throws IOException {
    plan.progress(
        "%d clients allocate at %s".formatted(plan.allocations(), contender.server.name()));
    TurnClients clients = contender.clients;
    clients.add(plan.allocations());
    clients.all(Step.ALLOCATE, 0, SETTING_UP);
    freshen(contender);
    contender.bytesPerAllocation =
        (double) (ProcessStatus.residentBytes(contender.server.pid()) - contender.idleBytes)
            / plan.allocations();
  }

  private void freshen(Contender contender) throws IOException {
    contender.clients.all(Step.PERMIT, 0, SETTING_UP);
    contender.clients.all(Step.BIND, 0, SETTING_UP);
    contender.clients.all(Step.REFRESH, 0, SETTING_UP);
    contender.freshNs = System.nanoTime();
  }

  /** On top of those that stay. */
  private void countAllocations(Contender contender, boolean warmUp)
      throws IOException, InterruptedException {
    TurnClients clients = contender.clients;
    int before = clients.count();
    int more = Math.min(1000, plan.allocations());
    clients.add(more);
    for (int inFlight : IN_FLIGHT) {
      for (int i = 0; warmUp && i < WARM_UPS; i++) {
        allocate(contender, before, inFlight);
      }
      if (warmUp) {
        awaitCompilers(contender);
      }
      double seconds = allocate(contender, before, inFlight) / 1e9;
      contender
          .allocationsPerSecond
          .computeIfAbsent(inFlight, _ -> new ArrayList<>())
          .add(more / seconds);
    }
    clients.remove(more);
  }

  private static long allocate(Contender contender, int first, int inFlight)
      throws IOException, InterruptedException {
    TurnClients clients = contender.clients;
    clients.renew(first);
    long ns = clients.all(Step.ALLOCATE, first, inFlight);
    clients.all(Step.RELEASE, first, inFlight);
    Thread.sleep(contender.server.keepsPorts());
    return ns;
  }

  /** Until they have done what the rounds before have shown them. */
  private void awaitCompilers(Contender contender) throws IOException, InterruptedException {
    long before = contender.server.compiledNs();
    boolean busy = before > 0;
    for (long leftNs = plan.warmUpNs(); busy && leftNs > 0; leftNs -= SLICE_NS) {
      long sliceNs = Math.min(SLICE_NS, leftNs);
      TimeUnit.NANOSECONDS.sleep(sliceNs);
      long now = contender.server.compiledNs();
      busy = now - before > COMPILING * sliceNs;
      before = now;
    }
  }

  /** All ways at all rates, each told when it has been measured. */
  void relaying(Consumer<Relayed> results) throws IOException, InterruptedException {
    if (!plan.figures().contains(Figure.RELAYING)) {
      return;
    }
    for (int rate : plan.rates()) {
      for (Way way : plan.ways()) {
        relay(way, rate).forEach(results);
      }
    }
  }

  private List<Contender> going(Way way) {
    List<Contender> going = new ArrayList<>();
    for (Contender contender : contenders) {
      if (contender.goes(way)) {
        going.add(contender);
      }
    }
    return going;
  }

  private List<Relayed> relay(Way way, int rate) throws IOException, InterruptedException {
    List<Contender> going = going(way);
    List<List<Turn>> turns = new ArrayList<>();
    int[] thrownOut = new int[going.size()];
    going.forEach(_ -> turns.add(new ArrayList<>()));
    for (Contender contender : going) {
      warm(contender, way, rate);
    }
    for (int i = 0; i < plan.turns(); i++) {
      for (int k = 0; k < going.size(); k++) {
        Turn turn = turn(going.get(k), way, rate, plan.turnNs());
        while (turn.isNoisy() && thrownOut[k] < plan.turns()) {
          thrownOut[k]++;
          turn = turn(going.get(k), way, rate, plan.turnNs());
        }
        turns.get(k).add(turn);
        progress(going.get(k), way, rate, turn);
      }
    }
    List<Relayed> results = new ArrayList<>();
    for (int k = 0; k < going.size(); k++) {
      results.add(new Relayed(going.get(k).server.name(), way, rate, turns.get(k), thrownOut[k]));
    }
    return results;
  }

  /** Until its JVM compiles nothing any more; a server without one is warm after a second. */
  private void warm(Contender contender, Way way, int rate)
      throws IOException, InterruptedException {
    long leftNs = plan.warmUpNs();
    int quiet = 0;
    while (leftNs > 0 && quiet < QUIET_SLICES) {
      long before = contender.server.compiledNs();
      long sliceNs = Math.min(SLICE_NS, leftNs);
      turn(contender, way, rate, sliceNs);
      long compiled = contender.server.compiledNs();
      quiet = compiled - before < COMPILING * sliceNs ? quiet + 1 : 0;
      quiet = compiled == 0 ? QUIET_SLICES : quiet;
      leftNs -= sliceNs;
    }
    plan.progress(
        "%s is %s at %s, %d/s"
            .formatted(
                contender.server.name(),
                quiet > 0 ? "warm" : "as warm as it gets",
                way.text(),
                rate));
  }

  private void progress(Contender contender, Way way, int rate, Turn turn) {
    plan.progress(
        String.format(
            Locale.ROOT,
            "  %-9s %-30s %6d/s %6.2f us (%.2f user), p50 %4.0f us, p99 %5.0f us, p99.9 %5.0f us,"
                + " lost %.3f %%%s",
            contender.server.name(),
            way.text(),
            rate,
            turn.cpuUs(),
            turn.userUs(),
            turn.p50Ns() / 1e3,
            turn.p99Ns() / 1e3,
            turn.p999Ns() / 1e3,
            100 * turn.lost(),
            turn.isNoisy() ? ", noisy" : ""));
  }

  /** Each client sends 50 a second as long as there are clients enough; else, more. */
  private Turn turn(Contender contender, Way way, int rate, long lengthNs)
      throws IOException, InterruptedException {
    if (!contender.server.isFloor() && System.nanoTime() - contender.freshNs > FRESH_NS) {
      freshen(contender);
    }
    int clients = Math.min(contender.clients.count(), Math.max(1, rate / PER_CLIENT));
    long intervalNs = 1_000_000_000L * clients / rate;
    int packets = (int) Math.max(1, lengthNs / intervalNs);
    Traffic traffic =
        new Traffic(contender.clients, way, ++turnNumber, clients, packets, intervalNs);
    long pid = contender.server.pid();
    long mediaBefore = contender.server.mediaPackets();
    long otherBefore = othersNs();
    CpuTime before = CpuTime.ofProcess(pid);
    traffic.run();
    CpuTime spent = CpuTime.ofProcess(pid).minus(before);
    long othersNs = Math.max(0, othersNs() - otherBefore);
    boolean own = way == Way.TO_OWN_MEDIA;
    LatencyHistogram latency = traffic.latency();
    return new Turn(
        traffic.sent(),
        own ? contender.server.mediaPackets() - mediaBefore : traffic.heard(),
        traffic.wrong(),
        own ? 0 : traffic.clientsShort(),
        spent.userNs(),
        spent.systemNs(),
        traffic.durationNs(),
        othersNs,
        latency.percentile(0.5),
        latency.percentile(0.99),
        latency.percentile(0.999),
        traffic.busyNs(),
        traffic.latestNs());
  }

  /** What the servers' processor did for nobody under test; the idle ones do a little. */
  private long othersNs() {
    if (plan.serverCpu() < 0) {
      return 0;
    }
    long busyNs = CpuTime.ofProcessor(plan.serverCpu()).totalNs();
    for (Contender contender : contenders) {
      busyNs -= CpuTime.ofProcess(contender.server.pid()).totalNs();
    }
    return busyNs;
  }

  /** Faster and faster, until something is lost twice. */
  private void findMost(Contender contender, Way way) throws IOException, InterruptedException {
    for (double rate = PROBE_START; ; rate *= PROBE_FACTOR) {
      Turn turn = turn(contender, way, (int) rate, PROBE_NS);
      if (!turn.isExact()) {
        turn = turn(contender, way, (int) rate, PROBE_NS);
      }
      boolean full = turn.generatorBusyNs() > GENERATOR_FULL * turn.windowNs();
      if (turn.isExact()) {
        contender.most.put(way, rate);
      }
      if (!turn.isExact() || full) {
        if (full) {
          contender.generatorWasTheLimit.add(way);
        }
        return;
      }
    }
  }

  @Override
  public void close() {
    for (Contender contender : contenders) {
      contender.clients.close();
      contender.server.close();
    }
  }
}
