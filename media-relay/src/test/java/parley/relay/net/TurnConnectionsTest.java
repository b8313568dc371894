package parley.relay.net;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetSocketAddress;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class TurnConnectionsTest {

  private static final long LIMIT = Duration.ofSeconds(60).toNanos();

  private final TurnConnections connections = new TurnConnections(10);

  @SuppressWarnings("NullAway") // it meets no loop here
  private final TurnConnection connection =
      new TurnConnection(null, new InetSocketAddress("203.0.113.5", 4000), 0);

  @Test
  void findsThoseThatAllocateNothingInTime() {
    connections.opened(connection);
    assertThat(connections.unused(LIMIT - 1, any -> false)).isEmpty();
    assertThat(connections.unused(LIMIT, any -> false)).containsExactly(connection);
  }

  @Test
  void givesWhoGaveHisAllocationBackTheSameTimeAgain() {
    connections.opened(connection);
    assertThat(connections.unused(10 * LIMIT, any -> true)).isEmpty();
    assertThat(connections.unused(11 * LIMIT - 1, any -> false)).isEmpty();
    assertThat(connections.unused(11 * LIMIT, any -> false)).containsExactly(connection);
  }
}
