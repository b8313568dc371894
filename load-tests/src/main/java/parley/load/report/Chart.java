package parley.load.report;

import java.util.List;

/**
 * Figures over time that only some runs have.
 *
 * @param title with the unit
 * @param atS of each value, in seconds from the run's beginning, ascending
 */
public record Chart(String title, List<Double> atS, List<Series> lines) {
  public Chart {
    atS = List.copyOf(atS);
    lines = List.copyOf(lines);
  }
}
