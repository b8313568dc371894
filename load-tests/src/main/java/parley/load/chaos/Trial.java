package parley.load.chaos;

import java.io.IOException;
import java.net.http.HttpClient;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import parley.load.bench.media.Swarm;

/**
 * A cluster with people who talk on it, to which things are done: one after the other, each when
 * all is well again. Owned by one thread.
 */
final class Trial implements AutoCloseable {

  /**
   * How it is to be.
   *
   * @param team who takes part, in which groups
   * @param leaseMs of the nodes
   * @param natsAwayS how long NATS is away
   * @param cutS how long a node is cut off
   */
  record Plan(ChaosTeam team, int leaseMs, int natsAwayS, int cutS) {}

  /** Seats are kept for 30 s for those who do not come back; then all has to be well. */
  private static final Duration HEALED_IN = Duration.ofSeconds(45);

  private static final long LOOK_NS = TimeUnit.MILLISECONDS.toNanos(250);

  /** Three nodes, NATS and everybody's first offer. */
  private static final Duration BEGUN_IN = Duration.ofSeconds(60);

  private final Plan plan;
  private final Random random;
  private final HttpClient http = HttpClient.newHttpClient();
  private final Swarm swarm = new Swarm("127.0.0.1");
  private final Cluster cluster;
  private final Silences silences;
  private final List<Somebody> people = new ArrayList<>();
  private final Inspection inspection;

  /**
   * @param folder for everything that is written
   */
  Trial(Plan plan, Path folder, Random random) throws IOException, InterruptedException {
    this.plan = plan;
    this.random = random;
    ChaosTeam team = plan.team();
    this.silences = new Silences(team.people());
    swarm.listen(silences);
    try {
      cluster = new Cluster(folder, team, plan.leaseMs());
    } catch (IOException | RuntimeException | Error e) {
      swarm.close();
      http.shutdownNow();
      throw e;
    }
    for (int i = 0; i < team.people(); i++) {
      Place home = cluster.places.get(i % Cluster.NODES);
      var somebody = new Somebody(i, home, cluster, team, swarm, silences, http, random.nextLong());
      people.add(somebody);
      somebody.begin();
    }
    this.inspection = new Inspection(cluster, team, people, silences, http);
  }

  Cluster cluster() {
    return cluster;
  }

  /** The call of a group as its people know it. */
  String uid(int group) {
    return people.stream()
        .filter(each -> each.group() == group && each.wants())
        .map(Somebody::uid)
        .findFirst()
        .orElse("");
  }

  /** Everybody comes. Returns what is still wrong after a minute; empty: nothing. */
  List<String> begin() throws InterruptedException {
    people.forEach(each -> each.wants(true));
    return settle(BEGUN_IN).faults();
  }

  /** Everybody goes. Returns what is still wrong then. */
  List<String> finish() throws InterruptedException {
    people.forEach(each -> each.wants(false));
    return settle(HEALED_IN).faults();
  }

  /** Somebody goes, or comes back; so that not all calls are always the same. */
  void stir() {
    Somebody who = people.get(random.nextInt(people.size()));
    who.wants(!who.wants() || random.nextInt(3) > 0);
  }

  /** Does this, waits until all is well again, and says what it cost. */
  Incident suffer(Set<Fault> faults) throws IOException, InterruptedException {
    people.forEach(Somebody::goHome);
    settle(HEALED_IN);
    silences.forget();
    int lostBefore = lost();
    List<Somebody> concerned = new ArrayList<>();
    long beganNs = System.nanoTime();
    List<Step> steps = new ArrayList<>();
    for (Fault fault : faults) {
      steps.add(step(fault, concerned));
    }
    List<Place> gone = new ArrayList<>();
    for (Step step : steps) {
      step.begin(gone);
    }
    for (Step step : steps) {
      step.end();
    }
    for (Place place : gone) {
      place.start();
    }
    Inspection.Found found = settle(HEALED_IN);
    long nowNs = System.nanoTime();
    List<Double> silent =
        concerned.stream()
            .distinct()
            .filter(Somebody::wants)
            .map(each -> silences.silentMs(each.number, beganNs, nowNs))
            .toList();
    return new Incident(
        String.join(" + ", faults.stream().map(Fault::word).toList()),
        silent,
        (nowNs - beganNs) / 1e6,
        lost() - lostBefore,
        found.ghosts(),
        found.doubleOwners(),
        found.faults());
  }

  private int lost() {
    return people.stream().mapToInt(each -> each.lost.get()).sum();
  }

  /** Waits until nothing is wrong, or the time is up. */
  private Inspection.Found settle(Duration deadline) throws InterruptedException {
    long untilNs = System.nanoTime() + deadline.toNanos();
    while (true) {
      boolean areHome = people.stream().noneMatch(Somebody::isGoingHome);
      Inspection.Found found = inspection.look();
      if (areHome && found.isClean() || System.nanoTime() > untilNs) {
        return found;
      }
      LockSupport.parkNanos(LOOK_NS);
    }
  }

  /** One thing that is done: it begins, maybe lasts, and ends. */
  private interface Step {
    /** Adds the nodes that have to be started again afterwards. */
    void begin(List<Place> gone) throws IOException;

    default void end() throws IOException {}
  }

  private Step step(Fault fault, List<Somebody> concerned) {
    return switch (fault) {
      case OWNER -> {
        Place place = owner();
        concerned.addAll(on(place));
        yield gone -> end(place, gone, Place::kill);
      }
      case SOCKETS -> {
        Place place = noOwner();
        concerned.addAll(on(place));
        yield gone -> end(place, gone, Place::kill);
      }
      case DRAIN -> {
        Place place = owner();
        concerned.addAll(on(place));
        yield gone -> end(place, gone, Place::drain);
      }
      case UPGRADE -> {
        concerned.addAll(people);
        yield gone -> upgrade();
      }
      case NATS -> {
        concerned.addAll(people);
        yield new Step() {
          @Override
          public void begin(List<Place> gone) {
            cluster.nats.kill();
          }

          @Override
          public void end() throws IOException {
            pass(plan.natsAwayS());
            cluster.nats.start();
          }
        };
      }
      case CUT -> {
        Place place = random.nextBoolean() ? owner() : noOwner();
        concerned.addAll(people);
        yield new Step() {
          @Override
          public void begin(List<Place> gone) {
            place.cable.cut();
          }

          @Override
          public void end() {
            pass(plan.cutS());
            place.cable.mend();
          }
        };
      }
    };
  }

  private static void end(Place place, List<Place> gone, Consumer<Place> how) {
    if (place.isUp()) {
      how.accept(place);
      gone.add(place);
    }
  }

  private void upgrade() {
    for (Place place : cluster.places) {
      if (place.isUp()) {
        place.drain();
        place.start();
        pass(1); // an operator waits until it is ready, and a little more
      }
    }
  }

  private static void pass(int seconds) {
    long untilNs = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
    while (System.nanoTime() < untilNs) {
      LockSupport.parkNanos(LOOK_NS);
    }
  }

  /** Those whose socket or whose media is there. */
  private List<Somebody> on(Place place) {
    return people.stream()
        .filter(each -> each.place() == place || each.mediaAddress().equals(place.address))
        .toList();
  }

  private long media(Place place) {
    return people.stream().filter(each -> each.mediaAddress().equals(place.address)).count();
  }

  private Place owner() {
    return cluster.places.stream().max(Comparator.comparingLong(this::media)).orElseThrow();
  }

  private Place noOwner() {
    return cluster.places.stream().min(Comparator.comparingLong(this::media)).orElseThrow();
  }

  /** A fault, or sometimes two at once. */
  Set<Fault> any() {
    Fault[] all = Fault.values();
    Set<Fault> chosen = EnumSet.of(all[random.nextInt(all.length)]);
    if (random.nextInt(4) == 0) {
      chosen.add(all[random.nextInt(all.length)]);
    }
    return chosen;
  }

  @Override
  public void close() throws IOException {
    for (Somebody each : people) {
      try {
        each.end();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
    cluster.close();
    swarm.close();
    http.shutdownNow();
  }
}
