package parley.signalling.app;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import parley.relay.api.TurnConfig;
import parley.relay.net.PortUnavailable;
import parley.relay.net.TurnNode;
import parley.relay.turn.OwnMedia;
import parley.signalling.health.HealthDesk;
import parley.signalling.servers.Watch;
import parley.signalling.settings.SettingsException;
import parley.signalling.settings.SettingsPrinter;
import parley.stun.TimeLimitedCredentials;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code parley turn}: a TURN server and nothing else. */
@Command(
    name = "turn",
    mixinStandardHelpOptions = true,
    versionProvider = Main.Version.class,
    description = {
      "Starts a TURN and STUN server, and nothing else (RFC 8656), on UDP, TCP and TLS.%n",
      "Its settings are the section turn of the file that run takes, too, or PARLEY_TURN_…"
          + " variables. It needs users or secrets; this is enough to try it:%n",
      "  PARLEY_TURN_USERS='[{name: me, password: mine}]' ./parley turn%n"
    })
final class TurnCommand implements Callable<Integer> {

  private static final int OK = 0;
  private static final int FAILED = 1;
  private static final int WRONG_SETTINGS = 2;

  /** What is printed by hand is tried by hand. */
  private static final Duration PRINTED_FOR = Duration.ofHours(1);

  @Option(names = "--config", paramLabel = "FILE", description = "YAML file with settings.")
  private @Nullable Path config;

  @Option(names = "--print-config", description = "Print the settings in force, and end.")
  private boolean printConfig;

  @Option(
      names = "--credentials",
      paramLabel = "NAME",
      description =
          "Print a user name and password that are good for an hour, made with the first of"
              + " turn.secrets, and end.")
  private @Nullable String credentials;

  @Option(
      names = "--coturn-config",
      description = "Print a turnserver.conf for coturn that does the same, with its secrets.")
  private boolean coturnConfig;

  @Override
  public Integer call() throws InterruptedException {
    try {
      AppConfig settings = AppConfig.read(RunCommand.file(config), RunCommand.environment());
      if (printConfig) {
        System.out.print(SettingsPrinter.print(settings));
        return OK;
      }
      if (coturnConfig) {
        return printForCoturn(settings.turn());
      }
      if (credentials != null) {
        return print(credentials, settings.turn().secrets());
      }
      Log.set(settings.logging());
      return serve(settings);
    } catch (SettingsException e) {
      System.err.println("parley: the settings cannot be used:");
      e.problems().forEach(problem -> System.err.println("  " + problem));
      return WRONG_SETTINGS;
    } catch (IOException | IllegalArgumentException e) {
      System.err.println("parley: " + e.getMessage());
      return FAILED;
    }
  }

  private static int printForCoturn(TurnRole role) throws SettingsException, InterruptedException {
    role.config(); // refuses what is wrong
    System.out.print(role.coturn().text());
    return OK;
  }

  private static TurnNode open(TurnConfig config, Metrics meters) throws IOException {
    try {
      return new TurnNode(config, OwnMedia.NONE, meters.registry());
    } catch (PortUnavailable e) {
      throw new IOException(e.getMessage(), e);
    }
  }

  private static int print(String name, List<String> secrets) throws SettingsException {
    if (secrets.isEmpty()) {
      throw new SettingsException(
          "turn.secrets", "is empty: credentials are made with the first of them");
    }
    var made =
        TimeLimitedCredentials.make(secrets.getFirst(), name, Instant.now().plus(PRINTED_FOR));
    System.out.println(made.username());
    System.out.println(made.password());
    return OK;
  }

  /** Until the process is told to stop. */
  static int serve(AppConfig settings) throws SettingsException, IOException, InterruptedException {
    TurnConfig config = settings.turn().config();
    Metrics meters = new Metrics(settings.metrics(), Main.Version.number());
    TurnNode node = open(config, meters);
    NodeChecks.countDown(settings.turn(), meters.registry());
    var health = new HealthDesk(NodeChecks.ofTurn(settings), () -> false);
    meters.watch(health);
    health.begin();
    if (settings.management().port() != 0) {
      var _ = ManagementDoor.open(settings.management(), Watch.of(health, meters::text));
    }
    var stopped = new CountDownLatch(1);
    Runtime.getRuntime()
        .addShutdownHook(
            new Thread(
                () -> {
                  node.close();
                  stopped.countDown();
                },
                "stop"));
    String tls = node.hasTls() ? ", TLS " + config.tlsPort() : "";
    System.out.printf(
        "The TURN server is ready: UDP and TCP %d%s; relaying on UDP %d to %d; Ctrl-C ends it.%n",
        config.port(), tls, config.firstRelayPort(), config.lastRelayPort());
    stopped.await();
    return OK;
  }
}
