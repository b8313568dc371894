package parley.load.chaos;

import java.io.IOException;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import parley.load.bench.BenchFolder;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code parley chaos}. */
@Command(
    name = "chaos",
    mixinStandardHelpOptions = true,
    description = {
      "Three nodes and a real NATS server on this machine, each node a process at a loopback"
          + " address of its own, and people in calls over all of them, with real ICE, DTLS and"
          + " SRTP, who talk all the time. For half an hour things go wrong at random: nodes are"
          + " killed, cut off, drained and upgraded, NATS dies, sometimes two at once. After each,"
          + " everybody has to hear everybody again, each call to have one owner, and every node to"
          + " see the same.%n",
      "With --faults, one kind after the other instead, in one call of four people.%n",
      "Exit code: 0 if everything healed, without ghosts and double owners; 1 if not."
    })
public final class ChaosCommand implements Callable<Integer> {

  private static final int MINUTES = 30;
  private static final int QUICK_MINUTES = 5;

  @Option(names = "--quick", description = "Five minutes.")
  private boolean quick;

  @Option(
      names = "--seed",
      paramLabel = "N",
      description = "Of what happens; by default another one each time, which is printed.")
  private @Nullable Long seed;

  @Option(
      names = "--faults",
      split = ",",
      paramLabel = "FAULT",
      description = "owner, sockets, nats, cut, drain, upgrade: these, one kind after the other.")
  private List<String> faults = List.of();

  @Option(
      names = "--times",
      paramLabel = "N",
      defaultValue = "20",
      description = "How often each of --faults (default: ${DEFAULT-VALUE}).")
  private int times;

  @Option(
      names = "--lease-ms",
      paramLabel = "MS",
      defaultValue = "3000",
      description = "After which a silent node is dead (default: ${DEFAULT-VALUE}).")
  private int leaseMs;

  @Option(
      names = "--nats-away",
      paramLabel = "S",
      description = "How long NATS is away (default: 60 with --faults, else 10).")
  private @Nullable Integer natsAwayS;

  @Option(
      names = "--cut",
      paramLabel = "S",
      defaultValue = "10",
      description = "How long a node is cut off (default: ${DEFAULT-VALUE}).")
  private int cutS;

  @Spec private @Nullable CommandSpec spec;

  @Override
  public Integer call() throws IOException, InterruptedException {
    List<Fault> kinds = kinds();
    if (!NatsProcess.isInstalled()) {
      System.err.println(
          "parley: there is no NATS server at "
              + NatsProcess.program()
              + "; load-tests/install-clients installs it");
      return 1;
    }
    long chosen = seed == null ? ThreadLocalRandom.current().nextInt(1_000_000) : seed;
    System.out.println("seed " + chosen);
    var team = kinds.isEmpty() ? new ChaosTeam(3, 4) : new ChaosTeam(1, 4);
    int away = natsAwayS == null ? (kinds.isEmpty() ? 10 : 60) : natsAwayS;
    var plan = new Trial.Plan(team, leaseMs, away, cutS);
    List<Incident> incidents = new ArrayList<>();
    List<String> wrong = new ArrayList<>();
    long beganNs = System.nanoTime();
    try (BenchFolder folder = BenchFolder.create();
        Trial trial = new Trial(plan, folder.path(), new Random(chosen))) {
      wrong.addAll(trial.begin());
      System.out.printf(
          Locale.ROOT,
          "%5d s  %d people in %d calls on %d nodes%s%n",
          seconds(beganNs),
          team.people(),
          team.groups(),
          Cluster.NODES,
          wrong.isEmpty() ? ", all is well" : ": " + wrong);
      if (kinds.isEmpty()) {
        long untilNs = beganNs + TimeUnit.MINUTES.toNanos(quick ? QUICK_MINUTES : MINUTES);
        while (System.nanoTime() < untilNs) {
          trial.stir();
          incidents.add(told(trial.suffer(trial.any()), beganNs));
        }
      } else {
        for (Fault kind : kinds) {
          for (int i = 0; i < times; i++) {
            Set<Fault> one = EnumSet.of(kind);
            incidents.add(told(trial.suffer(one), beganNs));
          }
        }
      }
      List<String> atTheEnd = trial.finish();
      atTheEnd.forEach(each -> System.out.println("after everybody had left: " + each));
      wrong.addAll(atTheEnd);
    }
    var report = new ChaosReport(incidents);
    System.out.println();
    report.table().forEach(System.out::println);
    boolean isGood = report.isGood() && wrong.isEmpty();
    System.out.println();
    System.out.println(
        isGood
            ? "On every node each call had one owner, and everybody was where he believed to be."
            : "Not everything healed; --seed " + chosen + " does the same again.");
    return isGood ? 0 : 1;
  }

  private List<Fault> kinds() {
    try {
      return faults.stream().map(Fault::of).toList();
    } catch (IllegalArgumentException e) {
      CommandSpec here = spec;
      if (here == null) {
        throw e;
      }
      throw new ParameterException(here.commandLine(), e.getMessage(), e);
    }
  }

  private static long seconds(long beganNs) {
    return TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - beganNs);
  }

  /** One line a fault, as soon as it is over. */
  private static Incident told(Incident incident, long beganNs) {
    System.out.printf(
        Locale.ROOT,
        "%5d s  %-16s no audio p50 %5.0f ms, longest %5.0f ms; %s%n",
        seconds(beganNs),
        incident.name(),
        ChaosReport.percentile(incident.silentMs(), 0.5),
        ChaosReport.percentile(incident.silentMs(), 1),
        incident.isHealed()
            ? String.format(Locale.ROOT, "all well after %.1f s", incident.healedMs() / 1e3)
            : "NOT HEALED: " + String.join("; ", incident.faults()));
    return incident;
  }
}
