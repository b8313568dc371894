package parley.load.bench.talk;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import parley.load.bench.media.Leg;
import parley.load.bench.media.Part;
import parley.load.bench.media.Played;
import parley.load.bench.media.Swarm;
import parley.load.bench.media.Voice;
import parley.load.bench.server.Bridge;
import parley.load.bench.server.JanusBridge;
import parley.load.bench.server.ParleyBridge;
import parley.load.bench.talk.TalkScore.Change;

/** The same sound, at the same time, into rooms of different servers; who tells what, and when. */
final class TalkBench {

  /** The same sound in every run. */
  private static final long SEED = 1;

  private static final List<String> VOICES = List.of("en-gb+m3", "en-us+f3", "en-gb-scotland+m7");
  private static final int[] WORDS_A_MINUTE = {150, 170, 185};

  /** dBov: nothing to be heard, a quiet room, a fan beside the microphone, a street. */
  private static final int[] NOISE_DBOV = {-75, -60, -50, -40};

  /** What is under breath and typing. */
  private static final double QUIET_ROOM_DBOV = -65;

  /** dBov at its loudest: 21 dB softer than speech. */
  private static final double BREATH_DBOV = -44;

  private static final double KEY_PEAK = 0.3;

  /** Janus' own; what it tells does not depend on it. */
  private static final int SAMPLING_RATE_HZ = 16_000;

  /** Joins need no hurry. */
  private static final int JOINS_PER_SECOND = 20;

  /** Enough for two sentences of each: a JVM loads what it needs with the first. */
  private static final int WARM_UP_PACKETS = 10 * 50;

  /** What is told last may take so long; Janus averages over two seconds as it comes. */
  private static final long PATIENCE_MS = 2_500;

  /** One room of one server: a block of the table. */
  record Contender(String name, String version, Map<String, TalkScore> scores) {}

  /**
   * What came out.
   *
   * @param latestMs by how much a packet was sent too late, at worst
   */
  record Outcome(List<Contender> contenders, double latestMs) {}

  /** Something was told. */
  private record Told(int room, int person, boolean talking, long atNs) {}

  private final Swarm swarm;
  private final Path folder;
  private final double seconds;
  private final boolean peers;
  private final List<Track> tracks;

  /**
   * @param peers whether Janus takes part
   */
  TalkBench(Swarm swarm, Path folder, double seconds, boolean peers)
      throws IOException, InterruptedException {
    this.swarm = swarm;
    this.folder = folder;
    this.seconds = seconds;
    this.peers = peers;
    this.tracks = tracks(seconds);
  }

  static List<Track> tracks(double seconds) throws IOException, InterruptedException {
    Random random = new Random(SEED);
    List<Track> voices = new ArrayList<>();
    for (int i = 0; i < VOICES.size(); i++) {
      voices.add(Track.speech(VOICES.get(i), WORDS_A_MINUTE[i], seconds, random));
    }
    List<Track> all = new ArrayList<>();
    int samples = voices.getFirst().samples().length;
    for (int dbov : NOISE_DBOV) {
      for (Track voice : voices) {
        all.add(voice.with("noise " + dbov + " dBov", Noise.room(samples, dbov, random)));
      }
    }
    float[] breath = Noise.breath(samples, BREATH_DBOV, random);
    Noise.add(breath, Noise.room(samples, QUIET_ROOM_DBOV, random));
    all.add(new Track("breath only", breath, List.of()));
    float[] typing = Noise.typing(samples, KEY_PEAK, random);
    Noise.add(typing, Noise.room(samples, QUIET_ROOM_DBOV, random));
    all.add(new Track("typing only", typing, List.of()));
    return all;
  }

  Outcome run() throws IOException, InterruptedException {
    List<Voice> voices = tracks.stream().map(track -> Voice.encode(track.samples())).toList();
    JanusBridge.Room tuned = JanusTuning.best(tracks, voices, SAMPLING_RATE_HZ);
    ConcurrentLinkedQueue<Told> byParley = new ConcurrentLinkedQueue<>();
    ConcurrentLinkedQueue<Told> byJanus = new ConcurrentLinkedQueue<>();
    int people = tracks.size();
    Path parleyFolder = Files.createTempDirectory(folder, "parley");
    List<Part> parts = new ArrayList<>();
    try (Bridge parley =
            new ParleyBridge(
                parleyFolder,
                swarm.address(),
                2,
                people,
                List.of(),
                JOINS_PER_SECOND,
                (room, person, on, atNs) -> byParley.add(new Told(room, person, on, atNs)));
        Bridge janus = janus(tuned, byJanus)) {
      enter(parley, 0, true, voices, parts);
      enter(parley, 1, false, voices, parts);
      if (janus != null) {
        enter(janus, 0, true, voices, parts);
        enter(janus, 1, true, voices, parts);
      }
      Played _ = play(parts, WARM_UP_PACKETS);
      byParley.clear();
      byJanus.clear();
      Played played = play(parts, parts.getFirst().voice().length());
      List<Contender> contenders = new ArrayList<>();
      contenders.add(judge("parley", parley.version(), byParley, 0, played, 0));
      contenders.add(
          judge("parley, no levels", "clients do not say how loud", byParley, 1, played, people));
      if (janus != null) {
        contenders.add(
            judge("janus", janus.version() + ", as it comes", byJanus, 0, played, 2 * people));
        String settings =
            "audio_active_packets=%d, audio_level_average=%d"
                .formatted(tuned.activePackets(), tuned.averageLevel());
        contenders.add(judge("janus, tuned", settings, byJanus, 1, played, 3 * people));
      }
      return new Outcome(contenders, played.latestNs() / 1e6);
    }
  }

  private @Nullable Bridge janus(JanusBridge.Room tuned, ConcurrentLinkedQueue<Told> told)
      throws IOException, InterruptedException {
    if (!peers) {
      return null;
    }
    return JanusBridge.start(
        "janus",
        Files.createTempDirectory(folder, "janus"),
        List.of(new JanusBridge.Room(tuned.samplingRateHz()), tuned),
        List.of(),
        JOINS_PER_SECOND,
        (room, person, on, atNs) -> told.add(new Told(room, person, on, atNs)));
  }

  private void enter(Bridge bridge, int room, boolean levels, List<Voice> voices, List<Part> parts)
      throws IOException, InterruptedException {
    List<Leg> legs = bridge.invite(swarm, room, voices.size(), levels);
    for (int i = 0; i < legs.size(); i++) {
      parts.add(new Part(legs.get(i), voices.get(i)));
    }
  }

  private Played play(List<Part> parts, int packets) throws IOException, InterruptedException {
    try {
      Played played = swarm.play(parts, packets, false).get((long) seconds + 60, TimeUnit.SECONDS);
      TimeUnit.MILLISECONDS.sleep(PATIENCE_MS);
      return played;
    } catch (ExecutionException | TimeoutException e) {
      throw new IOException("the generator failed", e);
    }
  }

  /**
   * @param first the room's first part in the playback
   */
  private Contender judge(
      String name,
      String version,
      ConcurrentLinkedQueue<Told> told,
      int room,
      Played played,
      int first) {
    Map<String, TalkScore> scores = new LinkedHashMap<>();
    for (int person = 0; person < tracks.size(); person++) {
      List<Change> changes = new ArrayList<>();
      for (Told change : told) {
        if (change.room() == room && change.person() == person) {
          double atMs = (change.atNs() - played.startNs()[first + person]) / 1e6;
          changes.add(new Change(atMs, change.talking()));
        }
      }
      Track track = tracks.get(person);
      scores.computeIfAbsent(track.kind(), kind -> new TalkScore()).add(track, changes);
    }
    return new Contender(name, version, scores);
  }
}
