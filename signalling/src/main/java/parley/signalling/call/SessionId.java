package parley.signalling.call;

/**
 * One WebSocket of one contact, for as long as it lives.
 *
 * @param value unique in the whole installation
 */
public record SessionId(String value) {
  public SessionId {
    if (value.isBlank()) {
      throw new IllegalArgumentException("a session id is never empty");
    }
  }

  /** Enough to find a session in a log. */
  public String shortForm() {
    return value.length() > 8 ? value.substring(0, 8) : value;
  }

  @Override
  public String toString() {
    return value;
  }
}
