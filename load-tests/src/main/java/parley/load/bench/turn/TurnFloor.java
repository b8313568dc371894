package parley.load.bench.turn;

import java.io.BufferedWriter;
import java.io.IOException;
import java.util.List;
import parley.load.bench.server.ChildProcess;
import parley.load.bench.server.FloorServer;

/**
 * What the kernel asks for: datagrams of clients go on to the peer, and nothing is done to them.
 */
final class TurnFloor implements TurnServerUnderTest {

  private final ChildProcess process;
  private final int port;

  /**
   * @param clients their ports
   * @param peer port that all datagrams go to, at the servers' address
   */
  TurnFloor(List<String> prefix, List<Integer> clients, int peer)
      throws IOException, InterruptedException {
    process = FloorServer.start(prefix, TurnClients.SERVER);
    try (BufferedWriter routes = process.input()) {
      for (int client : clients) {
        routes.write(client + " " + peer + "\n");
      }
    }
    port = Integer.parseInt(process.awaitReady());
  }

  @Override
  public String name() {
    return "floor";
  }

  @Override
  public String version() {
    return "recvmmsg and sendmmsg on one socket, and nothing done";
  }

  @Override
  public long pid() {
    return process.pid();
  }

  @Override
  public int port() {
    return port;
  }

  @Override
  public boolean isFloor() {
    return true;
  }

  @Override
  public void close() {
    process.close();
  }
}
