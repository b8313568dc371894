package parley.signalling.app;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import parley.relay.evidence.AuditVerdict;
import parley.relay.evidence.AuditVerifier;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

/** {@code parley recordings audit}. */
@Command(
    name = "audit",
    mixinStandardHelpOptions = true,
    description = {
      "Shows who did what with recordings, why, when and from where; --verify proves that no line"
          + " was changed.%n",
      "Exit code of --verify: 0 when all lines are proven, 1 when one is not, 2 when it could not"
          + " be tried.%n"
    })
final class RecordingsAudit implements Callable<Integer> {

  private static final ObjectMapper JSON = new ObjectMapper();

  @ParentCommand private @Nullable RecordingsCommand parent;

  @Option(names = "--verify", description = "Check every line, with the public key alone.")
  private boolean verify;

  @Mixin private VerifyingKey key = new VerifyingKey();

  @Option(
      names = "--audit-directory",
      paramLabel = "DIR",
      description = "Folder of the log, in place of the settings' recording.audit_directory.")
  private @Nullable Path folder;

  @Option(
      names = "--about",
      paramLabel = "TEXT",
      description = "Only lines that hold this: a call's uid, a name, an address, a verb.")
  private String about = "";

  @Option(
      names = "--last",
      paramLabel = "N",
      defaultValue = "100",
      description = "So many lines at most, the newest; default: ${DEFAULT-VALUE}.")
  private int lines;

  @Override
  public Integer call() {
    if (parent == null) {
      throw new IllegalStateException("picocli sets it");
    }
    Path directory = folder != null ? folder : parent.auditDirectory();
    if (!Files.isDirectory(directory)) {
      System.err.println("parley: there is no audit log in " + directory);
      return 2;
    }
    try {
      return verify ? verify(directory, parent) : show(directory);
    } catch (IOException e) {
      System.err.println("parley: " + e.getMessage());
      return 2;
    }
  }

  private int verify(Path directory, RecordingsCommand of) throws IOException {
    AuditVerdict verdict = AuditVerifier.verify(directory, key.read(of));
    if (!verdict.proven()) {
      System.out.println("NOT PROVEN  " + directory);
      verdict.findings().forEach(f -> System.out.println("            " + f));
      System.out.printf(
          Locale.ROOT, "            %d lines before that are proven%n", verdict.lines());
      return 1;
    }
    System.out.printf(
        Locale.ROOT,
        "proven      %s: lines %d to %d, the last one with the SHA-256 %s%n",
        directory,
        verdict.first(),
        verdict.last(),
        verdict.sha256());
    return 0;
  }

  private int show(Path directory) throws IOException {
    Deque<String> shown = new ArrayDeque<>();
    try (Stream<Path> listed = Files.list(directory)) {
      List<Path> files = listed.filter(f -> f.toString().endsWith(".jsonl")).sorted().toList();
      for (Path file : files) {
        try (Stream<String> all = Files.lines(file)) {
          all.filter(line -> line.contains(about))
              .forEach(
                  line -> {
                    shown.add(line);
                    if (shown.size() > lines) {
                      shown.remove();
                    }
                  });
        }
      }
    }
    System.out.printf(
        "%6s  %-27s  %-20s  %-22s  %-36s  %s%n", "LINE", "WHEN", "WHO", "WHAT", "ON", "WHY, FROM");
    shown.forEach(line -> System.out.println(row(line)));
    return 0;
  }

  private static String row(String line) {
    JsonNode entry;
    try {
      entry = JSON.readTree(line);
    } catch (IOException e) {
      return "     ?  not a line of this log; --verify says more";
    }
    String outcome = word(entry, "outcome");
    return String.format(
        Locale.ROOT,
        "%6d  %-27s  %-20s  %-22s  %-36s  %s%s%s",
        entry.path("n").asLong(),
        word(entry, "at"),
        word(entry, "who"),
        word(entry, "what"),
        word(entry, "on"),
        word(entry, "why"),
        word(entry, "from").isEmpty() ? "" : " from " + word(entry, "from"),
        outcome.equals("allowed") ? "" : " " + outcome);
  }

  /** A terminal obeys what is not printable. */
  private static String word(JsonNode entry, String field) {
    return entry.path(field).asText("").replaceAll("\\p{Cntrl}", "?");
  }
}
