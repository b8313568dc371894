package parley.load.run;

import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import parley.load.bench.BenchFolder;
import parley.load.bench.kernel.CpuTime;
import parley.load.bench.kernel.ProcessStatus;
import parley.load.bench.media.LocalAddress;
import parley.load.scenario.Scenario;
import parley.load.server.ParleyProcess;
import parley.signalling.settings.Settings;
import parley.signalling.settings.SettingsException;

/** The server that is loaded, who can sign in there, and from which address clients reach it. */
public final class Site implements AutoCloseable {

  private static final double MB = 1_000_000;

  private final String url;
  private final String what;
  private final String address;
  private final List<Cast> casts;
  private final @Nullable ParleyProcess process;
  private final @Nullable BenchFolder folder;
  private final @Nullable String metrics;

  private Site(
      String url,
      String what,
      String address,
      List<Cast> casts,
      @Nullable ParleyProcess process,
      @Nullable BenchFolder folder,
      @Nullable String metrics) {
    this.url = url;
    this.what = what;
    this.address = address;
    this.casts = casts;
    this.process = process;
    this.folder = folder;
    this.metrics = metrics;
  }

  /**
   * Starts a server for this scenario, with the people it takes, in a process and a folder of its
   * own.
   *
   * @param jvmOptions of the server, behind the launcher's
   */
  public static Site own(Scenario scenario, List<String> jvmOptions) throws IOException {
    BenchFolder folder = BenchFolder.create();
    String address = LocalAddress.find();
    OwnTeams teams = new OwnTeams(scenario);
    Path directory = folder.path().resolve("directory.yaml");
    Files.writeString(directory, teams.yaml());
    int loops = Runtime.getRuntime().availableProcessors();
    Map<String, String> settings = new HashMap<>();
    settings.put("PARLEY_DIRECTORY_FILE", directory.toString());
    settings.put("PARLEY_MEDIA_ADDRESSES", address);
    settings.put("PARLEY_MEDIA_LOUDEST", Integer.toString(scenario.voices()));
    settings.put("PARLEY_LOGGING_LEVEL", "warn");
    settings.put("PARLEY_LIMITS_ADDRESS_PER_MINUTE", "0"); // everybody comes from one address
    int management = freePort();
    settings.put("PARLEY_MANAGEMENT_PORT", Integer.toString(management));
    ParleyProcess process =
        ParleyProcess.start(folder.path().resolve("recordings"), settings, jvmOptions);
    return new Site(
        process.url(),
        "a Parley of its own, on this machine (%d processors)".formatted(loops),
        address,
        teams.casts(),
        process,
        folder,
        "http://127.0.0.1:%d/metrics".formatted(management));
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }

  /**
   * A server that runs already.
   *
   * @param url {@code http://host:port}; {@code ws} is right, too
   * @param people a file of who may sign in
   * @param metrics the address of its Prometheus endpoint; null: none is known
   * @throws SettingsException when the file is wrong
   * @throws IOException when the server does not answer, or lacks people for the scenario
   */
  public static Site running(
      Scenario scenario, String url, Path people, @Nullable String metrics, HttpClient http)
      throws IOException, SettingsException, InterruptedException {
    String base = url.replaceFirst("^ws", "http").replaceFirst("/+$", "");
    PeopleFile file = Settings.read(PeopleFile.class, Settings.text(people), people.toString());
    List<Cast> casts = new ForeignTeams(http, base).cast(scenario, file);
    URI server = URI.create(base);
    return new Site(
        base, server.getAuthority(), addressTowards(server), casts, null, null, metrics);
  }

  /** The local address from which packets to that host leave. */
  private static String addressTowards(URI server) throws IOException {
    InetAddress host = InetAddress.getByName(server.getHost());
    if (host.isLoopbackAddress()) {
      return LocalAddress.find(); // its media has this machine's own addresses
    }
    try (DatagramSocket probe = new DatagramSocket()) {
      probe.connect(new InetSocketAddress(host, 9)); // sends nothing
      return probe.getLocalAddress().getHostAddress();
    }
  }

  /** {@code http://host:port} without a slash at the end. */
  public String url() {
    return url;
  }

  /** What it is, for people. */
  public String what() {
    return what;
  }

  /** Of all clients' media, IPv4. */
  public String address() {
    return address;
  }

  public List<Cast> casts() {
    return casts;
  }

  /** The server's process, when it was started here. */
  public @Nullable ParleyProcess process() {
    return process;
  }

  /** How it is now. */
  public Vitals vitals(HttpClient http) throws InterruptedException {
    Vitals told = metrics == null ? Vitals.UNKNOWN : PrometheusText.read(http, metrics);
    ParleyProcess own = process;
    return own == null || !own.isAlive()
        ? told
        : new Vitals(
            CpuTime.ofProcess(own.pid()).totalNs() / 1e9,
            ProcessStatus.residentBytes(own.pid()) / MB,
            told.heapMb());
  }

  @Override
  public void close() throws IOException {
    if (process != null) {
      process.close();
    }
    if (folder != null) {
      folder.close();
    }
  }
}
