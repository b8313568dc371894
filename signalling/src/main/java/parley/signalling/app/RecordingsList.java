package parley.signalling.app;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import parley.relay.evidence.Deletion;
import parley.relay.evidence.Seal;
import picocli.CommandLine.Command;
import picocli.CommandLine.ParentCommand;

/** {@code parley recordings list}. */
@Command(
    name = "list",
    mixinStandardHelpOptions = true,
    description = "Lists recorded calls: when, how long, who, and whether they are closed.")
final class RecordingsList implements Callable<Integer> {

  private static final ObjectMapper JSON = new ObjectMapper();

  @ParentCommand private @Nullable RecordingsCommand parent;

  @Override
  public Integer call() throws IOException {
    if (parent == null) {
      throw new IllegalStateException("picocli sets it");
    }
    List<Path> recordings = parent.recordings();
    if (recordings.isEmpty()) {
      System.out.println("No recordings in " + parent.directory() + ".");
      return 0;
    }
    System.out.printf(
        "%-20s %8s %6s  %-11s  %-6s  %s%n",
        "STARTED (UTC)", "LENGTH", "PEOPLE", "STATE", "SEALED", "CALL");
    for (Path folder : recordings) {
      System.out.println(row(folder));
    }
    return 0;
  }

  private static String row(Path folder) {
    if (Files.exists(folder.resolve(Deletion.FILE))) {
      return "deleted: " + folder.getFileName();
    }
    JsonNode call;
    try {
      call = JSON.readTree(folder.resolve("call.json").toFile());
    } catch (IOException e) {
      return "cannot be read: " + folder.resolve("call.json");
    }
    String started = call.path("started").asText("");
    String shown = started.length() >= 19 ? started.substring(0, 19).replace('T', ' ') : started;
    return String.format(
        Locale.ROOT,
        "%-20s %8s %6d  %-11s  %-6s  %s (%s)",
        shown,
        length((long) call.path("duration").asDouble()),
        people(call),
        state(call),
        Files.exists(folder.resolve(Seal.FILE)) ? "yes" : "no",
        call.path("display_name").asText(""),
        folder.getFileName());
  }

  private static String length(long seconds) {
    return String.format(
        Locale.ROOT, "%d:%02d:%02d", seconds / 3600, seconds / 60 % 60, seconds % 60);
  }

  private static long people(JsonNode call) {
    return call.path("participants").findValuesAsText("contact").stream().distinct().count();
  }

  private static String state(JsonNode call) {
    if (call.path("complete").asBoolean()) {
      return "complete";
    }
    if (call.path("interrupted").asBoolean()) {
      return "interrupted";
    }
    return call.has("stopped") ? "stopped" : "running";
  }
}
