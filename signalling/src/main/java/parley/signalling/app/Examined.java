package parley.signalling.app;

import java.net.InetAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import parley.relay.net.InProcessRelay;
import parley.signalling.settings.SettingsException;
import parley.stun.IceServer;
import parley.stun.IceServers;
import parley.stun.doctor.Doctor;
import parley.stun.doctor.Finding;
import parley.stun.doctor.Installation;

/** What the doctor looks at, from the settings. */
final class Examined {

  /** A name for the doctor's own credentials. */
  private static final String USER = "doctor";

  /** Sockets of signed-in people, and what a process has open besides. */
  private static final long OTHER_FILES = 4_000;

  /** Who tells the time, unless another is named. */
  static final String NTP = "pool.ntp.org";

  private Examined() {}

  /** What is found at a node that runs with these settings; takes up to a minute or two. */
  static List<Finding> findings(AppConfig config) {
    try {
      return findings(config, of(config, "", "", NTP), _ -> {});
    } catch (SettingsException e) {
      return List.of(
          new Finding(
              "settings",
              Finding.Verdict.WRONG,
              String.join(" ", e.problems().stream().map(String::valueOf).toList()),
              "The node could not be started with them again.",
              "Correct them."));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while the node was examined", e);
    }
  }

  /**
   * The doctor's, and whether operators can sign in.
   *
   * @param told each finding, as soon as there is one
   */
  static List<Finding> findings(AppConfig config, Installation installation, Consumer<Finding> told)
      throws SettingsException, InterruptedException {
    List<Finding> all = new ArrayList<>(new Doctor(installation).examine(told));
    List<Finding> more = OpenIdCheck.findings(config.operate().settings());
    more.forEach(told);
    all.addAll(more);
    return all;
  }

  /**
   * @param host name by which clients reach the node; empty: as the settings say
   */
  static Installation of(AppConfig config, String host, String stun, String ntp)
      throws SettingsException, InterruptedException {
    TurnRole turn = config.turn();
    boolean runsTurn = config.runsTurn();
    int mediaPort = config.mediaPort();
    List<InetAddress> bound = InProcessRelay.addresses(config.relay());
    List<InetAddress> advertised =
        AppConfig.resolve("media.advertise", config.media().advertise()).stream()
            .map(InetAddress::ofLiteral)
            .toList();
    String name = host.isEmpty() ? turn.host() : host;
    InetAddress first = (advertised.isEmpty() ? bound : advertised).getFirst();
    String reachedAs = name.isEmpty() ? literal(first) : name;
    List<IceServer> servers =
        new IceServers(
                config.iceServers().stream().map(AppConfig.Ice::source).toList(),
                config.ownTurn(),
                Duration.ofSeconds(turn.credentialsS()))
            .forClient(reachedAs, mediaPort, USER, null, Instant.now());
    long files =
        OTHER_FILES
            + (runsTurn
                ? turn.connections() + turn.lastRelayPort() - turn.firstRelayPort() + 1
                : 0);
    return new Installation(
        advertised,
        bound,
        mediaPort,
        servers,
        runsTurn ? name : "",
        runsTurn ? turn.certificate() : "",
        turn.key(),
        config.relay().recordings(),
        config.webhooks().endpoints().isEmpty()
            ? null
            : Path.of(config.webhooks().directory()).toAbsolutePath(),
        runsTurn ? turn.firstRelayPort() : 0,
        runsTurn ? turn.lastRelayPort() : 0,
        files,
        stun,
        ntp);
  }

  private static String literal(InetAddress address) {
    String text = address.getHostAddress();
    return text.contains(":") ? "[" + text + "]" : text;
  }
}
