package parley.relay.api;

/**
 * One call, from its first offer to its end, wherever its media runs.
 *
 * @param value the protocol's {@code uid}: a UUID in its textual form
 */
public record CallId(String value) {
  public CallId {
    if (value.isBlank()) {
      throw new IllegalArgumentException("a call id is never empty");
    }
  }

  /** The first group of the UUID: enough to find a call in a log. */
  public String shortForm() {
    return value.length() > 8 ? value.substring(0, 8) : value;
  }

  @Override
  public String toString() {
    return value;
  }
}
