package parley.signalling.app;

import com.sun.management.OperatingSystemMXBean;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import parley.relay.api.CallId;
import parley.relay.api.MediaRelay;
import parley.relay.api.RelayConfig;
import parley.relay.api.RelayEvent;
import parley.relay.api.WebBehind;
import parley.relay.evidence.SigningKey;
import parley.relay.mix.Announcement;
import parley.relay.net.InProcessRelay;
import parley.relay.net.PortUnavailable;
import parley.relay.net.TurnNode;
import parley.relay.recording.Recorder;
import parley.relay.store.S3Uploads;
import parley.relay.turn.OwnMedia;
import parley.relay.vault.KeyRing;
import parley.signalling.access.TokenCheck;
import parley.signalling.access.Verdict;
import parley.signalling.call.CallPolicy;
import parley.signalling.callback.CallbackClient;
import parley.signalling.cluster.NodeId;
import parley.signalling.cluster.nats.NatsBus;
import parley.signalling.directory.CallbackTeams;
import parley.signalling.directory.DemoTeam;
import parley.signalling.directory.Directory;
import parley.signalling.directory.Team;
import parley.signalling.directory.TeamChanges;
import parley.signalling.directory.Teams;
import parley.signalling.gateway.Gateway;
import parley.signalling.gateway.GatewaySettings;
import parley.signalling.gateway.LearnedTeams;
import parley.signalling.health.HealthDesk;
import parley.signalling.oidc.OidcProvider;
import parley.signalling.oidc.OidcSettings;
import parley.signalling.server.FrontDoor;
import parley.signalling.server.HttpDoor;
import parley.signalling.server.ServerSettings;
import parley.signalling.servers.Ending;
import parley.signalling.servers.Examination;
import parley.signalling.servers.Services;
import parley.signalling.servers.Watch;
import parley.signalling.session.CallEvents;
import parley.signalling.session.CallLoop;
import parley.signalling.session.Cluster;
import parley.signalling.session.SessionSettings;
import parley.signalling.settings.SettingsException;
import parley.signalling.webhook.Webhooks;
import parley.signalling.wire.EventCodec;
import parley.signalling.wire.TeamId;
import parley.stun.IceServers;

/** One running process: every part made and connected here, and nowhere else. */
public final class Node implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(Node.class);

  /** With it a dead socket is found within 27 s: silent for two pings when the third is due. */
  private static final Duration PING = Duration.ofSeconds(9);

  /** Where the key that signs recordings lies when none is set, seen from their folder. */
  static final Path DEFAULT_SIGNING_KEY = Path.of("keys", "seal.key");

  /** Where the audit log lies when nothing is set, seen from there, too. */
  static final Path DEFAULT_AUDIT = Path.of("audit");

  private static final Set<PosixFilePermission> OWNER_ONLY =
      PosixFilePermissions.fromString("rwx------");

  private final AppConfig config;
  private final RelayConfig relayConfig;
  private final @Nullable DemoTeam demo;

  /** Last in, first closed. */
  private final Deque<AutoCloseable> running = new ArrayDeque<>();

  /** Where teams come from, as soon as that is there. */
  private final AtomicReference<@Nullable Teams> teams = new AtomicReference<>();

  private final AtomicReference<Consumer<TeamId>> teamHasChanged = new AtomicReference<>(uid -> {});

  /** Complete when an operator wants this node to end. */
  private final CompletableFuture<@Nullable Void> endAsked = new CompletableFuture<>();

  private @Nullable HttpDoor door;
  private @Nullable CallLoop loop;
  private @Nullable HealthDesk health;

  private Node(AppConfig config, RelayConfig relayConfig, @Nullable DemoTeam demo) {
    this.config = config;
    this.relayConfig = relayConfig;
    this.demo = demo;
  }

  /**
   * Starts everything with its defaults, inside of another program.
   *
   * @param settings what is not as by default, under the names of the environment variables
   * @throws SettingsException with every mistake, and what would be right
   * @throws IOException with a sentence, when a port or a folder cannot be had
   */
  public static Node start(Map<String, String> settings)
      throws SettingsException, IOException, InterruptedException {
    AppConfig config = AppConfig.read(null, settings);
    Log.set(config.logging());
    return start(config);
  }

  /**
   * Starts everything; what was started is stopped again when something fails.
   *
   * @throws SettingsException when settings are right one by one but not here and together
   * @throws IOException with a sentence, when a port or a folder cannot be had
   */
  static Node start(AppConfig config) throws SettingsException, IOException, InterruptedException {
    AppConfig.DirectorySource source = config.directory();
    if (!source.file().isEmpty() && !source.url().isEmpty()) {
      throw new SettingsException(
          "directory.url", "is set, and directory.file is as well; right would be one of them");
    }
    Role.check(Role.of(config.roles()), config.nats().isSet());
    refuseToTellOfNoIceServer(config);
    GatewaySettings gateway = config.gateway().settings(config.http().allowedOrigins(), PING);
    if (gateway != null && config.nats().isSet()) {
      throw new SettingsException(
          "nats.url",
          "is set, and gateway.upstream is as well: what a gateway learns of people it keeps to"
              + " itself; right would be one of the two");
    }
    boolean isDemo =
        gateway == null
            && source.file().isEmpty()
            && source.url().isEmpty()
            && config.auth().byDirectory();
    DemoTeam demo = isDemo ? DemoTeam.load() : null;
    Directory directory = null;
    if (gateway == null) {
      directory = demo == null ? directory(source) : demo.directory();
      refuseToOpenTheDemo(config, directory);
      config.recording().rules().check(directory, source.file());
    }
    List<String> shown = AppConfig.resolve("media.advertise", config.media().advertise());
    var node = new Node(config, config.relay().withAdvertise(shown), demo);
    try {
      node.open(directory, gateway);
      return node;
    } catch (IOException | SettingsException | RuntimeException | InterruptedException e) {
      node.close();
      if (e instanceof PortUnavailable unavailable) {
        throw new IOException(unavailable.getMessage(), e);
      }
      throw e;
    }
  }

  /** Clients insist on one, though they need none to reach a relay. */
  private static void refuseToTellOfNoIceServer(AppConfig config) throws SettingsException {
    if (config.mediaPort() == 0 && config.iceServers().isEmpty() && !config.runsTurn()) {
      throw new SettingsException(
          "ice_servers",
          "is empty, and by its roles this node has neither media ports nor a TURN server, which"
              + " would answer as STUN servers: clients would be told of none, and want one. Right"
              + " would be one there, like [{urls: \"stun:HOST:PORT\"}] with a relay's media port");
    }
  }

  /** Unless it is asked for by name: everyone knows the demo's tokens, in whichever file. */
  private static void refuseToOpenTheDemo(AppConfig config, @Nullable Directory directory)
      throws SettingsException {
    String host = config.http().host();
    boolean isClosed = isLoopback(host) || config.directory().demoOnNetwork();
    if (isClosed || !config.auth().byDirectory() || directory == null) {
      return;
    }
    if (DemoTeam.load().knowsTokensOf(directory)) {
      String what = config.directory().file().isEmpty() ? "none is set" : "has the demo's tokens";
      throw new SettingsException(
          "directory.file",
          what
              + ", and http.host "
              + host
              + " can be reached from the network: everyone there could sign in with the demo"
              + " team's tokens. Right would be a directory.file of your own with tokens of your"
              + " own, or, to open the demo all the same, directory.demo_on_network: true"
              + " (PARLEY_DIRECTORY_DEMO_ON_NETWORK=true)");
    }
  }

  /** Null when the chat server is asked. The demo's people can be whom signed tokens name, too. */
  private static @Nullable Directory directory(AppConfig.DirectorySource source)
      throws SettingsException {
    if (!source.url().isEmpty()) {
      return null;
    }
    return source.file().isEmpty()
        ? DemoTeam.load().directory()
        : Directory.read(Path.of(source.file()));
  }

  private CallbackTeams teams(CallLoop loop) throws SettingsException {
    AppConfig.DirectorySource source = config.directory();
    URI url = AuthConfig.http("directory.url", source.url());
    if (url == null) {
      throw new IllegalStateException("asked for without a URL");
    }
    return new CallbackTeams(
        new CallbackTeams.Source(
            url,
            source.authorization(),
            Duration.ofSeconds(source.cacheS()),
            Duration.ofSeconds(source.staleS())),
        CallbackClient.forLargeAnswers(Duration.ofMillis(source.timeoutMs())),
        loop::teamChanged);
  }

  private void open(@Nullable Directory directory, @Nullable GatewaySettings gateway)
      throws IOException, SettingsException, InterruptedException {
    folder("recording.directory", relayConfig.recordings());
    Metrics meters = new Metrics(config.metrics(), Main.Version.number());
    running.push(meters);
    MeterRegistry metrics = meters.registry();
    CallTraces traces = traces();
    var codec = new EventCodec();
    Announcement notice = NoticeSetting.read(config.recording().noticeFile());
    SigningKey key = signingKey();
    Accesses accesses = accesses(key);
    KeyRing ring = config.recording().encryption().open();
    CallEvents webhooks = webhooks(metrics);
    var desk =
        new RecordingsDesk(
            config,
            relayConfig.recordings(),
            auditDirectory(),
            key,
            ring,
            accesses,
            webhooks,
            metrics);
    running.push(desk);
    CallEvents events = events(webhooks, desk, accesses, metrics, traces);
    var loop = new CallLoop(codec, sessionSettings(), Clock.systemUTC(), metrics, events);
    this.loop = loop;
    Cluster cluster = cluster(metrics);
    S3Uploads uploads = uploads(key);
    var recorder =
        new Recorder(
            relayConfig.recordings(),
            Clock.systemUTC(),
            key,
            ring,
            event -> {
              loop.fromRelay(event);
              desk.onRelay(event);
              if (uploads != null && isClosed(event)) {
                uploads.look();
              }
            });
    running.push(recorder);
    InProcessRelay relay = null;
    if (config.has(Role.RELAY)) {
      relay = new InProcessRelay(relayConfig, recorder, metrics, told(loop, traces), notice);
      running.pop(); // the relay closes it
      metrics.gauge(
          "parley.recording.possible", relay, r -> r.recordingHealth().possible() ? 1 : 0);
    }
    MediaRelay media = relay == null ? new NoRelay() : relay;
    running.push(loop);
    running.push(media);
    loop.start(media, cluster);
    if (uploads != null) {
      metrics.gauge("parley.recording.store.waiting", uploads, S3Uploads::waiting);
    }
    var health =
        new HealthDesk(
            NodeChecks.of(config, relay, recorder.meter(), loop, uploads), stuck(relay, loop));
    running.push(health);
    this.health = health;
    meters.watch(health);
    var states =
        new NodeStates(
            Main.Version.number(),
            metrics,
            relay,
            recorder.meter(),
            loop,
            uploads,
            config.runsTurn(),
            Clock.systemUTC());
    running.push(states);
    var watch = new Watch(health, meters::text, states);
    var services =
        new Services(
            config.api().serviceTokens(),
            accesses,
            new Examination(() -> Examined.findings(config)),
            watch,
            new Ending(loop::otherNodes, config.nats().drainS(), () -> endAsked.complete(null)),
            provider(),
            desk.doors());
    HttpDoor opened =
        gateway == null
            ? direct(directory, services, loop, codec, metrics)
            : before(gateway, services, loop, codec, metrics);
    running.push(opened);
    door = opened;
    TurnRole turn = config.turn();
    if (config.runsTurn()) {
      WebBehind web = turn.pages() && turn.hasTls() ? opened.behindTls() : null;
      OwnMedia own = relay == null ? OwnMedia.NONE : relay.ownMedia();
      running.push(new TurnNode(turn.config(), own, metrics, web));
      NodeChecks.countDown(turn, metrics);
    }
    health.begin();
    if (config.management().port() != 0) {
      ManagementDoor beside = ManagementDoor.open(config.management(), watch);
      running.push(beside);
    }
  }

  private static BooleanSupplier stuck(@Nullable InProcessRelay relay, CallLoop loop) {
    return () -> NodeChecks.isStuck(relay, loop);
  }

  /** Null when operators sign in by tokens alone. */
  private @Nullable OidcProvider provider() throws SettingsException {
    OidcSettings settings = config.operate().settings();
    if (settings == null) {
      return null;
    }
    OidcProvider provider = new OidcProvider(settings);
    running.push(provider);
    return provider;
  }

  /** Null when nobody wants any: then there is nothing of it. */
  private @Nullable CallTraces traces() {
    if (config.tracing().otlp().isEmpty()) {
      return null;
    }
    SpanExport export = new SpanExport(config.tracing());
    running.push(export);
    return new CallTraces(export, Clock.systemUTC());
  }

  private static Consumer<RelayEvent> told(CallLoop loop, @Nullable CallTraces traces) {
    return traces == null
        ? loop::fromRelay
        : event -> {
          loop.fromRelay(event);
          traces.onRelay(event);
        };
  }

  /** This process among others, if there are others. */
  private Cluster cluster(MeterRegistry metrics)
      throws IOException, SettingsException, InterruptedException {
    NatsConfig nats = config.nats();
    if (!nats.isSet()) {
      return Cluster.alone();
    }
    NodeId self = NodeId.of(nats.name(), new SecureRandom());
    NatsBus bus = NatsBus.open(nats.settings(), metrics);
    running.push(bus);
    log.info("this node is {}", self);
    var machine = ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
    return new Cluster(
        self,
        bus,
        nats.prefix(),
        Duration.ofMillis(nats.leaseMs()),
        nats.region(),
        config.has(Role.RELAY),
        nats.share(),
        machine::getCpuLoad,
        this::team,
        uid -> teamHasChanged.get().accept(uid));
  }

  /** A team that other nodes have clients of. */
  private CompletableFuture<@Nullable Team> team(TeamId uid) {
    Teams source = teams.get();
    if (source == null) {
      return CompletableFuture.failedFuture(new IllegalStateException("not yet"));
    }
    return source
        .find(uid)
        .thenApply(
            found ->
                switch (found) {
                  case Teams.TheTeam is -> is.team();
                  case Teams.NoTeam none -> null;
                });
  }

  /** The door of clients that have no other server. */
  private HttpDoor direct(
      @Nullable Directory directory,
      Services services,
      CallLoop loop,
      EventCodec codec,
      MeterRegistry metrics)
      throws IOException, SettingsException, InterruptedException {
    TokenCheck tokens = config.auth().open(directory);
    running.push(tokens);
    Teams teams = directory;
    TeamChanges changes = null;
    if (teams == null) {
      CallbackTeams asked = teams(loop);
      running.push(asked);
      teams = asked;
      teamHasChanged.set(asked::invalidate);
      changes = new TeamChanges(config.directory().authorization(), asked::invalidate);
    }
    this.teams.set(teams);
    return HttpDoor.open(
        serverSettings(),
        teams,
        changes,
        tokens,
        services,
        demo,
        config.link().toSettings(PING),
        loop,
        codec,
        metrics);
  }

  /** The door that stands before a chat server. */
  private HttpDoor before(
      GatewaySettings gateway,
      Services services,
      CallLoop loop,
      EventCodec codec,
      MeterRegistry metrics)
      throws IOException, InterruptedException {
    var teams =
        new LearnedTeams(loop::teamChanged, gateway.recordCalls(), gateway.remember(), metrics);
    running.push(teams);
    FrontDoor.Maker maker = Gateway.maker(gateway, teams, loop, codec, metrics);
    return HttpDoor.open(
        serverSettings(),
        teams,
        null,
        Node::nobody,
        services,
        null,
        config.link().toSettings(PING),
        loop,
        codec,
        metrics,
        maker);
  }

  /** The chat server knows whose a token is, and nobody else. */
  private static CompletableFuture<Verdict> nobody(String token) {
    return CompletableFuture.completedFuture(new Verdict.Unknown("it is the chat server's"));
  }

  /** Without endpoints nothing is kept for anybody. */
  private CallEvents webhooks(MeterRegistry metrics) throws IOException {
    Webhooks.Settings settings = config.webhooks().settings();
    if (settings.endpoints().isEmpty()) {
      return CallEvents.NONE;
    }
    folder("webhooks.directory", settings.folder());
    Webhooks webhooks = Webhooks.start(settings, Clock.systemUTC(), metrics);
    running.push(webhooks);
    return webhooks;
  }

  private CallEvents events(
      CallEvents webhooks,
      CallEvents desk,
      Accesses accesses,
      MeterRegistry metrics,
      @Nullable CallTraces traces) {
    var decisions = new RecordingDecisions(accesses, metrics);
    running.push(decisions);
    List<CallEvents> all =
        new ArrayList<>(List.of(webhooks, decisions, desk, new CallMetrics(metrics)));
    if (traces != null) {
      all.add(traces);
    }
    return event -> all.forEach(each -> each.happened(event));
  }

  /** Null when recordings stay where they are. */
  private @Nullable S3Uploads uploads(SigningKey key) {
    RecordingStore store = config.recording().store();
    if (!store.isSet()) {
      return null;
    }
    var uploads =
        new S3Uploads(
            store.open(relayConfig.recordings(), key.publicKey()), store.spoolMib() * (1L << 20));
    running.push(uploads);
    return uploads;
  }

  private static boolean isClosed(RelayEvent event) {
    return event instanceof RelayEvent.RecordingReady || event instanceof RelayEvent.RecordingFound;
  }

  /** By default beside the recordings, made at the first start. */
  private SigningKey signingKey() throws IOException {
    String file = config.recording().signingKey();
    return SigningKey.open(
        file.isEmpty()
            ? relayConfig.recordings().resolve(DEFAULT_SIGNING_KEY)
            : Path.of(file).toAbsolutePath());
  }

  private Accesses accesses(SigningKey key) {
    return new Accesses(auditDirectory(), key, config.recording().auditMaxMib());
  }

  private Path auditDirectory() {
    String folder = config.recording().auditDirectory();
    return folder.isEmpty()
        ? relayConfig.recordings().resolve(DEFAULT_AUDIT)
        : Path.of(folder).toAbsolutePath();
  }

  boolean isDemo() {
    return demo != null;
  }

  /** Where people of this machine find the page: no slash at the end. */
  public String url() {
    String host = config.http().host();
    String shown =
        switch (host) {
          case "0.0.0.0", "::" -> "localhost";
          default -> host.contains(":") ? "[" + host + "]" : host;
        };
    return "http://" + shown + ":" + port();
  }

  int port() {
    return door == null ? config.http().port() : door.port();
  }

  Path recordings() {
    return relayConfig.recordings();
  }

  /** A drill: everyone meets what follows when the relay had to give up a call. */
  public void loseCall(String uid) {
    if (loop != null) {
      loop.fromRelay(new RelayEvent.Failed(new CallId(uid), "a drill"));
    }
  }

  /** Calls that run on this node. */
  int calls() {
    return loop == null ? 0 : loop.calls();
  }

  /** Whether people find something at {@link #url()}. */
  boolean takesClients() {
    return config.has(Role.SIGNALLING);
  }

  String mediaPorts() {
    if (!config.has(Role.RELAY)) {
      return "none";
    }
    int loops =
        relayConfig.loops() == 0 ? Runtime.getRuntime().availableProcessors() : relayConfig.loops();
    int first = relayConfig.basePort();
    return "UDP " + (loops == 1 ? String.valueOf(first) : first + "–" + (first + loops - 1));
  }

  /** Complete when an operator wants the process that this node is part of to end. */
  public CompletionStage<@Nullable Void> endAsked() {
    return endAsked;
  }

  /** Hands the calls over to other nodes, if there are any; in {@code nats.drain_s} at most. */
  void drain() {
    HealthDesk told = health;
    if (told != null) {
      told.drain(true); // no new calls are to be brought here
    }
    if (loop == null || !config.nats().isSet()) {
      return;
    }
    try {
      loop.drain().get(config.nats().drainS(), TimeUnit.SECONDS);
      log.info("drained");
    } catch (TimeoutException e) {
      log.warn("not all calls were handed over within {} s", config.nats().drainS());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (ExecutionException e) {
      log.warn("the calls were not handed over: {}", String.valueOf(e.getCause()));
    }
  }

  /** Lets clients go, then ends calls and recordings. Returns when all is on disk. */
  @Override
  public void close() {
    for (AutoCloseable part = running.poll(); part != null; part = running.poll()) {
      try {
        part.close();
      } catch (Exception e) {
        log.error("{} did not close in order", part.getClass().getSimpleName(), e);
      }
    }
  }

  private SessionSettings sessionSettings() {
    CallPolicy defaults = CallPolicy.defaults();
    AppConfig.Calls calls = config.calls();
    return new SessionSettings(
        Duration.ofSeconds(config.clients().resendTimeoutS()),
        new CallPolicy(
            Duration.ofSeconds(calls.buzzTimeoutS()),
            Duration.ofSeconds(calls.graceS()),
            defaults.restartTimeout(),
            defaults.stateInterval(),
            calls.onlyOneDevicePerCall(),
            calls.maxParticipants(),
            calls.allowAdminMute() ? CallPolicy.MuteAll.ADMINS : CallPolicy.MuteAll.PARTICIPANTS),
        config.recording().rules().toPolicies());
  }

  private ServerSettings serverSettings() {
    return new ServerSettings(
        config.http().host(),
        config.http().port(),
        config.http().allowedOrigins(),
        isDemo() && !config.directory().demoOnNetwork(),
        config.has(Role.SIGNALLING),
        PING,
        new ServerSettings.Features(
            config.calls().onlyOneDevicePerCall(),
            config.calls().maxParticipants(),
            config.calls().allowAdminMute(),
            new IceServers(
                config.iceServers().stream().map(AppConfig.Ice::source).toList(),
                config.ownTurn(),
                Duration.ofSeconds(config.turn().credentialsS())),
            config.mediaPort(),
            Duration.ofSeconds(config.clients().resendTimeoutS()),
            Duration.ofSeconds(config.clients().afkAgeS())),
        config.limits().settings());
  }

  private static boolean isLoopback(String host) throws SettingsException {
    try {
      return InetAddress.getByName(host).isLoopbackAddress();
    } catch (UnknownHostException e) {
      throw new SettingsException(
          "http.host",
          "\"" + host + "\" is no address of this machine; right would be one, or 0.0.0.0 for all");
    }
  }

  /**
   * What people said is nobody's on this machine but ours; a folder that is there stays as it is.
   */
  private static void folder(String key, Path folder) throws IOException {
    boolean posix = folder.getFileSystem().supportedFileAttributeViews().contains("posix");
    FileAttribute<?>[] ours =
        posix
            ? new FileAttribute<?>[] {PosixFilePermissions.asFileAttribute(OWNER_ONLY)}
            : new FileAttribute<?>[0];
    try {
      Files.createDirectories(folder, ours);
    } catch (IOException e) {
      throw new IOException("cannot make " + key + " " + folder + ": " + e, e);
    }
    if (!Files.isWritable(folder)) {
      throw new IOException(key + " " + folder + " is not writable");
    }
  }
}
