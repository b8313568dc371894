package parley.signalling.app;

import java.io.IOException;
import java.nio.file.Path;
import java.security.PublicKey;
import java.time.Clock;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import parley.relay.evidence.SigningKey;
import parley.relay.index.RecordingFolders;
import parley.relay.reconcile.Reconciliation;
import parley.relay.reconcile.ReconciliationReport;
import parley.relay.reconcile.Shortfall;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

/** {@code parley recordings reconcile}. */
@Command(
    name = "reconcile",
    mixinStandardHelpOptions = true,
    description = {
      "Holds the calls of a day against their recordings: whether there is one of each call that"
          + " had to be recorded, whether it is whole, and whether it is as it was sealed. A"
          + " running node does so every day (recording.reconcile).%n",
      "Exit code: 0 when nothing is wrong, 1 when something is, 2 when it could not be tried.%n"
    })
final class RecordingsReconcile implements Callable<Integer> {

  @ParentCommand private @Nullable RecordingsCommand parent;

  @Option(
      names = "--day",
      paramLabel = "DAY",
      description = "In UTC, like 2026-11-22; default: yesterday.")
  private @Nullable LocalDate day;

  @Override
  public Integer call() {
    RecordingsCommand of = RecordingsCommand.of(parent);
    Clock clock = Clock.systemUTC();
    LocalDate asked =
        day != null ? day : LocalDate.ofInstant(clock.instant(), ZoneOffset.UTC).minusDays(1);
    try (var bar = new ProgressBar()) {
      PublicKey key = SigningKey.readPublic(of.publicKey());
      Path root = of.directory();
      double least = of.settings().recording().reconcile().least();
      ReconciliationReport report =
          new Reconciliation(new RecordingFolders(root), key, null, least, clock)
              .run(
                  asked,
                  (done, all) -> bar.at(all == 0 ? 1 : (double) done / all, done + " of " + all));
      bar.close();
      print(report);
      return report.shortfalls().isEmpty() && report.logged() ? 0 : 1;
    } catch (IOException e) {
      System.err.println("parley: " + e.getMessage());
      return 2;
    }
  }

  private static void print(ReconciliationReport report) {
    for (Shortfall each : report.shortfalls()) {
      System.out.printf(
          Locale.ROOT,
          "%-10s  %s%n            %s%n",
          each.kind().name(),
          each.recording().isEmpty() ? "call " + each.call() : each.recording(),
          (each.title() + ": " + each.sentence()).replaceAll("\\p{Cntrl}", "?"));
    }
    if (!report.logged()) {
      System.out.println("There is no call log of " + report.day() + ".");
    }
    System.out.printf(
        Locale.ROOT,
        "%s: %,d calls, %,d of them had to be recorded; %,d recordings%s; %,d things are wrong.%n",
        report.day(),
        report.calls(),
        report.due(),
        report.recordings(),
        report.unexpected() == 0 ? "" : ", " + report.unexpected() + " of calls not in the log",
        report.shortfalls().size());
  }
}
