package parley.signalling.settings;

/**
 * One mistake in a settings file or in the environment.
 *
 * @param where file and line, or the environment variable
 * @param what a sentence: the key, its value, and what would be right
 */
public record Problem(String where, String what) {
  @Override
  public String toString() {
    return where + ": " + what;
  }
}
