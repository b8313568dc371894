package parley.load.chaos;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import parley.load.Eventually;

/** A real NATS server with JetStream, as {@code load-tests/install-clients} installs it. */
public final class NatsProcess implements AutoCloseable {

  private static final Duration START = Duration.ofSeconds(20);
  private static final String ADDRESS = "127.0.1.100";

  private final Path folder;
  private final int port;
  private final Thread hook = new Thread(this::kill, "end-nats");
  private volatile Process process;

  /**
   * @param folder for its log, and for what it keeps over its own end
   */
  public NatsProcess(Path folder) throws IOException {
    this.folder = Files.createDirectories(folder);
    try (var free = new ServerSocket(0, 1, InetAddress.getByName(ADDRESS))) {
      port = free.getLocalPort();
    }
    process = launch();
    Runtime.getRuntime().addShutdownHook(hook);
  }

  /** Where it is when it is installed. */
  static Path program() {
    String launcher = System.getProperty("parley.launcher");
    Path module = launcher == null ? Path.of("") : Path.of(launcher).resolveSibling("load-tests");
    return module.resolve("target/clients/nats-server").toAbsolutePath();
  }

  public static boolean isInstalled() {
    return Files.isExecutable(program());
  }

  public InetSocketAddress address() {
    return new InetSocketAddress(ADDRESS, port);
  }

  public long pid() {
    return process.pid();
  }

  /** Anew, with what is in its folder. */
  void start() throws IOException {
    process = launch();
  }

  private Process launch() throws IOException {
    Process started =
        new ProcessBuilder(
                program().toString(),
                "-a",
                ADDRESS,
                "-p",
                String.valueOf(port),
                "-js",
                "-sd",
                folder.resolve("jetstream").toString())
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(folder.resolve("nats.log").toFile()))
            .start();
    Eventually.until("NATS to listen", START, this::listens);
    return started;
  }

  private boolean listens() {
    try (var socket = new Socket(ADDRESS, port)) {
      return socket.isConnected();
    } catch (IOException e) {
      return false;
    }
  }

  void kill() {
    process.destroyForcibly();
    process.onExit().join();
  }

  @Override
  public void close() {
    kill();
    Runtime.getRuntime().removeShutdownHook(hook);
  }
}
