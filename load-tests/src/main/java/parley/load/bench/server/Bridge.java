package parley.load.bench.server;

import java.io.IOException;
import java.util.List;
import parley.load.bench.media.Leg;
import parley.load.bench.media.Swarm;

/**
 * A server that mixes for clients with a single section and says who talks, in a process of its
 * own. Its rooms are there from the start.
 */
public interface Bridge extends AutoCloseable {

  /** Is told who begins and ceases to talk, as soon as the one himself is. */
  interface TalkSink {
    TalkSink NONE = (room, person, talking, atNs) -> {};

    /**
     * @param atNs {@link System#nanoTime}
     */
    void onTalking(int room, int person, boolean talking, long atNs);
  }

  String name();

  /** With what matters of its settings. */
  String version();

  long pid();

  /**
   * Lets people into a room; returns when all are connected.
   *
   * @param levels whether their packets say how loud they are
   */
  List<Leg> invite(Swarm swarm, int room, int people, boolean levels)
      throws IOException, InterruptedException;

  /**
   * Whether it works for people in a room while nobody sends, so that its rooms have to be empty.
   */
  boolean isBusyWhenIdle();

  /** Everybody leaves. */
  void dismiss() throws IOException, InterruptedException;

  @Override
  void close();
}
