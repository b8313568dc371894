package parley.load.bench.server;

import java.io.IOException;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import parley.load.bench.media.Leg;
import parley.load.bench.media.RemoteEnd;
import parley.load.bench.media.Swarm;
import parley.load.server.ParleyProcess;

/** Parley, called by clients with a single section. */
public final class ParleyBridge implements Bridge {

  private static final int LOUDEST = 3;
  private static final int PATIENCE_S = 30;

  private final ParleyProcess process;
  private final CallDirectory directory;
  private final int joinsPerSecond;
  private final TalkSink sink;
  private final ExecutorService callbacks = Executors.newFixedThreadPool(2);
  private final HttpClient http = HttpClient.newBuilder().executor(callbacks).build();
  private final Queue<CallSocket> sockets = new ConcurrentLinkedQueue<>();
  private final Queue<Leg> legs = new ConcurrentLinkedQueue<>();

  /**
   * @param folder empty, for what belongs to this one
   * @param address for media
   * @param people in each room at most
   * @param prefix of the command, such as {@code taskset -c 0}
   */
  public ParleyBridge(
      Path folder,
      String address,
      int rooms,
      int people,
      List<String> prefix,
      int joinsPerSecond,
      TalkSink sink)
      throws IOException {
    this.joinsPerSecond = joinsPerSecond;
    this.sink = sink;
    directory = new CallDirectory(rooms, people);
    Path file = folder.resolve("directory.yaml");
    Files.writeString(file, directory.yaml());
    Path safepoints = folder.resolve("safepoints.log");
    process = ParleyServer.start(folder, address, file, LOUDEST, safepoints, prefix);
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
  public List<Leg> invite(Swarm swarm, int room, int people, boolean levels)
      throws IOException, InterruptedException {
    Shape shape = new Shape(1, people, people, 1);
    Party party =
        new Joining(Pace.even(joinsPerSecond))
            .all(shape, (always, person) -> enter(swarm, room, person, levels));
    return party.seats().stream().map(Seat::uplink).toList();
  }

  private Seat enter(Swarm swarm, int room, int person, boolean levels) throws Exception {
    String self = directory.contact(room, person);
    CallSocket socket =
        CallSocket.connect(
            http,
            process.url(),
            directory.team(room),
            directory.token(room, person),
            (actor, talking) -> {
              if (actor.equals(self)) {
                sink.onTalking(room, person, talking, System.nanoTime());
              }
            });
    sockets.add(socket);
    Leg leg = swarm.newLeg();
    legs.add(leg);
    if (!levels) {
      leg.withoutLevels();
    }
    String answer =
        socket
            .offer(directory.chat(room), ClientOffer.sdp(leg, 1))
            .get(PATIENCE_S, TimeUnit.SECONDS);
    leg.connect(RemoteEnd.of(answer)).get(PATIENCE_S, TimeUnit.SECONDS);
    return new Seat(room, true, leg, leg);
  }

  @Override
  public boolean isBusyWhenIdle() {
    return false;
  }

  @Override
  public void dismiss() {
    sockets.forEach(CallSocket::close);
    sockets.clear();
    legs.forEach(Leg::close);
    legs.clear();
  }

  @Override
  public void close() {
    dismiss();
    http.shutdownNow();
    callbacks.shutdownNow();
    process.close();
  }
}
