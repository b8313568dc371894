package parley.load.bench.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

@EnabledOnOs(OS.LINUX)
class ClientSocketsTest {

  private static final int LOOPBACK = 0x7F000001;
  private static final int DEADLINE_MS = 5000;

  @Test
  void carriesManyDatagramsToTheClientsTheyAreFor() throws SocketException {
    try (ClientSockets sockets = new ClientSockets(LOOPBACK)) {
      sockets.open(0);
      int second = sockets.open(1);
      int third = sockets.open(200);
      for (int i = 0; i < 40; i++) {
        send(sockets, second, "to the second");
      }
      send(sockets, third, "to the third");
      List<String> heard = new ArrayList<>();
      while (heard.size() < 41
          && sockets.receive(
                  (client, data, length) ->
                      heard.add(
                          client + " " + new String(data, 0, length, StandardCharsets.US_ASCII)),
                  DEADLINE_MS)
              > 0) {}
      assertThat(heard).hasSize(41).containsOnlyOnce("200 to the third");
      assertThat(heard).filteredOn("1 to the second"::equals).hasSize(40);
      assertThat(sockets.refused()).isZero();
    }
  }

  @Test
  void hearsNothingOnceClosed() throws SocketException {
    try (ClientSockets sockets = new ClientSockets(LOOPBACK)) {
      sockets.open(0);
      int second = sockets.open(1);
      sockets.close(1);
      send(sockets, second, "anybody there?");
      assertThat(sockets.receive((client, data, length) -> {}, 0)).isZero();
    }
  }

  private static void send(ClientSockets sockets, int port, String text) {
    byte[] data = text.getBytes(StandardCharsets.US_ASCII);
    sockets.send(0, LOOPBACK, port, data, 0, data.length);
  }
}
