package parley.load.bench.server;

/** Who hears whom where a server does not choose by itself. */
final class Listening {

  private Listening() {}

  /**
   * Each listener hears the talkers that follow him, as many as the shape says.
   *
   * @param listener index within the room
   * @param talker index within the room; those below the number of talkers talk
   */
  static boolean hears(Shape shape, int listener, int talker) {
    if (listener == talker || talker >= shape.talkers()) {
      return false;
    }
    int first = listener < shape.talkers() ? listener + 1 : 0;
    int distance = Math.floorMod(talker - first, shape.talkers());
    return distance < shape.voices(listener < shape.talkers());
  }
}
