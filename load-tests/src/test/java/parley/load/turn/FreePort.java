package parley.load.turn;

import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.concurrent.ThreadLocalRandom;

/** A port that nobody has, for UDP and TCP. */
final class FreePort {

  private FreePort() {}

  /** Below the range that the system gives to outgoing connections. */
  static int at(InetAddress here) {
    while (true) {
      int port = ThreadLocalRandom.current().nextInt(5_000, 10_000);
      try (var _ = new DatagramSocket(port, here);
          var _ = new ServerSocket(port, 1, here)) {
        return port;
      } catch (IOException e) {
        continue; // somebody has it
      }
    }
  }
}
