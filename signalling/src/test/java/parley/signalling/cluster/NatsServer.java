package parley.signalling.cluster;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A real NATS server with JetStream, as {@code load-tests/install-clients} installs it. */
public final class NatsServer implements AutoCloseable {

  private final Path folder;
  private final List<String> options;
  final int port;
  private Process process;

  private NatsServer(Path folder, List<String> options, int port) throws IOException {
    this.folder = folder;
    this.options = options;
    this.port = port;
    this.process = launch();
  }

  /** Starts one; the test is skipped, saying so, where there is none. */
  public static NatsServer start(Path folder, String... options) throws IOException {
    Path program = program();
    assumeTrue(
        Files.isExecutable(program),
        "nats-server is missing: load-tests/install-clients installs it");
    int port;
    try (var free = new ServerSocket(0)) {
      port = free.getLocalPort();
    }
    var server = new NatsServer(folder, List.of(options), port);
    BusContract.await(server::listens);
    return server;
  }

  private static Path program() {
    return Path.of("../load-tests/target/clients/nats-server").toAbsolutePath();
  }

  /** Anew, with what is in its folder. */
  void start() throws IOException {
    process = launch();
    BusContract.await(this::listens);
  }

  private Process launch() throws IOException {
    List<String> command = new ArrayList<>();
    command.add(program().toString());
    command.addAll(List.of("-a", "127.0.0.1", "-p", String.valueOf(port), "-js", "-sd"));
    command.add(folder.resolve("jetstream").toString());
    command.addAll(options);
    return new ProcessBuilder(command)
        .redirectErrorStream(true)
        .redirectOutput(folder.resolve("nats.log").toFile())
        .start();
  }

  private boolean listens() {
    try (var socket = new Socket("127.0.0.1", port)) {
      return socket.isConnected();
    } catch (IOException e) {
      return false;
    }
  }

  void kill() {
    process.destroyForcibly();
    process.onExit().join();
  }

  public String url() {
    return "nats://127.0.0.1:" + port;
  }

  @Override
  public void close() {
    kill();
  }
}
