package parley.relay.turn;

/** UDP ports for relayed addresses, both ends included. */
public record PortRange(int first, int last) {

  /**
   * @throws IllegalArgumentException with a sentence
   */
  public PortRange {
    if (first < 1 || last > 65_535 || first > last) {
      throw new IllegalArgumentException(
          "ports " + first + "-" + last + " are no range; right would be like 49152-65535");
    }
  }

  int size() {
    return last - first + 1;
  }
}
