package parley.signalling.app;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import parley.relay.api.LoopTuning;
import parley.relay.api.RelayConfig;
import parley.signalling.settings.Setting;
import parley.signalling.settings.Settings;
import parley.signalling.settings.SettingsException;
import parley.stun.IceServerSource;
import parley.stun.OwnTurn;
import parley.stun.PublicAddress;

/**
 * Everything that can be set, with its defaults: one YAML file, overridden by environment variables
 * ({@code PARLEY_HTTP_PORT} for {@code http.port}).
 */
record AppConfig(
    @Setting(
            "What this process does: signalling (clients connect to it), relay (calls run on it),"
                + " turn (if turn.enabled); fewer than all for nodes that scale apart, with"
                + " nats.url; turn alone is a TURN server and nothing else")
        List<String> roles,
    Http http,
    Media media,
    Recording recording,
    Calls calls,
    Clients clients,
    DirectorySource directory,
    AuthConfig auth,
    LimitsConfig limits,
    LinkConfig link,
    GatewayConfig gateway,
    @Setting(
            "STUN and TURN servers for clients, beside the section turn; none at all: this node's"
                + " media port, if it has one (roles)")
        List<Ice> iceServers,
    WebhooksConfig webhooks,
    ApiConfig api,
    OperateConfig operate,
    TurnRole turn,
    NatsConfig nats,
    ManagementConfig management,
    MetricsConfig metrics,
    TracingConfig tracing,
    Logging logging) {

  private static final String PREFIX = "PARLEY";

  AppConfig {
    Role.of(roles); // refuses, with a sentence
  }

  boolean has(Role role) {
    return Role.of(roles).contains(role);
  }

  /** UDP port of the first media loop; 0: calls run on other nodes. */
  int mediaPort() {
    return has(Role.RELAY) ? media.port() : 0;
  }

  /** Whether the TURN server is one of this process' parts. */
  boolean runsTurn() {
    return has(Role.TURN) && (turn.enabled() || Role.isTurnAlone(Role.of(roles)));
  }

  /** What clients are told of it; null: there is none here. */
  @Nullable OwnTurn ownTurn() {
    return runsTurn() ? turn.forClients() : null;
  }

  record Http(
      @Setting("Address to listen on; 0.0.0.0 or :: for all") String host,
      @Setting(value = "TCP port of pages, HTTP API and WebSockets", max = 65_535) int port,
      @Setting(
              "Other web origins whose pages may use a signed-in session, like"
                  + " https://chat.example")
          List<String> allowedOrigins) {
    private static final Pattern ORIGIN = Pattern.compile("https?://[^/?#\\s,*]+");

    Http {
      for (String origin : allowedOrigins) {
        if (!ORIGIN.matcher(origin).matches()) {
          throw new IllegalArgumentException(
              "\""
                  + origin
                  + "\" is not what a browser calls an origin; right would be like"
                  + " https://chat.example or https://chat.example:8443, without a path, each by"
                  + " its name");
        }
      }
    }
  }

  record Media(
      @Setting("Local addresses for audio; empty: those of every interface that is up")
          List<String> addresses,
      @Setting("Whether browsers on this machine may send to 127.0.0.1") boolean loopback,
      @Setting(
              "Addresses to show to clients instead, for a node behind a one-to-one NAT; or who"
                  + " tells it at the start: stun:host:port, cloud:aws, cloud:google, cloud:azure")
          List<String> advertise,
      @Setting(
              value = "UDP port of the first media loop; each further loop has the next one",
              min = 1,
              max = 65_535)
          int port,
      @Setting(value = "Number of media loops; 0: one a processor", max = 256) int loops,
      @Setting(value = "How many speakers of a call are heard at the same time", min = 1, max = 64)
          int loudest,
      @Setting(
              value = "A device that stays silent on the network for so long is let go",
              min = 5,
              max = 3_600)
          int consentTimeoutS,
      @Setting(value = "How many DTLS handshakes may run at the same time", min = 1, max = 100_000)
          int handshakes,
      @Setting(
              "Processors for the media loops, by Linux' numbers, one for each and for nothing"
                  + " else; empty: wherever the kernel puts them")
          List<String> processors,
      @Setting(
              value =
                  "How long a media loop looks for packets before it sleeps: less latency for a"
                      + " processor that is always busy; 0: it sleeps, and packets of a millisecond"
                      + " share a wake-up",
              max = 1_000_000)
          int busyPollUs) {

    private static final Pattern PROCESSOR = Pattern.compile("\\d{1,4}");

    Media {
      for (String processor : processors) {
        if (!PROCESSOR.matcher(processor).matches()) {
          throw new IllegalArgumentException(
              "\""
                  + processor
                  + "\" in processors is no processor; right would be numbers as in /proc/cpuinfo,"
                  + " like [2, 3]");
        }
      }
    }

    LoopTuning tuning() {
      return new LoopTuning(processors.stream().map(Integer::valueOf).toList(), busyPollUs);
    }
  }

  record Recording(
      @Setting("Folder for recordings; a relative one starts at the working directory")
          String directory,
      @Setting(
              "Private Ed25519 key (PEM) that signs recordings, its public half beside it as .pub;"
                  + " empty: keys/seal.key in the folder for recordings, made at the first start")
          String signingKey,
      @Setting(
              "Folder of the audit log: who did what with recordings, why, when and from where;"
                  + " empty: audit in the folder for recordings")
          String auditDirectory,
      @Setting(
              value = "How large all of the audit log may get before its oldest part goes",
              min = 2,
              max = 1_048_576)
          int auditMaxMib,
      @Setting(
              "What participants hear where a policy wants a notice: a WAV or Ogg Opus file of 30 s"
                  + " at most; empty: three beeps")
          String noticeFile,
      RecordingRules rules,
      RecordingEncryption encryption,
      RecordingStore store,
      RecordingIndexSettings index,
      RecordingAccess access,
      RecordingReconcile reconcile) {}

  record Calls(
      @Setting(value = "How long a call rings", min = 1, max = 3_600) int buzzTimeoutS,
      @Setting(
              value = "How long a device whose socket broke may take to come back",
              min = 1,
              max = 3_600)
          int graceS,
      @Setting("Whether a second device of the same person takes the call over")
          boolean onlyOneDevicePerCall,
      @Setting(value = "Largest number of people in one call; 0: no limit", max = 100_000)
          int maxParticipants,
      @Setting(
              "Whether only administrators may mute everyone else in a group; the directory can"
                  + " ask the same for one team or chat")
          boolean allowAdminMute) {}

  record Clients(
      @Setting(
              value = "After how long an event that was not confirmed is sent again",
              min = 1,
              max = 600)
          int resendTimeoutS,
      @Setting(
              value = "After how long without input a person counts as away",
              min = 10,
              max = 86_400)
          int afkAgeS) {}

  record DirectorySource(
      @Setting("File with teams, people, chats and tokens; empty, as url is: the demo team")
          String file,
      @Setting(
              value = "Where the chat server tells of a team, whose uid is put behind it",
              optional = true)
          String url,
      @Setting(
              value =
                  "Authorization header to ask it with, and that it tells of changes with, like"
                      + " Bearer and a secret",
              optional = true,
              secret = true)
          String authorization,
      @Setting(value = "How long its answer may take", min = 100, max = 60_000) int timeoutMs,
      @Setting(value = "After how long it is asked again", min = 1, max = 86_400) int cacheS,
      @Setting(value = "How long its last answer holds while it does not answer", max = 31_536_000)
          int staleS,
      @Setting(
              "Whether the demo team, whose tokens everyone knows, may be reached from the network")
          boolean demoOnNetwork) {
    @Override
    public String toString() {
      return "DirectorySource[" + file + ", " + url + "]";
    }
  }

  record Ice(
      @Setting("stun:host:port or turn:host:port?transport=udp") String urls,
      @Setting(value = "For TURN", optional = true) String username,
      @Setting(value = "For TURN", optional = true, secret = true) String credential,
      @Setting(
              value =
                  "Instead of the two: what the server (coturn's use-auth-secret) makes credentials"
                      + " good with, for each person anew",
              optional = true,
              secret = true)
          String secret,
      @Setting(
              value = "For clients who ask for it (/features.json?region=…); empty: for all",
              optional = true)
          String region) {
    Ice {
      new IceServerSource(urls, username, credential, secret, region); // refuses, with a sentence
    }

    IceServerSource source() {
      return new IceServerSource(urls, username, credential, secret, region);
    }

    @Override
    public String toString() {
      return "Ice[" + urls + "]";
    }
  }

  record Logging(
      @Setting(
              value = "How much is logged",
              oneOf = {"error", "warn", "info", "debug", "trace"})
          String level,
      @Setting(
              value = "One line for people, or one JSON object, for each fact",
              oneOf = {"plain", JSON})
          String format) {
    static final String JSON = "json";
  }

  static AppConfig defaults() {
    return new AppConfig(
        Role.words(),
        new Http("127.0.0.1", 8080, List.of()),
        new Media(List.of(), true, List.of(), 20_000, 0, 3, 30, 500, List.of(), 0),
        new Recording(
            "recordings",
            "",
            "",
            1024,
            "",
            RecordingRules.defaults(),
            RecordingEncryption.defaults(),
            RecordingStore.defaults(),
            RecordingIndexSettings.defaults(),
            RecordingAccess.defaults(),
            RecordingReconcile.defaults()),
        new Calls(45, 30, false, 0, false),
        new Clients(5, 300),
        new DirectorySource("", "", "", 3_000, 60, 86_400, false),
        AuthConfig.defaults(),
        LimitsConfig.defaults(),
        LinkConfig.defaults(),
        GatewayConfig.defaults(),
        List.of(),
        WebhooksConfig.defaults(),
        ApiConfig.defaults(),
        OperateConfig.defaults(),
        TurnRole.defaults(),
        NatsConfig.defaults(),
        ManagementConfig.defaults(),
        MetricsConfig.defaults(),
        TracingConfig.defaults(),
        new Logging("info", "plain"));
  }

  /**
   * @param file null: defaults and environment only
   * @throws SettingsException with every mistake, and what would be right
   */
  static AppConfig read(@Nullable Path file, Map<String, String> environment)
      throws SettingsException {
    return Settings.read(AppConfig.class, file, defaults(), PREFIX, environment);
  }

  /**
   * Literal addresses, those found out that a setting only says how to find out.
   *
   * @throws SettingsException when one could not be
   */
  static List<String> resolve(String key, List<String> advertise)
      throws SettingsException, InterruptedException {
    try {
      return new PublicAddress().resolve(advertise);
    } catch (IOException e) {
      throw new SettingsException(key, String.valueOf(e.getMessage()));
    }
  }

  RelayConfig relay() {
    return new RelayConfig(
        media.addresses,
        media.loopback,
        media.advertise,
        media.port,
        media.loops,
        media.loudest,
        Duration.ofSeconds(media.consentTimeoutS),
        media.handshakes,
        Path.of(recording.directory).toAbsolutePath().normalize(),
        media.tuning());
  }
}
