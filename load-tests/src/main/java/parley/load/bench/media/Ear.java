package parley.load.bench.media;

/** Is told of each packet that is heard, on the thread of the {@link Swarm}. */
@FunctionalInterface
public interface Ear {

  /**
   * @param listener index of the leg that heard it
   * @param speaker index of the leg that sent it
   * @param heardNs as {@link System#nanoTime}
   */
  void heard(int listener, int speaker, long heardNs);
}
