package parley.load.impair;

/** Seen from the client. */
public enum Direction {
  TO_RELAY,
  TO_CLIENT
}
