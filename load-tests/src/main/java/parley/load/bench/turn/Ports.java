package parley.load.bench.turn;

import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.concurrent.ThreadLocalRandom;

/** Ports that nobody has, below those that the system gives away by itself. */
final class Ports {

  static final int FIRST_RELAY = 10_000;
  static final int LAST_RELAY = 31_999;

  private static final int FIRST = 3_000;
  private static final int LAST = 9_999;

  private Ports() {}

  /** Free for UDP and TCP, just now. */
  static int free() {
    InetAddress here = InetAddress.ofLiteral(TurnClients.SERVER);
    while (true) {
      int port = ThreadLocalRandom.current().nextInt(FIRST, LAST);
      try (var _ = new DatagramSocket(port, here);
          var _ = new ServerSocket(port, 1, here)) {
        return port;
      } catch (IOException e) {
        // somebody has it
      }
    }
  }
}
