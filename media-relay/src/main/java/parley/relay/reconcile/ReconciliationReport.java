package parley.relay.reconcile;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;

/**
 * What came of holding the calls of a day against their recordings.
 *
 * @param day in UTC
 * @param at when it was done
 * @param logged whether the call log has anything of that day
 * @param calls that began on the day
 * @param due those that had to be recorded
 * @param recordings that began on the day
 * @param unexpected those among them that the call log knows no call of
 */
public record ReconciliationReport(
    String day,
    String at,
    boolean logged,
    int calls,
    int due,
    int recordings,
    int unexpected,
    List<Shortfall> shortfalls) {

  private static final ObjectMapper JSON =
      JsonMapper.builder()
          .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
          .enable(SerializationFeature.INDENT_OUTPUT)
          .build();

  public ReconciliationReport {
    shortfalls = List.copyOf(shortfalls);
  }

  /** Keeps it beside the call log. */
  public void write(Path recordings) throws IOException {
    Path file = file(recordings, LocalDate.parse(day));
    Files.createDirectories(recordings.resolve(CallLog.DIRECTORY));
    Path temporary = file.resolveSibling(file.getFileName() + ".tmp");
    Files.write(temporary, JSON.writeValueAsBytes(this));
    Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE);
  }

  /** The one of a day, when it was made. */
  public static Optional<ReconciliationReport> read(Path recordings, LocalDate day)
      throws IOException {
    Path file = file(recordings, day);
    return Files.exists(file)
        ? Optional.of(JSON.readValue(Files.readAllBytes(file), ReconciliationReport.class))
        : Optional.empty();
  }

  private static Path file(Path recordings, LocalDate day) {
    return recordings.resolve(CallLog.DIRECTORY).resolve(day + ".report.json");
  }
}
