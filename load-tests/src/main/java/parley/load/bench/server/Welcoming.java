package parley.load.bench.server;

import java.io.IOException;
import parley.load.bench.media.Swarm;

/** A server whose manner of letting single people in can be timed. */
public interface Welcoming extends ServerUnderTest {

  /** Somebody who has signed in and may come to the first room: person so-and-so of its people. */
  Arrival expect(Shape shape, Swarm swarm, int person) throws IOException, InterruptedException;

  /** From the start of its process until it said that it was ready, in nanoseconds. */
  long readyNs();
}
