package parley.load.bench.server;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import parley.load.bench.kernel.Forwarder;
import parley.load.bench.media.RemoteEnd;

/**
 * The floor's process: reads routes from its input, one a line, the sender's port first; says its
 * port; then forwards until it is ended.
 */
final class FloorMain {

  private FloorMain() {}

  public static void main(String[] args) throws IOException {
    Map<Integer, int[]> routes = new HashMap<>();
    try (BufferedReader lines =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.US_ASCII))) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        int[] ports = Arrays.stream(line.split(" ")).mapToInt(Integer::parseInt).toArray();
        routes.put(ports[0], Arrays.copyOfRange(ports, 1, ports.length));
      }
    }
    try (Forwarder forwarder = new Forwarder(RemoteEnd.number(args[0]), routes)) {
      System.out.println("port " + forwarder.port());
      forwarder.run();
    }
  }
}
