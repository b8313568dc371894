package parley.load.bench.server;

import java.io.IOException;
import org.jspecify.annotations.Nullable;
import parley.load.bench.measure.Pauses;
import parley.load.bench.media.Swarm;

/** A server that forwards, in a process of its own, on a processor of its own. */
public interface ServerUnderTest extends AutoCloseable {

  String name();

  /** With what matters of its settings. */
  String version();

  long pid();

  /** Fills its rooms; returns when everyone is connected. */
  Party invite(Shape shape, Swarm swarm) throws IOException, InterruptedException;

  /** How long it stood still since it started; null: it is none of those that do. */
  @Nullable Pauses pauses() throws IOException;

  @Override
  void close();
}
