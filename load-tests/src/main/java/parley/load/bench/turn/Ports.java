package parley.load.bench.turn;

import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.concurrent.ThreadLocalRandom;

/** Ports that nobody has, below those that the system gives away by itself. */
final class Ports {

  /** For relayed addresses, of all servers together. */
  static final Range RELAY = new Range(10_000, 31_999);

  private static final int FIRST = 3_000;
  private static final int LAST = 9_999;

  /** From the first to the last. */
  record Range(int first, int last) {

    int size() {
      return last - first + 1;
    }

    /** One of so many equal parts, for who should not meet the others' ports. */
    Range part(int index, int parts) {
      int each = size() / parts;
      return new Range(first + index * each, first + (index + 1) * each - 1);
    }
  }

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
