package parley.load.interop;

import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * One cell of the matrix.
 *
 * @param client of which kind
 * @param call in what call
 * @param sections received how
 * @param result what came of it
 * @param detail with whom and within how many seconds; else what was not heard, or why the client
 *     is missing
 */
public record Cell(ClientKind client, Shape call, Sections sections, Result result, String detail) {

  /** What came of a cell. */
  public enum Result {
    OK("ok"),
    NOT_HEARD("NOT HEARD"),
    MISSING("missing");

    private final String text;

    Result(String text) {
      this.text = text;
    }

    @Override
    public String toString() {
      return text;
    }
  }

  /** Of all scenes that belong to the cell; at least one. */
  static Cell of(ClientKind client, Shape call, Sections sections, List<Heard> heard) {
    List<Heard> faults = heard.stream().filter(one -> !one.ok()).toList();
    if (!faults.isEmpty()) {
      return new Cell(
          client,
          call,
          sections,
          Result.NOT_HEARD,
          faults.stream()
              .map(one -> one.fault() + " (" + one.scene() + ")")
              .distinct()
              .collect(Collectors.joining("; ")));
    }
    double slowest = heard.stream().mapToDouble(Heard::seconds).max().orElse(0);
    return new Cell(
        client,
        call,
        sections,
        Result.OK,
        String.format(
            Locale.ROOT,
            "%d %s, everyone heard within %.1f s",
            heard.size(),
            heard.size() == 1 ? "call" : "calls",
            slowest));
  }

  static Cell missing(ClientKind client, Shape call, Sections sections, String why) {
    return new Cell(client, call, sections, Result.MISSING, why);
  }

  public boolean ok() {
    return result == Result.OK;
  }

  @Override
  public String toString() {
    return String.format(
        Locale.ROOT, "%-10s %-14s %-17s %-10s %s", client, call, sections, result, detail);
  }
}
