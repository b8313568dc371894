package parley.load.report;

import java.util.List;

/**
 * A line of a plot.
 *
 * @param values NaN: a gap
 * @param color which of the page's colours, from 1
 */
public record Series(String name, List<Double> values, int color) {
  public Series {
    values = List.copyOf(values);
  }
}
