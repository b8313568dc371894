package parley.relay.index;

import java.io.IOException;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * A PostgreSQL of our own in a temporary folder, on 127.0.0.1, as an unprivileged user, for the
 * server refuses to run as root. {@code load-tests/install-tools} installs it.
 */
public final class PostgresCluster implements AutoCloseable {

  static final String PASSWORD = "not a secret";

  private final Path programs;
  private final Path folder;
  private final int port;

  private PostgresCluster(Path programs, Path folder, int port) {
    this.programs = programs;
    this.folder = folder;
    this.port = port;
  }

  /** Where the newest one's programs are; empty: there is none. */
  static Optional<Path> installed() throws IOException {
    Path all = Path.of("/usr/lib/postgresql");
    if (!Files.isDirectory(all)) {
      return Optional.empty();
    }
    try (Stream<Path> versions = Files.list(all)) {
      return versions
          .map(version -> version.resolve("bin"))
          .filter(bin -> Files.isExecutable(bin.resolve("initdb")))
          .max(Comparator.naturalOrder());
    }
  }

  /** Makes a cluster and starts it. */
  static PostgresCluster start() throws IOException, InterruptedException {
    Path programs = installed().orElseThrow();
    Path folder = Files.createTempDirectory("parley-postgres");
    int port;
    try (var free = new ServerSocket(0)) {
      port = free.getLocalPort();
    }
    var cluster = new PostgresCluster(programs, folder, port);
    if (isRoot()) {
      run(List.of("chown", "nobody", folder.toString()));
    }
    Path password = Files.writeString(folder.resolve("password"), PASSWORD);
    if (isRoot()) {
      run(List.of("chown", "nobody", password.toString()));
    }
    cluster.as(
        "initdb",
        "--pgdata=" + folder.resolve("data"),
        "--username=parley",
        "--pwfile=" + password,
        "--auth=scram-sha-256",
        "--encoding=UTF8",
        "--no-sync");
    cluster.resume();
    return cluster;
  }

  /** Starts it again. */
  void resume() throws IOException, InterruptedException {
    as(
        "pg_ctl",
        "--pgdata=" + folder.resolve("data"),
        "--log=" + folder.resolve("log"),
        "--wait",
        "--options=-p "
            + port
            + " -c listen_addresses=127.0.0.1 -c fsync=off -c unix_socket_directories="
            + folder,
        "start");
  }

  /** Stops it as a power cut would. */
  void stop() throws IOException, InterruptedException {
    as("pg_ctl", "--pgdata=" + folder.resolve("data"), "--wait", "--mode=immediate", "stop");
  }

  String url() {
    return "jdbc:postgresql://127.0.0.1:" + port + "/postgres";
  }

  private static boolean isRoot() {
    return "root".equals(System.getProperty("user.name"));
  }

  private void as(String program, String... arguments) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    if (isRoot()) {
      command.addAll(List.of("setpriv", "--reuid=nobody", "--regid=nogroup", "--clear-groups"));
    }
    command.add(programs.resolve(program).toString());
    command.addAll(List.of(arguments));
    run(command);
  }

  private static void run(List<String> command) throws IOException, InterruptedException {
    Path output = Files.createTempFile("parley-postgres", ".log");
    try {
      // To a file: the server that pg_ctl leaves behind would keep a pipe open.
      Process process =
          new ProcessBuilder(command)
              .directory(Path.of("/").toFile())
              .redirectErrorStream(true)
              .redirectOutput(output.toFile())
              .start();
      if (!process.waitFor(60, TimeUnit.SECONDS) || process.exitValue() != 0) {
        String said = Files.readString(output, StandardCharsets.UTF_8);
        throw new IOException(command + " failed: " + said);
      }
    } finally {
      Files.delete(output);
    }
  }

  @Override
  public void close() throws IOException {
    try {
      stop();
    } catch (IOException e) {
      // it was stopped before
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    try (Stream<Path> tree = Files.walk(folder)) {
      for (Path path : tree.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(path);
      }
    }
  }
}
