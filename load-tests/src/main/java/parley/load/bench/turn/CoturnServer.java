package parley.load.bench.turn;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import parley.load.bench.server.ChildProcess;

/** coturn with one relay thread, installed when it is missing. */
final class CoturnServer implements TurnServerUnderTest {

  private static final Path PROGRAM = Path.of("/usr/bin/turnserver");

  /**
   * It keeps a port for some two seconds after its allocation has ended, and refuses (508) when all
   * that it may give are kept; with this much between two rounds enough are given back.
   */
  private static final Duration KEEPS_PORTS = Duration.ofSeconds(1);

  private final ChildProcess process;
  private final int port;
  private final String version;

  private CoturnServer(ChildProcess process, int port, String version) {
    this.process = process;
    this.port = port;
    this.version = version;
  }

  /** Null, saying so, when it cannot be had here. */
  static @Nullable CoturnServer start(Path folder, Ports.Range relayed, List<String> prefix)
      throws IOException, InterruptedException {
    if (!Files.isExecutable(PROGRAM)) {
      System.out.println("installing the distribution's package coturn …");
      run(List.of("apt-get", "install", "-y", "--no-install-recommends", "coturn"));
    }
    if (!Files.isExecutable(PROGRAM)) {
      System.out.println("coturn cannot be installed here (Debian's package coturn): left out");
      return null;
    }
    String version = run(List.of("dpkg-query", "-W", "-f", "${Version}", "coturn")).strip();
    int port = Ports.free();
    Path settings = folder.resolve("turnserver.conf");
    Files.writeString(
        settings,
        """
        listening-ip=%1$s
        relay-ip=%1$s
        listening-port=%2$d
        min-port=%3$d
        max-port=%4$d
        relay-threads=1
        lt-cred-mech
        realm=%5$s
        user=%6$s:%7$s
        allow-loopback-peers
        cli-password=none
        no-cli
        no-tcp
        no-tls
        no-dtls
        no-multicast-peers
        log-file=stdout
        simple-log
        pidfile=%8$s
        userdb=%9$s
        """
            .formatted(
                TurnClients.SERVER,
                port,
                relayed.first(),
                relayed.last(),
                TurnClients.REALM,
                TurnClients.USER,
                TurnClients.PASSWORD,
                folder.resolve("turnserver.pid"),
                folder.resolve("turndb")));
    List<String> command = new ArrayList<>(prefix);
    command.addAll(List.of(PROGRAM.toString(), "-c", settings.toString()));
    var process = new ChildProcess(command, Pattern.compile("IO method .admin thread."));
    process.awaitReady();
    return new CoturnServer(process, port, version);
  }

  private static String run(List<String> command) throws IOException, InterruptedException {
    try {
      Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
      String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      return process.waitFor() == 0 ? output : "";
    } catch (IOException e) {
      return ""; // no such program here: not Debian
    }
  }

  @Override
  public String name() {
    return "coturn";
  }

  @Override
  public String version() {
    return "coturn " + version + ", one relay thread";
  }

  @Override
  public long pid() {
    return process.pid();
  }

  @Override
  public Duration keepsPorts() {
    return KEEPS_PORTS;
  }

  @Override
  public int port() {
    return port;
  }

  @Override
  public void close() {
    process.close();
  }
}
