package parley.load.run;

import java.io.IOException;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import parley.load.bench.Machine;
import parley.load.report.Judged;
import parley.load.report.Outcome;
import parley.load.scenario.BuiltIn;
import parley.load.scenario.CallPlan;
import parley.load.scenario.Scenario;
import parley.signalling.settings.SettingsException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code parley load}. */
@Command(
    name = "load",
    mixinStandardHelpOptions = true,
    description = {
      "Has people call each other as a scenario says, with real ICE, DTLS and SRTP: ring, answer,"
          + " decline, join, talk, change networks, leave. Prints what came of it: set-up time,"
          + " loss, latency, opinion score (MOS), errors by cause; as a page with --report.%n",
      "Without --url a Parley of its own is started on this machine, with the people that the"
          + " scenario takes; then server and generator share the processors, and the figures are"
          + " those of both.%n",
      "Exit code: 0; 1 when something was not as the scenario expects; 2 when the scenario or the"
          + " options are wrong."
    })
public final class LoadCommand implements Callable<Integer> {

  @Spec private CommandSpec spec;

  @Parameters(
      arity = "0..1",
      paramLabel = "SCENARIO",
      defaultValue = "quick-look",
      description = "A file, or one of --list (default: ${DEFAULT-VALUE}).")
  private String name = "";

  @Option(names = "--list", description = "Show the scenarios that come with Parley, and end.")
  private boolean list;

  @Option(
      names = "--print",
      description = "Print the scenario's file, to begin one's own with, and end.")
  private boolean print;

  @Option(
      names = "--url",
      paramLabel = "URL",
      description = "A server that runs already, like wss://calls.example.org; takes --people.")
  private @Nullable String url;

  @Option(
      names = "--people",
      paramLabel = "FILE",
      description = "Who may sign in there: YAML, people: [{team: UUID, token: TEXT}, …].")
  private @Nullable Path people;

  @Option(
      names = "--metrics",
      paramLabel = "URL",
      description = "That server's Prometheus endpoint, for its CPU and heap in the report.")
  private @Nullable String metrics;

  @Option(
      names = "--duration",
      paramLabel = "SECONDS",
      description = "Of all phases together; each is longer or shorter in proportion.")
  private int duration;

  @Option(
      names = "--scale",
      paramLabel = "PERCENT",
      defaultValue = "100",
      description = "So many of the scenario's calls (default: ${DEFAULT-VALUE}).")
  private int scale;

  @Mixin private Telling telling = new Telling();

  @Override
  public Integer call() throws IOException, InterruptedException {
    if (list) {
      return list();
    }
    try {
      Scenario scenario = Scenario.find(name);
      if (print) {
        System.out.print(
            BuiltIn.names().contains(name) ? BuiltIn.text(name) : Files.readString(Path.of(name)));
        return 0;
      }
      return run(adapted(scenario));
    } catch (SettingsException e) {
      System.err.println(e.getMessage());
      return 2;
    }
  }

  private static int list() {
    for (String each : BuiltIn.names()) {
      try {
        Scenario scenario = Scenario.find(each);
        System.out.printf("%-13s %s%n", each, scenario.about());
      } catch (SettingsException e) {
        throw new IllegalStateException(e);
      }
    }
    return 0;
  }

  private Scenario adapted(Scenario scenario) {
    if (duration < 0 || scale < 1 || (url == null) != (people == null)) {
      throw new ParameterException(
          spec.commandLine(),
          duration < 0
              ? "--duration is a number of seconds"
              : scale < 1 ? "--scale is 1 at least" : "--url and --people belong together");
    }
    Scenario scaled = scale == 100 ? scenario : scenario.scaled(scale / 100.0);
    return duration == 0 ? scaled : scaled.lasting(duration);
  }

  private int run(Scenario scenario) throws IOException, SettingsException, InterruptedException {
    try (HttpClient http = HttpClient.newHttpClient();
        Site site = site(scenario, http);
        LoadRun run = new LoadRun(scenario, site, telling.seed())) {
      System.err.printf("%d people sign in …%n", run.people());
      run.signIn();
      ProgressLine progress = new ProgressLine(scenario.lastsS());
      run.run(scenario::loadAt, progress::show);
      progress.end();
      return tell(run.outcome(telling.startedAt(), facts(scenario, run)));
    }
  }

  private Site site(Scenario scenario, HttpClient http)
      throws IOException, SettingsException, InterruptedException {
    if (url != null && people != null) {
      return Site.running(scenario, url, people, metrics, http);
    }
    System.err.println("starting a Parley of its own, for there is no --url …");
    return Site.own(scenario, List.of());
  }

  private Map<String, String> facts(Scenario scenario, LoadRun run) throws IOException {
    Map<String, String> facts = new LinkedHashMap<>();
    facts.put("People", Integer.toString(run.people()));
    facts.put("Duration", scenario.lastsS() + " s");
    facts.put(
        "Calls", String.join("; ", scenario.calls().stream().map(LoadCommand::text).toList()));
    facts.put("Voices a client can receive", Integer.toString(scenario.voices()));
    facts.put("Seed", Long.toString(telling.seed()));
    facts.put("This machine", Machine.describe());
    return facts;
  }

  private static String text(CallPlan plan) {
    return plan.direct()
        ? plan.atOnce() + " direct" + (plan.recorded() ? ", recorded" : "")
        : plan.atOnce()
            + " groups of "
            + plan.people()
            + ", "
            + plan.talkers()
            + " talk"
            + (plan.recorded() ? ", recorded" : "");
  }

  private int tell(Outcome outcome) throws IOException {
    outcome.figures().stream().map(Judged::text).forEach(System.out::println);
    telling.tell(outcome);
    return outcome.met() ? 0 : 1;
  }
}
