package parley.load.bench.server;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import parley.load.bench.media.Leg;
import parley.load.bench.media.RemoteEnd;
import parley.load.bench.media.Swarm;
import parley.load.chaos.NatsProcess;
import parley.load.server.ParleyProcess;

/** Several nodes of Parley and NATS between them: one call that is larger than one node's share. */
public final class ParleyCluster implements AutoCloseable {

  private static final int PATIENCE_S = 60;

  private static final Pattern TRUNK =
      Pattern.compile("(?m)^parley_relay_trunk_packets_total\\{[^}]*out[^}]*} (\\S+)");

  private static final Pattern DEVICES =
      Pattern.compile("(?m)^parley_relay_peers(?:\\{.*})? (\\S+)");

  private final Shape shape;
  private final Pace pace;
  private final CallDirectory directory;
  private final NatsProcess nats;
  private final List<ParleyProcess> nodes = new ArrayList<>();
  private final List<Integer> management = new ArrayList<>();
  private final ExecutorService callbacks = Executors.newFixedThreadPool(2);
  private final HttpClient http = HttpClient.newBuilder().executor(callbacks).build();
  private final Queue<CallSocket> sockets = new ConcurrentLinkedQueue<>();

  /**
   * @param folder empty
   * @param shape one room
   * @param share how many of its people one node carries
   * @param prefix of each node's command
   */
  public ParleyCluster(
      Path folder, int count, Shape shape, int share, List<String> prefix, Pace pace)
      throws IOException {
    this.shape = shape;
    this.pace = pace;
    directory = new CallDirectory(1, shape.people());
    Path file = folder.resolve("directory.yaml");
    Files.writeString(file, directory.yaml());
    nats = new NatsProcess(folder.resolve("nats"));
    try {
      for (int i = 1; i <= count; i++) {
        nodes.add(start(folder.resolve("node-" + i), file, i, share, prefix));
      }
    } catch (IOException | RuntimeException | Error e) {
      close();
      throw e;
    }
  }

  private ParleyProcess start(Path own, Path file, int number, int share, List<String> prefix)
      throws IOException {
    int port;
    try (var free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = free.getLocalPort();
    }
    management.add(port);
    String address = "127.0.2." + number;
    return ParleyProcess.start(
        own,
        Map.ofEntries(
            Map.entry("PARLEY_DIRECTORY_FILE", file.toString()),
            Map.entry("PARLEY_HTTP_HOST", address),
            Map.entry("PARLEY_MEDIA_ADDRESSES", address),
            Map.entry("PARLEY_MEDIA_LOOPS", "1"),
            Map.entry("PARLEY_MEDIA_LOUDEST", Integer.toString(shape.heard())),
            Map.entry("PARLEY_MANAGEMENT_PORT", Integer.toString(port)),
            Map.entry(
                "PARLEY_NATS_URL",
                "nats://" + nats.address().getHostString() + ":" + nats.address().getPort()),
            Map.entry("PARLEY_NATS_NODE", "n" + number),
            Map.entry("PARLEY_NATS_SHARE", Integer.toString(share)),
            Map.entry("PARLEY_LOGGING_LEVEL", "warn")),
        List.of(),
        prefix);
  }

  /** Everybody comes, each to the next node. */
  public Party invite(Swarm swarm) throws IOException, InterruptedException {
    return new Joining(pace).all(shape, (room, person) -> enter(swarm, person));
  }

  private Seat enter(Swarm swarm, int person) throws Exception {
    String url = nodes.get(person % nodes.size()).url();
    CallSocket socket =
        CallSocket.connect(http, url, directory.team(0), directory.token(0, person));
    sockets.add(socket);
    Leg leg = swarm.newLeg();
    String answer =
        socket
            .offer(directory.chat(0), ClientOffer.sdp(leg, shape.heard()))
            .get(PATIENCE_S, TimeUnit.SECONDS);
    leg.connect(RemoteEnd.of(answer)).get(PATIENCE_S, TimeUnit.SECONDS);
    return new Seat(0, talks(person), leg, leg);
  }

  /** The owner fills one node after the other, so that these are on different ones. */
  private boolean talks(int person) {
    int apart = shape.people() / shape.talkers();
    return person % apart == 0 && person / apart < shape.talkers();
  }

  public List<Long> pids() {
    return nodes.stream().map(ParleyProcess::pid).toList();
  }

  /** Packets that each node has sent to others so far. */
  public List<Long> trunkPackets() throws IOException, InterruptedException {
    return metrics(TRUNK);
  }

  /** How many devices each node has in calls. */
  public List<Long> devices() throws IOException, InterruptedException {
    return metrics(DEVICES);
  }

  private List<Long> metrics(Pattern line) throws IOException, InterruptedException {
    List<Long> all = new ArrayList<>();
    for (int port : management) {
      var asked = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/metrics"));
      String text = http.send(asked.build(), HttpResponse.BodyHandlers.ofString()).body();
      Matcher found = line.matcher(text);
      all.add(found.find() ? (long) Double.parseDouble(found.group(1)) : 0);
    }
    return all;
  }

  @Override
  public void close() {
    sockets.forEach(CallSocket::close);
    http.shutdownNow();
    callbacks.shutdownNow();
    nodes.forEach(ParleyProcess::kill);
    nats.close();
  }
}
