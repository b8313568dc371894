package parley.load.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import parley.load.bench.flame.Profile;
import parley.load.bench.kernel.CpuTime;
import parley.load.bench.kernel.ProcessStatus;
import parley.load.bench.kernel.Processors;
import parley.load.bench.kernel.Standstill;
import parley.load.bench.measure.Measured;
import parley.load.bench.measure.Turn;
import parley.load.bench.media.Swarm;
import parley.load.bench.server.FloorServer;
import parley.load.bench.server.JanusServer;
import parley.load.bench.server.Pace;
import parley.load.bench.server.ParleyServer;
import parley.load.bench.server.Party;
import parley.load.bench.server.Seat;
import parley.load.bench.server.ServerUnderTest;
import parley.load.bench.server.Shape;

/** Servers that forward, one shape at a time: all are filled, then they take turns. */
final class ForwardBench {

  /** 50 packets a second. */
  private static final long FRAME_NS = 20_000_000L;

  /** A step of the search for the most packets: short, for it takes up to ten of them. */
  private static final long PROBE_NS = 1_500_000_000L;

  /** Nobody stands still for longer: consent lasts for 30 s. */
  private static final long WARM_UP_TURN_NS = 5_000_000_000L;

  private static final double PROBE_FACTOR = 1.2;

  /** A generator that works more than this is no measure of a server any more. */
  private static final double GENERATOR_FULL = 0.85;

  private static final long PROFILE_NS = 8_000_000_000L;

  /** After a standstill a server has clients' checks to answer, and timers that are late. */
  private static final long CATCH_UP_MS = 700;

  private final Plan plan;
  private final Swarm swarm;
  private final Path folder;

  /** One server with its guests, and what its turns gave so far. */
  private static final class Contender {
    final ServerUnderTest server;
    final Shape shape;
    final Party party;
    final TalkTurn talk;
    final long idleBytes;
    final List<Turn> turns = new ArrayList<>();
    int thrownOut;
    double mostPacketsPerSecond;
    boolean generatorWasTheLimit;

    Contender(ServerUnderTest server, Party party, Shape shape, long idleBytes, Swarm swarm) {
      this.server = server;
      this.shape = shape;
      this.party = party;
      this.idleBytes = idleBytes;
      talk = new TalkTurn(swarm, server.pid(), party.seats(), shape);
    }

    void dismiss() {
      for (Seat seat : party.seats()) {
        seat.uplink().close();
        if (seat.downlink() != seat.uplink()) {
          seat.downlink().close();
        }
      }
    }

    Measured result() throws IOException {
      return new Measured(
          server.name(),
          server.version(),
          party.seats().getFirst().downlink().profile(),
          party.seats().size(),
          turns,
          thrownOut,
          idleBytes,
          ProcessStatus.residentBytes(server.pid()),
          party.setupNs(0.5) / 1e6,
          party.setupNs(0.95) / 1e6,
          party.joinsPerSecond(),
          mostPacketsPerSecond,
          generatorWasTheLimit,
          server.pauses());
    }
  }

  ForwardBench(Plan plan, Swarm swarm, Path folder) {
    this.plan = plan;
    this.swarm = swarm;
    this.folder = folder;
  }

  /** Measures all servers in one shape. */
  List<Measured> run(Shape shape) throws IOException, InterruptedException {
    List<ServerUnderTest> servers = new ArrayList<>();
    List<Contender> contenders = new ArrayList<>();
    try {
      for (String name : plan.servers()) {
        ServerUnderTest server = start(name, shape);
        if (server != null) {
          servers.add(server);
          contenders.add(fill(server, shape));
        }
      }
      for (Contender contender : contenders) {
        for (long leftNs = plan.warmUpNs(); leftNs > 0; leftNs -= WARM_UP_TURN_NS) {
          Turn _ = turn(contender, contenders, Math.min(leftNs, WARM_UP_TURN_NS), FRAME_NS);
        }
      }
      for (int i = 0; i < plan.turns(); i++) {
        for (Contender contender : contenders) {
          measure(contender, contenders);
        }
      }
      profile(contenders);
      List<Measured> results = new ArrayList<>();
      for (Contender contender : contenders) {
        if (plan.most()) {
          findMost(contender, contenders);
        }
        results.add(contender.result());
      }
      return results;
    } finally {
      contenders.forEach(Contender::dismiss);
      servers.forEach(ServerUnderTest::close);
    }
  }

  private @Nullable ServerUnderTest start(String name, Shape shape)
      throws IOException, InterruptedException {
    List<String> prefix = plan.serverCpu() < 0 ? List.of() : Processors.only(plan.serverCpu());
    Path own = Files.createTempDirectory(folder, name);
    Pace pace = Pace.even(plan.joinsPerSecond());
    return switch (name) {
      case "parley" -> new ParleyServer(own, swarm.address(), shape, prefix, pace);
      case "janus" -> JanusServer.start(own, prefix, pace);
      case "floor" -> new FloorServer(prefix);
      default -> throw new IllegalArgumentException("no such server: " + name);
    };
  }

  private Contender fill(ServerUnderTest server, Shape shape)
      throws IOException, InterruptedException {
    plan.progress(
        "%s: %d participants join %s".formatted(shape, shape.participants(), server.name()));
    long idleBytes = ProcessStatus.residentBytes(server.pid());
    return new Contender(server, server.invite(shape, swarm), shape, idleBytes, swarm);
  }

  /** One more turn of Parley's, not counted, in which its stacks are sampled. */
  private void profile(List<Contender> all) throws IOException, InterruptedException {
    Path file = plan.profile();
    if (file == null) {
      return;
    }
    Contender parley = all.getFirst();
    new Profile(file, folder)
        .of(
            parley.server.pid(),
            "Parley, " + parley.shape,
            "a packet",
            () -> turn(parley, all, PROFILE_NS, FRAME_NS).cpuUs(),
            plan::progress);
  }

  private void measure(Contender contender, List<Contender> all)
      throws IOException, InterruptedException {
    Turn turn = turn(contender, all, plan.turnNs(), FRAME_NS);
    // As often again as there are turns: on a machine that is never quiet there must be an end.
    while (turn.isNoisy() && contender.thrownOut < plan.turns()) {
      contender.thrownOut++;
      turn = turn(contender, all, plan.turnNs(), FRAME_NS);
    }
    contender.turns.add(turn);
    plan.progress(
        String.format(
            Locale.ROOT,
            "  %-7s %6.2f us a packet (%.2f user), p99 %6.2f ms, lost %.2f %%%s",
            contender.server.name(),
            turn.cpuUs(),
            turn.userUs(),
            turn.p99Ns() / 1e6,
            100 * turn.lost(),
            turn.isNoisy() ? ", noisy" : ""));
  }

  /** The others stand still meanwhile: Janus is busy with a thousand silent people, too. */
  private Turn turn(Contender contender, List<Contender> all, long lengthNs, long intervalNs)
      throws IOException, InterruptedException {
    List<Long> others =
        all.stream().filter(other -> other != contender).map(other -> other.server.pid()).toList();
    Turn turn;
    try (Standstill _ = Standstill.of(others)) {
      turn = contender.talk.run(lengthNs, intervalNs, () -> othersNs(all));
    }
    Thread.sleep(CATCH_UP_MS);
    return turn;
  }

  /** What the servers' processor did for nobody under test; the idle ones do a little. */
  private long othersNs(List<Contender> all) {
    if (plan.serverCpu() < 0) {
      return 0;
    }
    long busyNs = CpuTime.ofProcessor(plan.serverCpu()).totalNs();
    for (Contender contender : all) {
      busyNs -= CpuTime.ofProcess(contender.server.pid()).totalNs();
    }
    return busyNs;
  }

  /** Everyone talks faster and faster, until something is lost twice. */
  private void findMost(Contender contender, List<Contender> all)
      throws IOException, InterruptedException {
    for (double rate = 1; ; rate *= PROBE_FACTOR) {
      long intervalNs = (long) (FRAME_NS / rate);
      Turn turn = turn(contender, all, PROBE_NS, intervalNs);
      if (!turn.isExact()) {
        turn = turn(contender, all, PROBE_NS, intervalNs);
      }
      boolean full = turn.generatorBusyNs() > GENERATOR_FULL * turn.windowNs();
      if (!turn.isExact() || full) {
        contender.generatorWasTheLimit = full;
        return;
      }
      contender.mostPacketsPerSecond = turn.packetsPerSecond();
    }
  }
}
