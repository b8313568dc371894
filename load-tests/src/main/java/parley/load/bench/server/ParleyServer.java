package parley.load.bench.server;

import java.io.IOException;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import parley.load.bench.measure.Pauses;
import parley.load.bench.media.Leg;
import parley.load.bench.media.RemoteEnd;
import parley.load.bench.media.Swarm;
import parley.load.server.ParleyProcess;

/** Parley, called by its own protocol: a team for every room, a socket for every participant. */
public final class ParleyServer implements Welcoming {

  /** The most that {@code media.loudest} takes. */
  public static final int MOST_HEARD = 64;

  private static final int PATIENCE_S = 30;

  private final Path folder;
  private final Path safepoints;
  private final ParleyProcess process;
  private final CallDirectory directory;
  private final Pace pace;
  private final ExecutorService callbacks = Executors.newFixedThreadPool(2);
  private final HttpClient http = HttpClient.newBuilder().executor(callbacks).build();
  private final Queue<CallSocket> sockets = new ConcurrentLinkedQueue<>();

  /**
   * @param folder empty, for what belongs to this one
   * @param address for media
   * @param prefix of the command, such as {@code taskset -c 0}
   */
  public ParleyServer(Path folder, String address, Shape shape, List<String> prefix, Pace pace)
      throws IOException {
    this(folder, address, shape, prefix, pace, shape.rooms());
  }

  /**
   * As above, and rooms from {@code recordedFrom} on are recorded.
   *
   * @throws IOException when its files cannot be written
   */
  public ParleyServer(
      Path folder, String address, Shape shape, List<String> prefix, Pace pace, int recordedFrom)
      throws IOException {
    this.folder = folder;
    this.pace = pace;
    directory = new CallDirectory(shape.rooms(), shape.people(), recordedFrom);
    Path file = folder.resolve("directory.yaml");
    Files.writeString(file, directory.yaml());
    safepoints = folder.resolve("safepoints.log");
    process = start(folder, address, file, shape.heard(), safepoints, prefix);
  }

  /** With one media loop, and voices to so many at once. */
  static ParleyProcess start(
      Path folder,
      String address,
      Path directory,
      int loudest,
      Path safepoints,
      List<String> prefix) {
    return ParleyProcess.start(
        folder.resolve("recordings"),
        Map.of(
            "PARLEY_DIRECTORY_FILE",
            directory.toString(),
            "PARLEY_MEDIA_ADDRESSES",
            address,
            "PARLEY_MEDIA_LOOPS",
            "1",
            "PARLEY_MEDIA_LOUDEST",
            Integer.toString(loudest),
            "PARLEY_LOGGING_LEVEL",
            "warn"),
        List.of("-Xlog:safepoint:file=" + safepoints + "::filecount=0"),
        prefix);
  }

  /** The folder of all its recordings. */
  public Path recordings() {
    return process.recordings();
  }

  @Override
  public String name() {
    return "parley";
  }

  @Override
  public String version() {
    return "Parley, settings as they come, one media loop";
  }

  @Override
  public long pid() {
    return process.pid();
  }

  @Override
  public Party invite(Shape shape, Swarm swarm) throws IOException, InterruptedException {
    return new Joining(pace).all(shape, (room, index) -> enter(shape, swarm, room, index));
  }

  @Override
  public Arrival expect(Shape shape, Swarm swarm, int person) throws IOException {
    return expect(shape, swarm, 0, person);
  }

  @Override
  public long readyNs() {
    return process.readyNs();
  }

  /** The same for any room. */
  public Arrival expect(Shape shape, Swarm swarm, int room, int person) throws IOException {
    CallSocket socket =
        CallSocket.connect(
            http, process.url(), directory.team(room), directory.token(room, person));
    sockets.add(socket);
    Leg leg = swarm.newLeg();
    return new Arrival(
        leg,
        () -> {
          String answer =
              socket
                  .offer(directory.chat(room), ClientOffer.sdp(leg, shape.heard()))
                  .get(PATIENCE_S, TimeUnit.SECONDS);
          leg.connect(RemoteEnd.of(answer)).get(PATIENCE_S, TimeUnit.SECONDS);
        });
  }

  private Seat enter(Shape shape, Swarm swarm, int room, int index) throws Exception {
    Arrival arrival = expect(shape, swarm, room, index);
    arrival.begin().run();
    return new Seat(room, index < shape.talkers(), arrival.leg(), arrival.leg());
  }

  @Override
  public Pauses pauses() throws IOException {
    return Pauses.parse(Files.readAllLines(safepoints));
  }

  @Override
  public void close() {
    sockets.forEach(CallSocket::close);
    http.shutdownNow();
    callbacks.shutdownNow();
    process.close();
  }

  @Override
  public String toString() {
    return "parley in " + folder;
  }
}
