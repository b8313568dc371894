package parley.load.bench.rehearsal;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import parley.load.bench.BenchFolder;
import parley.load.bench.media.Leg;
import parley.load.bench.media.LocalAddress;
import parley.load.bench.media.Part;
import parley.load.bench.media.Played;
import parley.load.bench.media.Swarm;
import parley.load.bench.media.Talked;
import parley.load.bench.mix.Chorus;
import parley.load.bench.server.Arrival;
import parley.load.bench.server.Pace;
import parley.load.bench.server.ParleyServer;
import parley.load.bench.server.Party;
import parley.load.bench.server.Shape;
import picocli.CommandLine.Command;

/**
 * What {@code parley train} has a node do while its JVM takes notes (JEP 514, 515): people join,
 * many talk, and one room is mixed.
 */
@Command(
    name = "rehearse",
    hidden = true,
    mixinStandardHelpOptions = true,
    description = "Has a node of its own carry a minute of calls, so that its JVM can take notes.")
public final class RehearseCommand implements Callable<Integer> {

  /** 50 packets a second. */
  private static final long FRAME_NS = 20_000_000L;

  private static final int PATIENCE_S = 60;

  /** Joins, and forwarding in calls of two. */
  private static final Shape PAIRS = new Shape(100, 2, 2, 1);

  /** The first room gets larger: everybody in it talks, and everybody hears so many. */
  private static final Shape GROUP = new Shape(1, 30, 30, 16);

  private static final int FORWARDED = 0;

  /** The second one, too: clients with a single section. */
  private static final Shape MIXED = new Shape(1, 12, 12, 1);

  private static final int MIXED_ROOM = 1;
  private static final int SPEAKERS = 3;
  private static final double SECONDS = 10;

  /** A mixer works 50 times a second, whoever is there: it takes time until that is often. */
  private static final double MIXED_SECONDS = 20;

  private static final int JOINS_PER_SECOND = 20;

  @Override
  public Integer call() throws IOException, InterruptedException {
    try (BenchFolder folder = BenchFolder.create();
        Swarm swarm = new Swarm(LocalAddress.find());
        ParleyServer server =
            new ParleyServer(
                folder.path(),
                swarm.address(),
                new Shape(PAIRS.rooms(), GROUP.people(), GROUP.people(), GROUP.heard()),
                List.of(),
                Pace.even(JOINS_PER_SECOND))) {
      Party pairs = server.invite(PAIRS, swarm);
      List<Leg> all = pairs.seats().stream().map(seat -> seat.uplink()).toList();
      Talked _ = await(swarm.talk(all, packets(SECONDS / 2), FRAME_NS));
      List<Leg> group = enter(server, swarm, GROUP, FORWARDED);
      Talked _ = await(swarm.talk(group, packets(SECONDS), FRAME_NS));
      List<Leg> choir = enter(server, swarm, MIXED, MIXED_ROOM);
      Chorus chorus = new Chorus(choir.size(), SPEAKERS, MIXED_SECONDS);
      List<Part> parts = new ArrayList<>();
      for (int i = 0; i < choir.size(); i++) {
        parts.add(new Part(choir.get(i), chorus.voices().get(i)));
      }
      Played _ = await(swarm.play(parts, packets(MIXED_SECONDS), false));
    }
    return 0;
  }

  /** Those who are not there yet. */
  private static List<Leg> enter(ParleyServer server, Swarm swarm, Shape shape, int room)
      throws IOException {
    List<Leg> legs = new ArrayList<>();
    for (int person = PAIRS.people(); person < shape.people(); person++) {
      Arrival arrival = server.expect(shape, swarm, room, person);
      try {
        arrival.begin().run();
      } catch (Exception e) {
        throw new IOException("person %d of room %d did not get in".formatted(person, room), e);
      }
      legs.add(arrival.leg());
    }
    return legs;
  }

  private static int packets(double seconds) {
    return (int) (seconds * 1_000_000_000L / FRAME_NS);
  }

  private static <T> T await(CompletableFuture<T> future) throws IOException, InterruptedException {
    try {
      return future.get(PATIENCE_S, TimeUnit.SECONDS);
    } catch (ExecutionException | TimeoutException e) {
      throw new IOException("the rehearsal broke off", e);
    }
  }
}
