package parley.load.interop;

/**
 * What came of one participant of a scene.
 *
 * @param scene in which
 * @param seat who
 * @param fault what he did not hear, or heard though nobody said it; empty: he heard everyone
 * @param seconds from the beginning of the scene until he had
 * @param detail what his client reported, for whoever looks for the reason
 */
record Heard(Scene scene, Seat seat, String fault, double seconds, String detail) {

  boolean ok() {
    return fault.isEmpty();
  }
}
