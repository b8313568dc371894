package parley.signalling.app;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import parley.signalling.settings.SettingsException;
import parley.signalling.settings.SettingsPrinter;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code parley run}: starts a node and keeps it until the process is told to end. */
@Command(
    name = "run",
    mixinStandardHelpOptions = true,
    versionProvider = Main.Version.class,
    description = {
      "Starts everything in one process: pages, signalling, relay and recorder.%n",
      "Without settings, the demo team is served on http://127.0.0.1:8080; with gateway.upstream,"
          + " Parley stands in front of a chat server instead.%n",
      "Settings come from --config (or the file that PARLEY_CONFIG names) and from environment"
          + " variables that override it: PARLEY_HTTP_PORT is the key http.port. A list is written"
          + " with commas. --print-config shows every key, its meaning and its value.%n"
    })
final class RunCommand implements Callable<Integer> {

  private static final int OK = 0;
  private static final int FAILED = 1;
  private static final int WRONG_SETTINGS = 2;

  /** The one variable that is no key. */
  private static final String CONFIG_VARIABLE = "PARLEY_CONFIG";

  @Option(names = "--config", paramLabel = "FILE", description = "YAML file with settings.")
  private @Nullable Path config;

  @Option(names = "--print-config", description = "Print the settings in force, and end.")
  private boolean printConfig;

  @Override
  public Integer call() throws InterruptedException {
    CompilerThreads.giveWay();
    try {
      AppConfig settings = settings();
      if (printConfig) {
        System.out.print(SettingsPrinter.print(settings));
        return OK;
      }
      Log.set(settings.logging());
      return Role.isTurnAlone(Role.of(settings.roles()))
          ? TurnCommand.serve(settings)
          : serve(Node.start(settings));
    } catch (SettingsException e) {
      System.err.println("parley: the settings cannot be used:");
      e.problems().forEach(problem -> System.err.println("  " + problem));
      return WRONG_SETTINGS;
    } catch (IOException e) {
      System.err.println("parley: " + e.getMessage());
      return FAILED;
    }
  }

  private AppConfig settings() throws SettingsException {
    return AppConfig.read(file(config), environment());
  }

  /** The file of settings: this one, else what the environment names, else none. */
  static @Nullable Path file(@Nullable Path named) {
    String variable = System.getenv(CONFIG_VARIABLE);
    return named != null || variable == null ? named : Path.of(variable);
  }

  /** The environment variables that may be keys. */
  static Map<String, String> environment() {
    var environment = new HashMap<>(System.getenv());
    environment.remove(CONFIG_VARIABLE);
    return environment;
  }

  private static int serve(Node node) throws InterruptedException {
    var ended = new CountDownLatch(1);
    var hook =
        new Thread(
            () -> {
              node.drain();
              node.close();
            },
            "stop");
    Runtime.getRuntime().addShutdownHook(hook);
    System.out.println(greeting(node));
    System.gc(); // starting leaves more garbage than an idle hour: the memory goes back
    CompletionStage<?> _ = node.endAsked().thenRun(ended::countDown);
    ended.await(); // a signal ends the process without us
    return OK; // the process ends, so the hook runs
  }

  private static String greeting(Node node) {
    // Since this JVM began: the process itself may have built the program before.
    double seconds = ManagementFactory.getRuntimeMXBean().getUptime() / 1000.0;
    String ready = String.format(Locale.ROOT, "Parley is ready (%.1f s).", seconds);
    String click =
        node.isDemo() && node.takesClients()
            ? " Open %s and pick a person; open it again in another window for a second one."
            : " It serves %s.";
    return ready
        + String.format(click, node.url())
        + String.format(
            "%nRecordings: %s; media ports: %s; Ctrl-C ends it.",
            node.recordings(), node.mediaPorts());
  }
}
