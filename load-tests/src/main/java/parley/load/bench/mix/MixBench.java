package parley.load.bench.mix;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import parley.load.bench.flame.Profile;
import parley.load.bench.kernel.CompilerTime;
import parley.load.bench.kernel.CpuTime;
import parley.load.bench.kernel.ProcessStatus;
import parley.load.bench.kernel.Processors;
import parley.load.bench.media.Leg;
import parley.load.bench.media.Part;
import parley.load.bench.media.Played;
import parley.load.bench.media.Swarm;
import parley.load.bench.media.Voice;
import parley.load.bench.server.Bridge;
import parley.load.bench.server.JanusBridge;
import parley.load.bench.server.ParleyBridge;

/**
 * Servers that mix, for one room or several at a time. They take turns; Janus is empty between its
 * own, for it mixes for whoever is in a room even while nobody sends.
 */
final class MixBench {

  private static final int JOINS_PER_SECOND = 50;

  /**
   * Who warm the JVM up: it compiles what has run so many times, which a server that has been
   * running for an hour has behind it.
   */
  private static final int CROWD = 50;

  /** After the last one has joined: mixers start, jitter buffers fill. */
  private static final double SETTLE_SECONDS = 1.5;

  private static final long FRAME_NS = 20_000_000L;

  /** A look at whether the JVM is warm. */
  private static final double SLICE_SECONDS = 2;

  /**
   * Compilers that work less than this have done what matters: ten people take 4 % of a processor.
   */
  private static final double COMPILING = 0.002;

  /** So many in a row, for one look may fall between two steps of a compiler. */
  private static final int QUIET_SLICES = 5;

  /**
   * So long at least: what is done once in 20 ms, however many people there are, is compiled for
   * good after 5000 times, that is after 100 s.
   */
  private static final double LEAST_SECONDS = 110;

  /**
   * What is to be measured.
   *
   * @param rooms that are there at once, all alike
   * @param warmUpSeconds that Parley runs with a crowd, and then with those who are measured
   * @param mostSeconds that it runs on with these, until its compilers have next to nothing to do
   * @param peers whether Janus takes part
   * @param profile where a flame graph of Parley is to be drawn; null: nowhere
   */
  record Plan(
      int rooms,
      int turns,
      double turnSeconds,
      double warmUpSeconds,
      double mostSeconds,
      boolean peers,
      int serverCpu,
      @Nullable Path profile,
      Consumer<String> narrator) {}

  /** One server in all rooms of a size. */
  record Result(
      String server, String version, List<MixTurn> turns, int thrownOut, long bytesEach) {}

  private static final class Contender {
    final Bridge bridge;
    final List<MixTurn> turns = new ArrayList<>();
    int thrownOut;
    long idleBytes;
    long fullBytes;

    /** Those who stay from turn to turn. */
    List<Part> parts = List.of();

    Contender(Bridge bridge) {
      this.bridge = bridge;
      idleBytes = ProcessStatus.residentBytes(bridge.pid());
    }
  }

  private final Plan plan;
  private final Swarm swarm;
  private final Path folder;

  MixBench(Plan plan, Swarm swarm, Path folder) {
    this.plan = plan;
    this.swarm = swarm;
    this.folder = folder;
  }

  List<Result> run(int people, int speakers) throws IOException, InterruptedException {
    Chorus chorus = new Chorus(people, speakers, plan.turnSeconds());
    List<Contender> contenders = new ArrayList<>();
    try {
      start(contenders, people);
      for (Contender contender : contenders) {
        if (!contender.bridge.isBusyWhenIdle()) { // Parley, the only one on a JVM
          warmUp(contender, chorus, speakers);
        }
      }
      for (int i = 0; i < plan.turns(); i++) {
        for (Contender contender : contenders) {
          measure(contender, chorus);
        }
      }
      profile(contenders.getFirst(), chorus);
      return contenders.stream().map(contender -> result(contender, people)).toList();
    } finally {
      contenders.forEach(contender -> contender.bridge.close());
    }
  }

  /** A crowd in another room first, then those who are measured. */
  private void warmUp(Contender contender, Chorus chorus, int speakers)
      throws IOException, InterruptedException {
    if (chorus.voices().size() < CROWD) {
      Chorus crowd = new Chorus(CROWD, speakers, plan.turnSeconds());
      List<Part> parts = enter(contender, plan.rooms(), crowd);
      Played _ = await(swarm.play(parts, packets(plan.warmUpSeconds()), true));
      contender.bridge.dismiss();
    }
    contender.parts = enterAll(contender, chorus);
    Played _ = await(swarm.play(contender.parts, packets(plan.warmUpSeconds()), true));
    settle(contender);
  }

  /** Until its compilers have done what they do for so many people. */
  private void settle(Contender contender) throws IOException, InterruptedException {
    int quiet = 0;
    int slices = 0;
    double share = 0;
    while ((quiet < QUIET_SLICES || slices * SLICE_SECONDS < LEAST_SECONDS)
        && slices * SLICE_SECONDS < plan.mostSeconds()) {
      long before = CompilerTime.ofProcess(contender.bridge.pid());
      Played _ = await(swarm.play(contender.parts, packets(SLICE_SECONDS), true));
      long spentNs = Math.max(0, CompilerTime.ofProcess(contender.bridge.pid()) - before);
      share = spentNs / 1e9 / SLICE_SECONDS;
      quiet = share < COMPILING ? quiet + 1 : 0;
      slices++;
    }
    plan.narrator()
        .accept(
            String.format(
                Locale.ROOT,
                "  after %.0f s more its compilers work %.1f %% of the time",
                slices * SLICE_SECONDS,
                100 * share));
  }

  private List<Part> enterAll(Contender contender, Chorus chorus)
      throws IOException, InterruptedException {
    List<Part> parts = new ArrayList<>();
    for (int room = 0; room < plan.rooms(); room++) {
      parts.addAll(enter(contender, room, chorus));
    }
    return parts;
  }

  private List<Part> enter(Contender contender, int room, Chorus chorus)
      throws IOException, InterruptedException {
    List<Voice> voices = chorus.voices();
    List<Leg> legs = contender.bridge.invite(swarm, room, voices.size(), true);
    List<Part> parts = new ArrayList<>();
    for (int i = 0; i < legs.size(); i++) {
      parts.add(new Part(legs.get(i), voices.get(i)));
    }
    return parts;
  }

  private Result result(Contender contender, int people) {
    return new Result(
        contender.bridge.name(),
        contender.bridge.version(),
        List.copyOf(contender.turns),
        contender.thrownOut,
        (contender.fullBytes - contender.idleBytes) / (plan.rooms() * people));
  }

  private void start(List<Contender> contenders, int people)
      throws IOException, InterruptedException {
    List<String> prefix = plan.serverCpu() < 0 ? List.of() : Processors.only(plan.serverCpu());
    Path own = Files.createTempDirectory(folder, "parley");
    contenders.add(
        new Contender(
            new ParleyBridge(
                own,
                swarm.address(),
                plan.rooms() + 1,
                Math.max(people, CROWD),
                prefix,
                JOINS_PER_SECOND,
                Bridge.TalkSink.NONE)));
    for (int rateHz : plan.peers() ? new int[] {48_000, 16_000} : new int[0]) {
      Bridge janus =
          JanusBridge.start(
              "janus " + rateHz / 1000 + " kHz",
              Files.createTempDirectory(folder, "janus"),
              Collections.nCopies(plan.rooms(), new JanusBridge.Room(rateHz)),
              prefix,
              JOINS_PER_SECOND,
              Bridge.TalkSink.NONE);
      if (janus != null) {
        contenders.add(new Contender(janus));
      }
    }
  }

  private void measure(Contender contender, Chorus chorus)
      throws IOException, InterruptedException {
    MixTurn turn = turn(contender, chorus, plan.turnSeconds());
    // As often again as there are turns: on a machine that is never quiet there must be an end.
    while (turn.isNoisy() && contender.thrownOut < plan.turns()) {
      contender.thrownOut++;
      turn = turn(contender, chorus, plan.turnSeconds());
    }
    contender.turns.add(turn);
    plan.narrator()
        .accept(
            String.format(
                Locale.ROOT,
                "  %-13s %6.2f ms a participant and second, %d of %d heard the right tones%s",
                contender.bridge.name(),
                turn.cpuMs(),
                turn.contented(),
                turn.people(),
                turn.isNoisy() ? ", noisy" : ""));
  }

  /** One more turn of Parley's, not counted, in which its stacks are sampled. */
  private void profile(Contender parley, Chorus chorus) throws IOException, InterruptedException {
    Path file = plan.profile();
    if (file != null) {
      new Profile(file, folder)
          .of(
              parley.bridge.pid(),
              "Parley mixing for %d rooms of %d".formatted(plan.rooms(), chorus.voices().size()),
              "a participant and 20 ms",
              () -> turn(parley, chorus, plan.turnSeconds()).cpuMs() * FRAME_NS / 1e6,
              plan.narrator());
    }
  }

  private MixTurn turn(Contender contender, Chorus chorus, double seconds)
      throws IOException, InterruptedException {
    boolean visit = contender.bridge.isBusyWhenIdle();
    List<Part> parts = visit ? enterAll(contender, chorus) : contender.parts;
    List<Leg> legs = parts.stream().map(Part::leg).toList();
    Played _ = await(swarm.play(parts, packets(SETTLE_SECONDS), true));
    CpuTime before = CpuTime.ofProcess(contender.bridge.pid());
    long otherBefore = othersNs(contender);
    long beginNs = System.nanoTime();
    Played played = await(swarm.play(parts, packets(seconds), true));
    long windowNs = System.nanoTime() - beginNs;
    CpuTime spent = CpuTime.ofProcess(contender.bridge.pid()).minus(before);
    long othersNs = Math.max(0, othersNs(contender) - otherBefore);
    contender.fullBytes = ProcessStatus.residentBytes(contender.bridge.pid());
    List<List<byte[]>> heard = await(swarm.keptBy(legs));
    int contented = 0;
    for (int room = 0; room < plan.rooms(); room++) {
      int people = chorus.voices().size();
      contented += chorus.contented(heard.subList(room * people, (room + 1) * people));
    }
    if (visit) {
      contender.bridge.dismiss();
    }
    return new MixTurn(
        legs.size(),
        contented,
        spent.userNs(),
        spent.systemNs(),
        windowNs,
        othersNs,
        played.heard(),
        played.latestNs());
  }

  private static int packets(double seconds) {
    return (int) (seconds * 1_000_000_000L / FRAME_NS);
  }

  /** What the servers' processor did for anybody but the one under test. */
  private long othersNs(Contender contender) {
    return plan.serverCpu() < 0
        ? 0
        : CpuTime.ofProcessor(plan.serverCpu()).totalNs()
            - CpuTime.ofProcess(contender.bridge.pid()).totalNs();
  }

  private static <T> T await(CompletableFuture<T> future) throws IOException, InterruptedException {
    try {
      return future.get(2, TimeUnit.MINUTES);
    } catch (ExecutionException | TimeoutException e) {
      throw new IOException("the generator failed", e);
    }
  }
}
