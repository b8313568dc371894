package parley.load.soak;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.ToDoubleFunction;
import parley.load.bench.Machine;
import parley.load.report.Chart;
import parley.load.report.Judged;
import parley.load.report.Outcome;
import parley.load.report.Sample;
import parley.load.report.Series;
import parley.load.run.LoadRun;
import parley.load.run.Site;
import parley.load.run.Telling;
import parley.load.scenario.Scenario;
import parley.load.server.ParleyProcess;
import parley.signalling.settings.SettingsException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code parley soak}. */
@Command(
    name = "soak",
    mixinStandardHelpOptions = true,
    description = {
      "Hours of churn on a Parley of its own: people ring, decline, join, leave, change networks,"
          + " and half of the calls are recorded. In the first quarter, 15 minutes at most, so"
          + " many calls are made that the machine's processors are as busy as wanted; then their"
          + " number stays. Once a minute the server's heap is collected and its figures are told:"
          + " heap, direct memory, files, UDP ports, threads, set-up time. In the end it says of"
          + " each whether it has grown since the number of calls stays.%n",
      "Exit code: 0; 1 when one grows, or a join failed."
    })
public final class SoakCommand implements Callable<Integer> {

  /** The scenario at all its load would take several machines like this one. */
  private static final double MOST_CALLS = 8;

  private static final double FIRST_LEVEL = 0.12;

  private final List<Minute> minutes = new ArrayList<>();

  @Spec private CommandSpec spec;

  @Option(
      names = "--minutes",
      paramLabel = "N",
      defaultValue = "120",
      description = "How long (default: ${DEFAULT-VALUE}).")
  private int length;

  @Option(
      names = "--cpu",
      paramLabel = "PERCENT",
      defaultValue = "60",
      description =
          "How busy the machine's processors are to be by server and generator together (default:"
              + " ${DEFAULT-VALUE}).")
  private int cpu;

  @Mixin private Telling telling = new Telling();

  private long joins;
  private long errors;
  private double busyS;
  private double busyOverS;
  private double lastSampleS;
  private double nextMinuteS;

  @Override
  public Integer call() throws IOException, InterruptedException, SettingsException {
    if (length < Timetable.SHORTEST || cpu < 1 || cpu > 95) {
      throw new ParameterException(
          spec.commandLine(),
          "--minutes is " + Timetable.SHORTEST + " at least, --cpu is from 1 to 95");
    }
    Timetable timetable = Timetable.of(length);
    Scenario scenario = Scenario.find("churn").scaled(MOST_CALLS).lasting(60 * length);
    Thermostat thermostat = new Thermostat(cpu / 100.0, FIRST_LEVEL);
    System.err.println("starting a Parley of its own …");
    try (Site site = Site.own(scenario, List.of(ProcessFigures.NATIVE_MEMORY_TRACKING));
        LoadRun run = new LoadRun(scenario, site, telling.seed())) {
      ParleyProcess server = site.process();
      if (server == null) {
        throw new IllegalStateException("a site of its own has a process");
      }
      long pid = server.pid();
      run.signIn();
      System.out.println(Minute.head());
      nextMinuteS = 60;
      run.run(
          atS -> {
            if (atS >= 60 * timetable.frozenAt()) {
              thermostat.freeze();
            }
            return thermostat.level();
          },
          sample -> onSample(sample, run, pid, thermostat));
      return tell(run, timetable, thermostat.level());
    }
  }

  private void onSample(Sample sample, LoadRun run, long pid, Thermostat thermostat) {
    double tookS = sample.atS() - lastSampleS;
    lastSampleS = sample.atS();
    double busyCores = sample.serverCores() + sample.generatorCores();
    busyS += busyCores * tookS;
    busyOverS += tookS;
    thermostat.onBusy(busyCores / processors());
    joins += sample.joins();
    errors += sample.errorCount();
    if (sample.atS() >= nextMinuteS && sample.calls() > 0) {
      nextMinuteS += 60;
      Minute minute =
          new Minute(
              sample.atS() / 60,
              sample.calls(),
              sample.people(),
              100 * busyS / busyOverS / processors(),
              joins,
              run.takeSetUpP99Ms(),
              figures(pid),
              errors);
      minutes.add(minute);
      System.out.println(minute.text());
      busyS = 0;
      busyOverS = 0;
      joins = 0;
    }
  }

  private static int processors() {
    return Runtime.getRuntime().availableProcessors();
  }

  private static ProcessFigures figures(long pid) {
    try {
      return ProcessFigures.of(pid);
    } catch (IOException e) {
      throw new IllegalStateException("the server cannot be looked at", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }

  private int tell(LoadRun run, Timetable timetable, double level) throws IOException {
    List<Minute> settled = timetable.judged(minutes);
    List<Verdict> verdicts = Verdict.of(settled);
    String load =
        String.format(
            Locale.ROOT,
            "the same from minute %.1f on, %.0f %% of the scenario's: %.0f people, busy %.0f %%",
            timetable.frozenAt(),
            100 * level,
            mean(settled, Minute::people),
            mean(settled, Minute::busyPercent));
    System.out.printf("judged: the last %d of %d minutes%n", settled.size(), minutes.size());
    System.out.println("load: " + load);
    verdicts.forEach(verdict -> System.out.println(verdict.text()));
    Map<String, String> facts = new LinkedHashMap<>();
    facts.put("Minutes", minutes.size() + ", of which the last " + settled.size() + " are judged");
    facts.put("Load", load);
    facts.put("Busy", "wanted: " + cpu + " % of all processors, server and generator together");
    verdicts.forEach(verdict -> facts.put("Trend: " + verdict.what(), verdict.text()));
    facts.put("Seed", Long.toString(telling.seed()));
    facts.put("This machine", Machine.describe());
    Outcome ran = run.outcome(telling.startedAt(), facts);
    List<Judged> figures = new ArrayList<>(verdicts.stream().map(Verdict::judged).toList());
    figures.addAll(ran.figures());
    Outcome outcome = ran.with("Soak", figures, charts());
    telling.tell(outcome);
    boolean failed =
        ran.figures().stream()
            .anyMatch(figure -> figure.what().equals("joins that failed") && figure.value() > 0);
    return verdicts.stream().allMatch(Verdict::flat) && settled.size() >= 3 && !failed ? 0 : 1;
  }

  private static double mean(List<Minute> some, ToDoubleFunction<Minute> value) {
    return some.stream().mapToDouble(value).average().orElse(0);
  }

  private List<Chart> charts() {
    return List.of(
        chart("Heap after a full collection, MB", minute -> minute.figures().heapMb()),
        chart("Direct memory, MB", minute -> minute.figures().directMb()),
        chart("Open files and sockets", minute -> minute.figures().files()),
        chart("Threads", minute -> minute.figures().threads()),
        chart("UDP ports", minute -> minute.figures().udpPorts()),
        chart("Set-up time of each minute, 99 %, ms", Minute::setUpP99Ms));
  }

  private Chart chart(String title, ToDoubleFunction<Minute> value) {
    return new Chart(
        title,
        minutes.stream().map(minute -> 60 * minute.at()).toList(),
        List.of(new Series("", minutes.stream().mapToDouble(value).boxed().toList(), 1)));
  }
}
