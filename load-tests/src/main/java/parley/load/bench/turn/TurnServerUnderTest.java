package parley.load.bench.turn;

import java.io.IOException;
import java.time.Duration;

/** A TURN server in a process of its own, on a processor of its own. */
interface TurnServerUnderTest extends AutoCloseable {

  String name();

  /** With what matters of its settings. */
  String version();

  long pid();

  /** UDP, at {@link TurnClients#SERVER}. */
  int port();

  /** Where the node's own media is; 0: it has none. */
  default int mediaPort() {
    return 0;
  }

  /** Whether packets go through without being wrapped, and nothing is allocated. */
  default boolean isFloor() {
    return false;
  }

  /** For how long it gives nobody the port of an allocation that has ended. */
  default Duration keepsPorts() {
    return Duration.ZERO;
  }

  /** How many datagrams its own media has taken so far. */
  default long mediaPackets() throws IOException, InterruptedException {
    return 0;
  }

  /** What its compilers have worked so far, if it has any. */
  default long compiledNs() throws IOException, InterruptedException {
    return 0;
  }

  @Override
  void close();
}
