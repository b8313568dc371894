package parley.load.chaos;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** What all incidents of a run say together: a table, a line a fault. */
record ChaosReport(List<Incident> incidents) {

  private static final String ROW = "%-18s %11s %10s %10s %10s %12s %7s %14s %11s";

  boolean isGood() {
    return incidents.stream()
        .allMatch(each -> each.isHealed() && each.ghosts() == 0 && each.doubleOwners() == 0);
  }

  List<String> table() {
    Map<String, List<Incident>> byName = new LinkedHashMap<>();
    incidents.forEach(
        each -> byName.computeIfAbsent(each.name(), n -> new ArrayList<>()).add(each));
    List<String> lines = new ArrayList<>();
    lines.add(ROW.formatted("", "", "no audio", "no audio", "all well", "", "", "", ""));
    lines.add(
        ROW.formatted(
            "fault",
            "repetitions",
            "p50 ms",
            "p99 ms",
            "p50 ms",
            "events lost",
            "ghosts",
            "double owners",
            "not healed"));
    byName.forEach((name, all) -> lines.add(row(name, all)));
    return lines;
  }

  private static String row(String name, List<Incident> all) {
    List<Double> silent = all.stream().flatMap(each -> each.silentMs().stream()).toList();
    return ROW.formatted(
        name,
        all.size(),
        text(percentile(silent, 0.5)),
        text(percentile(silent, 0.99)),
        text(percentile(all.stream().map(Incident::healedMs).toList(), 0.5)),
        all.stream().mapToInt(Incident::lost).sum(),
        all.stream().mapToInt(Incident::ghosts).sum(),
        all.stream().mapToInt(Incident::doubleOwners).sum(),
        all.stream().filter(each -> !each.isHealed()).count());
  }

  private static String text(double ms) {
    return Double.isNaN(ms) ? "-" : String.format(Locale.ROOT, "%.0f", ms);
  }

  /** The smallest value that so many are no greater than; NaN when there is none. */
  static double percentile(List<Double> values, double share) {
    if (values.isEmpty()) {
      return Double.NaN;
    }
    List<Double> sorted = new ArrayList<>(values);
    Collections.sort(sorted);
    return sorted.get(Math.max(0, (int) Math.ceil(share * sorted.size()) - 1));
  }
}
