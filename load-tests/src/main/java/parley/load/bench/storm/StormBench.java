package parley.load.bench.storm;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import parley.load.bench.kernel.CpuTime;
import parley.load.bench.kernel.Processors;
import parley.load.bench.media.Leg;
import parley.load.bench.media.Swarm;
import parley.load.bench.media.Talked;
import parley.load.bench.server.Arrival;
import parley.load.bench.server.JanusServer;
import parley.load.bench.server.Pace;
import parley.load.bench.server.ParleyServer;
import parley.load.bench.server.Party;
import parley.load.bench.server.Shape;
import parley.load.bench.server.Welcoming;

/** One server: many people come at once in rooms of two, then single ones to somebody who talks. */
final class StormBench {

  /** 50 packets a second. */
  private static final long FRAME_NS = 20_000_000L;

  /** The one who talks does so for two seconds for each who comes: longer than any server needs. */
  private static final int TALK_PACKETS = 100;

  private static final int PATIENCE_S = 30;
  private static final int SINGLE_PACE = 10;

  /**
   * Those who come first come slowly and do not count: a JVM compiles what it has done some hundred
   * times, which a server that has been running for a day has behind it.
   */
  private static final int SLOW_SECONDS = 10;

  /**
   * What is to be measured.
   *
   * @param seconds that people come for
   * @param singles who come one by one
   * @param serverCpu the servers' processor; -1: any
   */
  record Plan(
      int joinsPerSecond, int seconds, int singles, int serverCpu, Consumer<String> narrator) {}

  private final Plan plan;
  private final Swarm swarm;
  private final Path folder;

  StormBench(Plan plan, Swarm swarm, Path folder) {
    this.plan = plan;
    this.swarm = swarm;
    this.folder = folder;
  }

  /** Null when that server cannot be had here. */
  @Nullable StormResult run(String name) throws IOException, InterruptedException {
    Pace storm = new Pace(plan.joinsPerSecond(), SLOW_SECONDS * plan.joinsPerSecond() / 4);
    int people = plan.joinsPerSecond() * plan.seconds() + storm.slowFirst();
    Shape crowd = new Shape(people / 2, 2, 2, 1);
    plan.narrator()
        .accept(
            "%s: %d people come, %d a second after the first %d"
                .formatted(name, people, storm.perSecond(), storm.slowFirst()));
    Party party;
    CpuTime spent;
    try (Welcoming server = start(name, crowd, storm)) {
      if (server == null) {
        return null;
      }
      CpuTime before = CpuTime.ofProcess(server.pid());
      party = server.invite(crowd, swarm);
      spent = CpuTime.ofProcess(server.pid()).minus(before);
      dismiss(party);
    }
    plan.narrator().accept(name + ": " + plan.singles() + " people come one by one");
    Shape room = new Shape(1, 2 + plan.singles(), 1, 1);
    try (Welcoming server = start(name, room, Pace.even(SINGLE_PACE))) {
      if (server == null) {
        return null;
      }
      Arrivals all = new Arrivals(party.setupNs());
      return new StormResult(
          name,
          server.version(),
          server.readyNs() / 1e6,
          plan.joinsPerSecond(),
          party.joinsPerSecond(),
          all.before(storm.slowFirst()),
          all.after(storm.slowFirst()),
          spent.totalNs() / 1e6 / people,
          singles(server, room));
    }
  }

  private Arrivals singles(Welcoming server, Shape room) throws IOException, InterruptedException {
    Party first = server.invite(new Shape(1, 2, 2, 1), swarm);
    List<Leg> talker = List.of(first.seats().getFirst().uplink());
    long[] waitsNs = new long[plan.singles()];
    for (int i = 0; i < waitsNs.length; i++) {
      Arrival arrival = server.expect(room, swarm, 2 + i);
      CompletableFuture<Talked> talk = swarm.talk(talker, TALK_PACKETS, FRAME_NS);
      long beginNs = System.nanoTime();
      try {
        arrival.begin().run();
        waitsNs[i] = arrival.leg().firstVoice().get(PATIENCE_S, TimeUnit.SECONDS) - beginNs;
        Talked _ = talk.get(PATIENCE_S, TimeUnit.SECONDS);
      } catch (InterruptedException e) {
        throw e;
      } catch (ExecutionException | TimeoutException e) {
        throw new IOException("person %d heard nothing".formatted(i + 1), e);
      } catch (Exception e) {
        throw new IOException("person %d did not get in".formatted(i + 1), e);
      }
      arrival.leg().close();
    }
    dismiss(first);
    return new Arrivals(waitsNs);
  }

  private static void dismiss(Party party) {
    party
        .seats()
        .forEach(
            seat -> {
              seat.uplink().close();
              if (seat.downlink() != seat.uplink()) {
                seat.downlink().close();
              }
            });
  }

  private @Nullable Welcoming start(String name, Shape shape, Pace pace)
      throws IOException, InterruptedException {
    List<String> prefix = plan.serverCpu() < 0 ? List.of() : Processors.only(plan.serverCpu());
    Path own = Files.createTempDirectory(folder, name);
    return switch (name) {
      case "parley" -> new ParleyServer(own, swarm.address(), shape, prefix, pace);
      case "janus" -> JanusServer.start(own, prefix, pace);
      default -> throw new IllegalArgumentException("no such server: " + name);
    };
  }
}
