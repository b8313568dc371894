package parley.relay.turn;

/**
 * UDP ports for relayed addresses, both ends included. Never a well-known one, so that nobody runs
 * a service at a relayed address (RFC 8656 §7.2).
 */
public record PortRange(int first, int last) {

  /** The first port that is not well-known (RFC 6335 §6). */
  public static final int FIRST = 1024;

  /**
   * @throws IllegalArgumentException with a sentence
   */
  public PortRange {
    if (first < FIRST || last > 65_535 || first > last) {
      throw new IllegalArgumentException(
          "ports "
              + first
              + "-"
              + last
              + " are no range from 1024 up; right would be like 49152-65535");
    }
  }

  int size() {
    return last - first + 1;
  }
}
