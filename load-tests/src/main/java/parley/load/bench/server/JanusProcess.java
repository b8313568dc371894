package parley.load.bench.server;

import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A Janus of our own with one plugin, one event loop and ICE lite: its best setting. */
final class JanusProcess implements AutoCloseable {

  private final ChildProcess process;
  private final JanusApi api;
  private final String version;
  private final long readyNs;

  private JanusProcess(ChildProcess process, JanusApi api, String version, long readyNs) {
    this.process = process;
    this.readyNs = readyNs;
    this.api = api;
    this.version = version;
  }

  /**
   * Null, saying so, when it cannot be had here.
   *
   * @param folder empty, for its configuration
   * @param prefix of the command, such as {@code taskset -c 0}
   * @param plugin such as {@code videoroom}
   */
  static @Nullable JanusProcess start(Path folder, List<String> prefix, String plugin)
      throws IOException, InterruptedException {
    String version = JanusInstallation.version();
    if (version == null) {
      System.out.println("Janus cannot be installed here (Debian's package janus): left out");
      return null;
    }
    int port = freePort();
    configure(folder, port, plugin);
    List<String> command = new ArrayList<>(prefix);
    command.addAll(List.of(JanusInstallation.program().toString(), "-F", folder.toString()));
    long startNs = System.nanoTime();
    ChildProcess process =
        new ChildProcess(command, Pattern.compile("WebSockets server started.*|Janus.*ready"));
    try {
      JanusApi api = JanusApi.connect(port, "janus.plugin." + plugin);
      return new JanusProcess(process, api, version, System.nanoTime() - startNs);
    } catch (IOException e) {
      String tail = process.tail();
      process.close();
      throw new IOException("Janus did not come up:\n" + tail, e);
    }
  }

  private static void configure(Path folder, int port, String plugin) throws IOException {
    Path home = JanusInstallation.folder();
    Files.writeString(
        folder.resolve("janus.jcfg"),
        """
        general: {
          configs_folder = "%1$s"
          plugins_folder = "%2$s/plugins"
          transports_folder = "%2$s/transports"
          events_folder = "%2$s/events"
          loggers_folder = "%2$s/loggers"
          debug_level = 3
          debug_colors = false
          session_timeout = 0
          event_loops = 1
        }
        nat: {
          ice_lite = true
          ice_ignore_list = "fe80::,fd"
        }
        plugins: { disable = "%3$s" }
        transports: { disable = "%4$s" }
        loggers: { disable = "libjanus_jsonlog.so" }
        events: { broadcast = false }
        """
            .formatted(
                folder,
                home,
                others(home.resolve("plugins"), "libjanus_" + plugin + ".so"),
                others(home.resolve("transports"), "libjanus_websockets.so")));
    Files.writeString(folder.resolve("janus.plugin." + plugin + ".jcfg"), "general: { }\n");
    Files.writeString(
        folder.resolve("janus.transport.websockets.jcfg"),
        "general: { json = \"compact\"\n ws = true\n ws_port = %d\n ws_ip = \"127.0.0.1\" }\n"
            .formatted(port));
  }

  private static String others(Path folder, String wanted) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return String.join(
          ",",
          files
              .map(file -> file.getFileName().toString())
              .filter(name -> name.endsWith(".so") && !name.equals(wanted))
              .sorted()
              .toList());
    }
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }

  JanusApi api() {
    return api;
  }

  /** From the start of the process until its API answered. */
  long readyNs() {
    return readyNs;
  }

  String version() {
    return version;
  }

  long pid() {
    return process.pid();
  }

  @Override
  public void close() {
    api.close();
    process.close();
  }
}
