package parley.load.run;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.jspecify.annotations.Nullable;
import parley.load.report.Outcome;
import parley.load.report.OutcomeJson;
import parley.load.report.Report;
import picocli.CommandLine.Option;

/** The options of every command that runs a scenario: the seed, and where what came of it goes. */
public final class Telling {

  private final String startedAt = Instant.now().truncatedTo(ChronoUnit.SECONDS).toString();

  @Option(
      names = "--seed",
      paramLabel = "N",
      defaultValue = "1",
      description = "Of who calls whom, how long, and what is lost (default: ${DEFAULT-VALUE}).")
  private long seed;

  @Option(names = "--report", paramLabel = "FILE", description = "Write a page with plots there.")
  private @Nullable Path report;

  @Option(names = "--json", paramLabel = "FILE", description = "Write all figures there.")
  private @Nullable Path json;

  public long seed() {
    return seed;
  }

  /** When the command was given, ISO 8601. */
  public String startedAt() {
    return startedAt;
  }

  /** Prints the errors, and writes the page and the figures to where they are wanted. */
  public void tell(Outcome outcome) throws IOException {
    outcome.errors().forEach((cause, times) -> System.out.printf("%7d %s%n", times, cause));
    if (report != null) {
      Files.writeString(report, Report.html(outcome));
      System.out.println("report: " + report);
    }
    if (json != null) {
      OutcomeJson.write(outcome, json);
    }
  }
}
