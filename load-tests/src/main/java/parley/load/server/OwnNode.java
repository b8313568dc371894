package parley.load.server;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Stream;
import parley.signalling.app.Node;
import parley.signalling.settings.SettingsException;

/** A node in this process, on free ports of the loopback interface, with a folder of its own. */
public final class OwnNode implements AutoCloseable {

  /** The demo team, unless the settings name another directory. */
  public static final String DEMO_TEAM = "6aefcf3b-e61c-4f35-8b5b-9d762a6a6cf9";

  private final Node node;
  private final Path folder;

  private OwnNode(Node node, Path folder) {
    this.node = node;
    this.folder = folder;
  }

  /** Starts with the demo team, and a resend timeout of a second. */
  public static OwnNode start() throws IOException, InterruptedException {
    return start(Map.of());
  }

  /**
   * @param settings what is to be otherwise, under the names of the environment variables
   */
  public static OwnNode start(Map<String, String> settings)
      throws IOException, InterruptedException {
    Path folder = Files.createTempDirectory("parley-node");
    Map<String, String> all = new HashMap<>();
    all.put("PARLEY_HTTP_PORT", "0");
    all.put("PARLEY_MEDIA_PORT", String.valueOf(freeUdpPort()));
    all.put("PARLEY_MEDIA_LOOPS", "1");
    all.put("PARLEY_MEDIA_ADDRESSES", "127.0.0.1");
    all.put("PARLEY_RECORDING_DIRECTORY", folder.toString());
    all.put("PARLEY_CLIENTS_RESEND_TIMEOUT_S", "1");
    all.put("PARLEY_LOGGING_LEVEL", "warn");
    all.putAll(settings);
    try {
      return new OwnNode(Node.start(all), folder);
    } catch (SettingsException e) {
      throw new IllegalStateException("our own settings", e);
    }
  }

  /** {@code http://host:port} without a slash at the end. */
  public String url() {
    return node.url();
  }

  /** Makes the relay lose the call of this uid. */
  public void loseCall(String uid) {
    node.loseCall(uid);
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
