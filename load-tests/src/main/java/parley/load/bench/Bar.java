package parley.load.bench;

import java.util.Locale;

/**
 * A figure that has to be reached.
 *
 * @param limit it is met up to this
 */
public record Bar(String what, double value, double limit) {

  public boolean met() {
    return value <= limit;
  }

  public String text() {
    return String.format(
        Locale.ROOT, "%-6s %s: %.2f, at most %.2f", met() ? "met" : "MISSED", what, value, limit);
  }
}
