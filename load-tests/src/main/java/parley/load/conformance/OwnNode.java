package parley.load.conformance;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Map;
import java.util.stream.Stream;
import parley.signalling.app.Node;
import parley.signalling.settings.SettingsException;

/** A node with the demo team, in this process, on free ports of the loopback interface. */
final class OwnNode implements AutoCloseable {

  private static final String DEMO_TEAM = "6aefcf3b-e61c-4f35-8b5b-9d762a6a6cf9";

  private final Node node;
  private final Path folder;

  private OwnNode(Node node, Path folder) {
    this.node = node;
    this.folder = folder;
  }

  static OwnNode start() throws IOException, InterruptedException {
    Path folder = Files.createTempDirectory("parley-conformance");
    try {
      Node node =
          Node.start(
              Map.of(
                  "PARLEY_HTTP_PORT", "0",
                  "PARLEY_MEDIA_PORT", String.valueOf(freeUdpPort()),
                  "PARLEY_MEDIA_LOOPS", "1",
                  "PARLEY_MEDIA_ADDRESSES", "127.0.0.1",
                  "PARLEY_RECORDING_DIRECTORY", folder.toString(),
                  "PARLEY_CLIENTS_RESEND_TIMEOUT_S", "1",
                  "PARLEY_LOGGING_LEVEL", "warn"));
      return new OwnNode(node, folder);
    } catch (SettingsException e) {
      throw new IllegalStateException("our own settings", e);
    }
  }

  Target target() {
    return new Target(node.url(), DEMO_TEAM, "alice", "bob", node::loseCall);
  }

  @Override
  public void close() {
    node.close();
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static int freeUdpPort() throws IOException {
    try (DatagramSocket socket = new DatagramSocket()) {
      return socket.getLocalPort();
    }
  }
}
