package parley.relay.api;

/**
 * One device in one call. A contact who joins from two devices is two peers; a device that offers
 * again keeps its id.
 *
 * @param value unique within its call; also the name of the peer's recorded track, so letters,
 *     digits and dashes only
 */
public record PeerId(String value) {
  public PeerId {
    if (!value.matches("[A-Za-z0-9-]{1,64}")) {
      throw new IllegalArgumentException("not a peer id: " + value);
    }
  }

  @Override
  public String toString() {
    return value;
  }
}
