package parley.load.bench.record;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import parley.load.bench.TalkTurn;
import parley.load.bench.kernel.CpuTime;
import parley.load.bench.kernel.Processors;
import parley.load.bench.kernel.Standstill;
import parley.load.bench.measure.Turn;
import parley.load.bench.media.Swarm;
import parley.load.bench.server.JanusPostProcessing;
import parley.load.bench.server.JanusServer;
import parley.load.bench.server.Pace;
import parley.load.bench.server.ParleyServer;
import parley.load.bench.server.Seat;
import parley.load.bench.server.ServerUnderTest;
import parley.load.bench.server.Shape;

/**
 * Each server has twice as many rooms as are in use at a time: one half is recorded, the other is
 * not. They take turns in one process, so that nothing but the recording tells them apart.
 */
final class RecordBench {

  private static final long FRAME_NS = 20_000_000L;

  /** Nobody stands still for longer: consent lasts for 30 s. */
  private static final long WARM_UP_TURN_NS = 5_000_000_000L;

  private static final long CATCH_UP_MS = 700;

  /**
   * What is to be measured.
   *
   * @param shape of each half
   * @param peers whether Janus takes part
   */
  record Plan(
      Shape shape,
      int turns,
      double turnSeconds,
      double warmUpSeconds,
      boolean peers,
      int serverCpu,
      Consumer<String> narrator) {}

  /**
   * One server.
   *
   * @param processingNs CPU time that recordings took afterwards, by seconds of each recorded call
   * @param complete whether all that was said is on the tracks
   */
  record Result(
      String server,
      String version,
      List<Turn> off,
      List<Turn> on,
      int thrownOut,
      double processingNs,
      boolean complete) {}

  private final Plan plan;
  private final Swarm swarm;
  private final Path folder;
  private final Shape both;
  private final List<String> prefix;
  private final List<Contender> contenders = new ArrayList<>();

  private static final class Contender {
    final ServerUnderTest server;
    final TalkTurn off;
    final TalkTurn on;
    final List<Turn> turnsOff = new ArrayList<>();
    final List<Turn> turnsOn = new ArrayList<>();
    double recordedSeconds;
    int thrownOut;

    Contender(ServerUnderTest server, List<Seat> seats, Shape shape, Swarm swarm) {
      this.server = server;
      int half = seats.size() / 2;
      off = new TalkTurn(swarm, server.pid(), seats.subList(0, half), shape);
      on = new TalkTurn(swarm, server.pid(), seats.subList(half, seats.size()), shape);
    }
  }

  RecordBench(Plan plan, Swarm swarm, Path folder) {
    this.plan = plan;
    this.swarm = swarm;
    this.folder = folder;
    Shape half = plan.shape();
    both = new Shape(2 * half.rooms(), half.people(), half.talkers(), half.heard());
    prefix = plan.serverCpu() < 0 ? List.of() : Processors.only(plan.serverCpu());
  }

  List<Result> run() throws IOException, InterruptedException {
    Path janusFiles = Files.createTempDirectory(folder, "mjr");
    Pace pace = Pace.even(50);
    int half = plan.shape().rooms();
    ParleyServer parley = null;
    JanusServer janus = null;
    try {
      parley =
          new ParleyServer(
              Files.createTempDirectory(folder, "parley"),
              swarm.address(),
              both,
              prefix,
              pace,
              half);
      fill(parley);
      if (plan.peers()) {
        Path own = Files.createTempDirectory(folder, "janus");
        janus = JanusServer.recording(own, prefix, pace, janusFiles, half);
      }
      if (janus != null) {
        fill(janus);
      }
      takeTurns();
      List<Result> results = new ArrayList<>();
      parley.close();
      results.add(result(contenders.getFirst(), 0, isComplete(parley.recordings())));
      if (janus != null) {
        janus.endRecording(both);
        results.add(processed(contenders.getLast(), janusFiles));
      }
      return results;
    } finally {
      if (parley != null) {
        parley.close();
      }
      if (janus != null) {
        janus.close();
      }
    }
  }

  private void fill(ServerUnderTest server) throws IOException, InterruptedException {
    plan.narrator().accept(both.participants() + " participants join " + server.name());
    List<Seat> seats = server.invite(both, swarm).seats();
    contenders.add(new Contender(server, seats, plan.shape(), swarm));
  }

  private void takeTurns() throws IOException, InterruptedException {
    for (Contender contender : contenders) {
      long leftNs = (long) (plan.warmUpSeconds() * 1e9);
      for (; leftNs > 0; leftNs -= WARM_UP_TURN_NS) {
        Turn _ = turn(contender, false, Math.min(leftNs, WARM_UP_TURN_NS) / 2);
        Turn _ = turn(contender, true, Math.min(leftNs, WARM_UP_TURN_NS) / 2);
      }
    }
    for (int i = 0; i < plan.turns(); i++) {
      // A B, then B A: who is first after the others pays for the caches that they left.
      boolean recordedFirst = i % 2 == 1;
      for (Contender contender : contenders) {
        Turn first = measure(contender, recordedFirst);
        Turn second = measure(contender, !recordedFirst);
        contender.turnsOff.add(recordedFirst ? second : first);
        contender.turnsOn.add(recordedFirst ? first : second);
      }
    }
  }

  private Turn measure(Contender contender, boolean recorded)
      throws IOException, InterruptedException {
    long lengthNs = (long) (plan.turnSeconds() * 1e9);
    Turn turn = turn(contender, recorded, lengthNs);
    // As often again as there are turns: on a machine that is never quiet there must be an end.
    while (turn.isNoisy() && contender.thrownOut < 2 * plan.turns()) {
      contender.thrownOut++;
      turn = turn(contender, recorded, lengthNs);
    }
    plan.narrator()
        .accept(
            String.format(
                Locale.ROOT,
                "  %-7s %-13s %6.2f us a packet, p99 %6.2f ms, lost %.2f %%%s",
                contender.server.name(),
                recorded ? "recorded" : "not recorded",
                turn.cpuUs(),
                turn.p99Ns() / 1e6,
                100 * turn.lost(),
                turn.isNoisy() ? ", noisy" : ""));
    return turn;
  }

  private Turn turn(Contender contender, boolean recorded, long lengthNs)
      throws IOException, InterruptedException {
    List<Long> others =
        contenders.stream()
            .filter(other -> other != contender)
            .map(other -> other.server.pid())
            .toList();
    Turn turn;
    try (Standstill _ = Standstill.of(others)) {
      TalkTurn talk = recorded ? contender.on : contender.off;
      turn = talk.run(lengthNs, FRAME_NS, () -> othersNs(contender));
    }
    Thread.sleep(CATCH_UP_MS);
    if (recorded) {
      contender.recordedSeconds += lengthNs / 1e9;
    }
    return turn;
  }

  private long othersNs(Contender contender) {
    return plan.serverCpu() < 0
        ? 0
        : CpuTime.ofProcessor(plan.serverCpu()).totalNs()
            - CpuTime.ofProcess(contender.server.pid()).totalNs();
  }

  private Result processed(Contender janus, Path files) throws IOException, InterruptedException {
    JanusPostProcessing.Result done = JanusPostProcessing.run(files, prefix);
    int calls = plan.shape().rooms();
    plan.narrator().accept("janus-pp-rec has made " + done.files() + " tracks");
    boolean complete = done.files() >= calls * plan.shape().talkers();
    return result(janus, done.cpuNs() / janus.recordedSeconds / calls, complete);
  }

  private static Result result(Contender contender, double processingNs, boolean complete) {
    return new Result(
        contender.server.name(),
        contender.server.version(),
        List.copyOf(contender.turnsOff),
        List.copyOf(contender.turnsOn),
        contender.thrownOut,
        processingNs,
        complete);
  }

  /** Every recorded room has a recording in which nothing that was said is missing. */
  private boolean isComplete(Path recordings) throws IOException {
    int whole = 0;
    try (Stream<Path> files = Files.walk(recordings)) {
      for (Path file : files.filter(path -> path.endsWith("call.json")).toList()) {
        @Nullable JsonNode score =
            new ObjectMapper().readTree(file.toFile()).path("completeness").get("score");
        if (score != null && score.asDouble() == 1) {
          whole++;
        } else {
          plan.narrator().accept("not complete: " + file + ", score " + score);
        }
      }
    }
    return whole == plan.shape().rooms();
  }
}
