package parley.load.run;

import java.io.IOException;
import java.net.http.HttpClient;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import parley.load.bench.kernel.CpuTime;
import parley.load.bench.measure.LatencyHistogram;
import parley.load.bench.media.Swarm;
import parley.load.report.Outcome;
import parley.load.report.Sample;
import parley.load.scenario.NetworkPlan;
import parley.load.scenario.Phase;
import parley.load.scenario.Scenario;

/** One run of a scenario against one server. One thread. */
public final class LoadRun implements AutoCloseable {

  /** The largest number of points in a plot that can be told apart. */
  private static final int MOST_SAMPLES = 240;

  /** How often the number of calls is brought to what it should be. */
  private static final double STEP_S = 0.1;

  /** So many sign in at the same time: the accept queue of a server is not what is measured. */
  private static final int SIGNING_IN = 32;

  /** Longer than everybody takes to leave. */
  private static final int END_S = 60;

  /**
   * Browsers repeat a flight of the handshake after 50 ms at least, for ICE has shown the path
   * already, and twice as late each time. With the second that RFC 6347 begins with, four lost
   * datagrams take more time than anybody waits: on a bad network that befalls one join in a
   * hundred, and is no fault of the server's.
   */
  private static final int DTLS_RESEND_MS = 100;

  private final Scenario scenario;
  private final Site site;
  private final ExecutorService callbacks = Executors.newFixedThreadPool(2);
  private final HttpClient http = HttpClient.newBuilder().executor(callbacks).build();
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final Ledger ledger = new Ledger();
  private final Networks networks;
  private final Swarm swarm;
  private final Stage stage;
  private final List<Device> devices = new ArrayList<>();
  private final List<Planned> planned = new ArrayList<>();
  private final Totals totals = new Totals();
  private final boolean replaysHappen;
  private Vitals lastVitals = Vitals.UNKNOWN;
  private long lastOwnCpuNs;
  private long lastSampleNs;
  private LatencyHistogram setUpOfLate = new LatencyHistogram();

  /** How much of the load there is to be. */
  @FunctionalInterface
  public interface Level {
    /**
     * @param atS seconds from the beginning
     * @return 1: all
     */
    double at(double atS);
  }

  private record Planned(Cast cast, Calls calls) {}

  /**
   * @param seed of all that is random but keys: who calls whom, how long, who has which network
   */
  public LoadRun(Scenario scenario, Site site, long seed) {
    this.scenario = scenario;
    this.site = site;
    networks = new Networks(scenario.networks(), seed);
    swarm = new Swarm(site.address(), DTLS_RESEND_MS);
    Chatter chatter = new Chatter(swarm, scenario.talk(), scenario.voices(), seed);
    swarm.converse(chatter);
    stage = new Stage(swarm, chatter, networks, ledger, scenario.voices(), seed);
    // A packet that came twice is refused the second time, as it should be.
    replaysHappen =
        scenario.networks().stream().mapToDouble(NetworkPlan::duplicatePercent).sum() > 0;
    for (Cast cast : site.casts()) {
      planned.add(new Planned(cast, calls(cast)));
    }
  }

  private Calls calls(Cast cast) {
    if (cast.plan().direct()) {
      return new DirectCalls(stage, cast.plan(), devicesOf(cast.pool()), threads);
    }
    List<GroupCalls.Room> rooms = new ArrayList<>();
    for (Cast.Room room : cast.rooms()) {
      rooms.add(new GroupCalls.Room(room.chat(), devicesOf(room.people())));
    }
    return new GroupCalls(stage, cast.plan(), rooms, threads);
  }

  private List<Device> devicesOf(List<Member> members) {
    List<Device> made =
        members.stream().map(member -> new Device(http, site.url(), member, ledger)).toList();
    devices.addAll(made);
    return made;
  }

  /** How many people take part. */
  public int people() {
    return devices.size();
  }

  /**
   * Everybody signs in.
   *
   * @throws IOException when one cannot, with the reason: no figure would mean anything
   */
  public void signIn() throws IOException, InterruptedException {
    Semaphore door = new Semaphore(SIGNING_IN);
    for (Device device : devices) {
      door.acquire();
      threads.execute(
          () -> {
            try {
              device.connect();
            } catch (Failure e) {
              ledger.error(e.why());
            } catch (InterruptedException e) {
              Thread.currentThread().interrupt();
            } finally {
              door.release();
            }
          });
    }
    door.acquire(SIGNING_IN);
    Map<String, Long> errors = ledger.take().errors();
    if (!errors.isEmpty()) {
      throw new IOException(
          "not everybody could sign in at "
              + site.url()
              + ": "
              + String.join("; ", errors.keySet()));
    }
  }

  /**
   * Has everybody call until the last phase is over.
   *
   * @param level usually {@link Scenario#loadAt}
   * @param watcher is shown each interval
   */
  public void run(Level level, Consumer<Sample> watcher) throws InterruptedException {
    int lastsS = scenario.lastsS();
    int intervalS = Math.max(1, (lastsS + MOST_SAMPLES - 1) / MOST_SAMPLES);
    long startNs = System.nanoTime();
    lastSampleNs = startNs;
    lastVitals = site.vitals(http);
    lastOwnCpuNs = ownCpuNs();
    double nextSampleS = intervalS;
    for (double atS = 0; atS < lastsS; atS = (System.nanoTime() - startNs) / 1e9) {
      double load = level.at(atS);
      planned.forEach(each -> each.calls().keep(each.cast().plan().atOnce(load)));
      if (atS >= nextSampleS) {
        watcher.accept(sample(atS, scenario.phaseAt(nextSampleS - intervalS / 2.0)));
        nextSampleS += intervalS;
      }
      TimeUnit.NANOSECONDS.sleep((long) (STEP_S * 1e9));
    }
    watcher.accept(sample(lastsS, scenario.phases().getLast()));
    stage.over().countDown();
    planned.forEach(each -> each.calls().keep(0));
    for (double left = END_S; left > 0 && stage.calls().get() > 0; left -= STEP_S) {
      TimeUnit.NANOSECONDS.sleep((long) (STEP_S * 1e9));
    }
    if (stage.calls().get() > 0) {
      ledger.error("not everybody could leave within " + END_S + " s");
    }
    Phase leaving = new Phase("everybody leaves", 1, 0, 0, false);
    Sample last = sample((System.nanoTime() - startNs) / 1e9, leaving);
    if (last.errorCount() > 0) {
      watcher.accept(last);
    }
  }

  Totals totals() {
    return totals;
  }

  /** All that came of it. */
  public Outcome outcome(String startedAt, Map<String, String> facts) {
    return new Outcome(
        scenario.name(),
        scenario.about(),
        site.what(),
        startedAt,
        facts,
        totals.figures(scenario.expect()),
        totals.samples(),
        totals.mos(),
        totals.errors(),
        List.of());
  }

  /** Milliseconds that 99 of 100 joins took since this was last asked for; NaN: there was none. */
  public double takeSetUpP99Ms() {
    double p99Ms = Totals.ms(setUpOfLate, 0.99);
    setUpOfLate = new LatencyHistogram();
    return p99Ms;
  }

  private Sample sample(double atS, Phase phase) throws InterruptedException {
    Heard heard = heard();
    Ledger.Page page = ledger.take();
    Map<String, Long> errors = new TreeMap<>(page.errors());
    put(errors, "talk that somebody in the call did not hear", heard.unheard());
    put(errors, "packets that held something else than was sent", heard.changed());
    put(errors, "packets of another call, or of oneself", heard.misplaced());
    put(errors, "packets that were not authentic", replaysHappen ? 0 : heard.refused());
    long nowNs = System.nanoTime();
    double elapsedS = (nowNs - lastSampleNs) / 1e9;
    lastSampleNs = nowNs;
    Vitals vitals = site.vitals(http);
    long ownNs = ownCpuNs();
    double[] mos = heard.mos().stream().mapToDouble(Double::doubleValue).sorted().toArray();
    LatencyHistogram latency = heard.latency();
    Sample sample =
        new Sample(
            atS,
            phase.name(),
            !phase.warmUp(),
            stage.calls().get(),
            stage.people().get(),
            page.tried() - page.failed(),
            Totals.ms(page.setUp(), 0.5),
            Totals.ms(page.setUp(), 0.95),
            Totals.ms(page.setUp(), 0.99),
            Totals.ms(page.ring(), 0.95),
            heard.expected() == 0
                ? Double.NaN
                : Math.max(0, 100.0 * heard.lost() / heard.expected()),
            Totals.ms(latency, 0.5),
            Totals.ms(latency, 0.95),
            Totals.ms(latency, 0.99),
            mos.length == 0 ? Double.NaN : Arrays.stream(mos).average().orElseThrow(),
            mos.length == 0 ? Double.NaN : mos[(int) (0.05 * mos.length)],
            new LinkedHashMap<>(errors),
            (vitals.cpuS() - lastVitals.cpuS()) / elapsedS,
            vitals.residentMb(),
            vitals.heapMb(),
            (ownNs - lastOwnCpuNs) / 1e9 / elapsedS,
            Math.max(0, heard.lateNs() / 1e6));
    lastVitals = vitals;
    lastOwnCpuNs = ownNs;
    setUpOfLate.add(page.setUp());
    totals.add(sample, page, heard);
    return sample;
  }

  private static void put(Map<String, Long> errors, String cause, long times) {
    if (times > 0) {
      errors.put(cause, times);
    }
  }

  private Heard heard() throws InterruptedException {
    try {
      return stage.chatter().take().get(END_S, TimeUnit.SECONDS);
    } catch (ExecutionException | TimeoutException e) {
      throw new IllegalStateException("the generator's own thread does not answer", e);
    }
  }

  private static long ownCpuNs() {
    return CpuTime.ofProcess(ProcessHandle.current().pid()).totalNs();
  }

  @Override
  public void close() {
    stage.over().countDown();
    threads.shutdownNow();
    devices.forEach(Device::close);
    http.shutdownNow();
    callbacks.shutdownNow();
    networks.close();
    swarm.close();
  }
}
