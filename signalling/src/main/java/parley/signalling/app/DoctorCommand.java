package parley.signalling.app;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import parley.signalling.settings.SettingsException;
import parley.stun.doctor.Finding;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code parley doctor}: what is wrong with the settings, the network and the machine. */
@Command(
    name = "doctor",
    mixinStandardHelpOptions = true,
    versionProvider = Main.Version.class,
    description = {
      "Examines the installation whose settings it is given, on the machine where it runs, whether"
          + " it is running or not: addresses, ports, TURN servers, certificates, clock, limits,"
          + " disks, the OpenID provider. Each line says what was looked at, whether it is right,"
          + " why it matters and what to change.%n",
      "What comes in from outside, only somebody outside can try: name a TURN server elsewhere in"
          + " ice_servers, and the media port is tried through it.%n",
      "Exit code: 0 if nothing is wrong; 1 if something is; 2 if the settings cannot be used."
    })
final class DoctorCommand implements Callable<Integer> {

  private static final int OK = 0;
  private static final int SOMETHING_WRONG = 1;
  private static final int WRONG_SETTINGS = 2;

  @Option(names = "--config", paramLabel = "FILE", description = "YAML file with settings.")
  private @Nullable Path config;

  @Option(
      names = "--stun",
      paramLabel = "HOST:PORT",
      description = "A STUN server elsewhere, to say how this machine is seen; default: none.")
  private String stun = "";

  @Option(
      names = "--ntp",
      paramLabel = "HOST",
      defaultValue = Examined.NTP,
      description = "A time server; default: ${DEFAULT-VALUE}; empty: none.")
  private String ntp = "";

  @Option(names = "--json", description = "Print the findings as JSON, for scripts.")
  private boolean json;

  @Option(
      names = "--host",
      paramLabel = "NAME",
      description =
          "The name by which clients reach this node; default: turn.host, or its first address.")
  private String host = "";

  @Override
  public Integer call() throws IOException, InterruptedException {
    try {
      AppConfig settings = AppConfig.read(RunCommand.file(config), RunCommand.environment());
      Log.level("error");
      List<Finding> findings =
          Examined.findings(
              settings,
              Examined.of(settings, host, stun, ntp),
              finding -> {
                if (!json) {
                  System.out.println(finding.text());
                }
              });
      if (json) {
        System.out.println(
            new ObjectMapper()
                .enable(SerializationFeature.INDENT_OUTPUT)
                .writeValueAsString(findings));
      }
      return findings.stream().anyMatch(each -> each.verdict() == Finding.Verdict.WRONG)
          ? SOMETHING_WRONG
          : OK;
    } catch (SettingsException e) {
      System.err.println("parley: the settings cannot be used:");
      e.problems().forEach(problem -> System.err.println("  " + problem));
      return WRONG_SETTINGS;
    }
  }
}
