package parley.signalling.settings;

import java.util.List;
import java.util.stream.Collectors;

/** A settings file cannot be used. Its message names every mistake in it, one a line. */
public final class SettingsException extends Exception {

  private static final long serialVersionUID = 1;

  private final transient List<Problem> problems;

  public SettingsException(List<Problem> problems) {
    super(problems.stream().map(Problem::toString).collect(Collectors.joining("\n")));
    this.problems = List.copyOf(problems);
  }

  public SettingsException(String where, String what) {
    this(List.of(new Problem(where, what)));
  }

  public List<Problem> problems() {
    return problems;
  }
}
