package parley.load.interop;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Stream;
import parley.load.Tones;
import parley.load.audio.Pcm;
import parley.load.audio.Spectrum;
import parley.load.server.LargeTeam;
import parley.load.server.ParleyProcess;

/** A server with a team of six, on which scenes are played one after the other. */
final class Stage implements AutoCloseable {

  /** Long enough for the spectrum of several windows, and for a pause of the machine's to show. */
  private static final Duration WINDOW = Duration.ofMillis(1500);

  /** From the first client's start; programs take two seconds of it, a busy machine many more. */
  private static final Duration PATIENCE = Duration.ofSeconds(45);

  private static final LargeTeam TEAM = new LargeTeam(6);

  private final Clients clients;
  private final Path folder;
  private final ParleyProcess server;

  Stage(Clients clients) throws IOException {
    this.clients = clients;
    folder = Files.createTempDirectory("parley-interop-");
    Path directory = folder.resolve("team.yaml");
    TEAM.write(directory);
    server =
        ParleyProcess.start(
            folder,
            Map.of(
                "PARLEY_DIRECTORY_FILE",
                directory.toString(),
                "PARLEY_HTTP_ALLOWED_ORIGINS",
                clients.origin(),
                // All speak without a pause, and everyone is to hear everyone.
                "PARLEY_MEDIA_LOUDEST",
                String.valueOf(Shape.GROUP.people - 1)),
            List.of());
  }

  /** Plays a scene, and tells of each of its seats, in order. */
  List<Heard> play(Scene scene) {
    long beganNs = System.nanoTime();
    List<CallClient> seated = new ArrayList<>();
    try (ExecutorService listeners = Executors.newVirtualThreadPerTaskExecutor()) {
      List<CompletableFuture<Heard>> results = new ArrayList<>();
      try {
        for (int i = 0; i < scene.seats().size(); i++) {
          seated.add(seat(scene, i));
        }
        for (int i = 0; i < seated.size(); i++) {
          int seat = i;
          results.add(
              CompletableFuture.supplyAsync(
                  () -> listen(scene, seat, seated.get(seat), beganNs), listeners));
        }
        return results.stream().map(CompletableFuture::join).toList();
      } finally {
        seated.forEach(CallClient::close);
      }
    }
  }

  private CallClient seat(Scene scene, int seat) {
    String jid =
        switch (scene.shape()) {
          case GROUP -> LargeTeam.GROUP;
          case DIRECT -> seat == 0 ? TEAM.jid(1) : "";
        };
    Seat taken = scene.seats().get(seat);
    return start(taken.kind(), seat, jid, taken.sections(), Tones.ALL.get(seat));
  }

  /**
   * Starts a client.
   *
   * @param person of the team, from 0
   * @param jid whom to call; empty: answer the first call that rings
   * @param toneHz what to send; 0: silence
   */
  CallClient start(ClientKind kind, int person, String jid, Sections sections, int toneHz) {
    return clients.start(kind, role(person, jid, sections, toneHz, ""));
  }

  /** Starts a browser that knows one codec only, such as {@code PCMU}, and joins the group. */
  CallClient startWith(String codec, ClientKind browser, int person, int toneHz) {
    return clients.start(browser, role(person, LargeTeam.GROUP, Sections.ONE, toneHz, codec));
  }

  private Role role(int person, String jid, Sections sections, int toneHz, String codec) {
    String token = TEAM.token(person);
    return new Role(server.url(), LargeTeam.TEAM, token, jid, sections.count, toneHz, codec);
  }

  private Heard listen(Scene scene, int seat, CallClient client, long beganNs) {
    NavigableSet<Integer> wanted = new TreeSet<>(Tones.ALL.subList(0, scene.seats().size()));
    wanted.remove(Tones.ALL.get(seat));
    String fault;
    String detail = "";
    do {
      try {
        NavigableSet<Integer> heard = new TreeSet<>();
        for (Pcm sound : client.listen(WINDOW)) {
          heard.addAll(Spectrum.of(sound).tonesAmong(Tones.ALL));
        }
        fault = fault(scene, wanted, heard);
        detail = fault.isEmpty() ? "" : client.describe();
      } catch (ClientFailure e) {
        fault = "failed: " + e.getMessage();
        detail = client.describe();
        break;
      }
    } while (!fault.isEmpty() && System.nanoTime() - beganNs < PATIENCE.toNanos());
    return new Heard(
        scene, scene.seats().get(seat), fault, (System.nanoTime() - beganNs) / 1e9, detail);
  }

  /** In words, whom he lacks and whom he should not hear; empty: all is as it should be. */
  private static String fault(
      Scene scene, NavigableSet<Integer> wanted, NavigableSet<Integer> heard) {
    List<String> lacking = new ArrayList<>();
    List<String> extra = new ArrayList<>();
    for (int i = 0; i < Tones.ALL.size(); i++) {
      int hz = Tones.ALL.get(i);
      String who =
          (i < scene.seats().size() ? scene.seats().get(i).kind() + "'s " : "nobody's ")
              + hz
              + " Hz";
      if (wanted.contains(hz) && !heard.contains(hz)) {
        lacking.add(who);
      } else if (!wanted.contains(hz) && heard.contains(hz)) {
        extra.add(who);
      }
    }
    String fault = lacking.isEmpty() ? "" : "does not hear " + String.join(", ", lacking);
    if (!extra.isEmpty()) {
      fault += (fault.isEmpty() ? "" : "; ") + "hears " + String.join(", ", extra);
    }
    return fault;
  }

  /** How the server's log ended. */
  String log() {
    return server.logTail();
  }

  @Override
  public void close() {
    server.close();
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    } catch (IOException e) {
      // a temporary folder; the system clears it
    }
  }
}
