package parley.relay.recording;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import parley.relay.api.CallId;
import parley.relay.api.CallInfo;
import parley.relay.api.PeerId;
import parley.relay.api.PeerInfo;
import parley.relay.api.RecordingNote;
import parley.relay.api.RecordingPolicy;
import parley.relay.api.RelayEvent;
import parley.relay.call.RtpSink.Mark;
import parley.relay.evidence.SealVerifier;
import parley.relay.evidence.SigningKey;
import parley.relay.evidence.Verdict;

@Timeout(120)
class RecorderTest {

  private static final long MS = 1_000_000;
  private static final SigningKey KEY = SigningKey.create();
  private static final CallId CALL = new CallId("6aefcf3b-e61c-4f35-8b5b-9d762a6a6cf9");
  private static final PeerId ALICE = new PeerId("alice-1");
  private static final PeerId BOB = new PeerId("bob-1");
  private static final Instant NOON = Instant.parse("2026-11-22T12:00:01.000002Z");
  private static final CallInfo INFO =
      new CallInfo("team-1", "g-1", "Weekly", NOON.minusSeconds(1));

  @TempDir Path folder;

  private final BlockingQueue<RelayEvent> events = new LinkedBlockingQueue<>();
  private final Clock clock = Clock.fixed(NOON, ZoneOffset.UTC);

  private Recorder recorder(Path directory) {
    return new Recorder(directory, clock, KEY, events::add);
  }

  private RelayEvent nextEvent() throws InterruptedException {
    RelayEvent event = events.poll(60, TimeUnit.SECONDS);
    assertThat(event).as("an event within a minute").isNotNull();
    return Objects.requireNonNull(event);
  }

  private static Mark.Joined joined(String jid, String name, boolean muted) {
    return new Mark.Joined(new PeerInfo(jid, name, "test"), muted);
  }

  private static JsonNode callJson(Path recording) throws IOException {
    return new ObjectMapper().readTree(recording.resolve("call.json").toFile());
  }

  private static void await(BooleanSupplier condition, String what) {
    long deadline = System.nanoTime() + Duration.ofSeconds(60).toNanos();
    while (!condition.getAsBoolean()) {
      assertThat(System.nanoTime()).as("waited a minute until " + what).isLessThan(deadline);
      LockSupport.parkNanos(5 * MS);
    }
  }

  /** Packets of a 20 ms stream, half of a second's jitter away from any edge. */
  private static void speak(
      RecordingTap tap,
      PeerId peer,
      List<byte[]> packets,
      long startNs,
      double fromMs,
      Random random) {
    for (int k = 0; k < packets.size(); k++) {
      if (random.nextDouble() < 0.05) {
        continue;
      }
      byte[] p = packets.get(k);
      long arrival = startNs + Math.round((fromMs + 20 * k + 40 + random.nextDouble() * 15) * MS);
      tap.rtp(peer, k, 960 * k, p, 0, p.length, arrival);
    }
  }

  @Test
  void tellsPolicyMasksAndNotes() throws Exception {
    List<byte[]> tone = Ffmpeg.tone(folder, 880, 1, "-b:a", "48k");
    long start = 5_000_000_000_000L;
    var policy =
        new RecordingPolicy(
            "trading",
            "2026-01",
            RecordingPolicy.Mode.REQUIRED_DURING,
            7,
            true,
            RecordingPolicy.Consent.OR_NOT_CAPTURED,
            RecordingPolicy.Who.NOBODY,
            RecordingPolicy.Who.SERVERS,
            "mifid-5y",
            1827,
            true);
    Path recording;
    try (Recorder recorder = recorder(folder.resolve("recordings"))) {
      var info = new CallInfo("team-1", "g-1", "Weekly", NOON.minusSeconds(1), policy);
      RecordingTap tap = recorder.open(CALL, info, start);
      tap.mark(ALICE, joined("d-a", "Alice", false), start);
      speak(tap, ALICE, tone, start, 0, new Random(1));
      tap.mark(ALICE, new Mark.Masked(true, "card number"), start + 1000 * MS);
      tap.note(
          RecordingNote.about("masked", "d-a", "by token shop: card number"), start + 1000 * MS);
      tap.mark(ALICE, new Mark.Masked(false, ""), start + 3000 * MS);
      tap.close(start + 4000 * MS);
      nextEvent();
      nextEvent();
      recording = ((RelayEvent.RecordingReady) nextEvent()).directory();
    }

    JsonNode json = callJson(recording);
    assertThat(json.path("policy").toString())
        .isEqualTo(
            "{\"name\":\"trading\",\"version\":\"2026-01\",\"mode\":\"required_during\","
                + "\"grace_s\":7,\"notice\":true,\"consent\":\"or_not_captured\","
                + "\"may_switch\":\"nobody\",\"may_mask\":\"servers\",\"retention\":\"mifid-5y\","
                + "\"retention_days\":1827,\"legal_hold\":true}");
    JsonNode alice = json.path("participants").path(0);
    JsonNode masked = alice.path("masked").path(0);
    assertThat(masked.path("from").asDouble()).isEqualTo(1.0);
    assertThat(masked.path("to").asDouble()).isEqualTo(3.0);
    assertThat(masked.path("why").asText()).isEqualTo("card number");
    assertThat(alice.path("gaps").toString()).contains("\"why\":\"mask\"");
    assertThat(alice.at("/completeness/score").asDouble()).isGreaterThan(0.9);
    assertThat(alice.at("/completeness/not_due/mask").asDouble()).isBetween(1.9, 2.0);
    JsonNode note = json.path("notes").path(0);
    assertThat(note.path("at").asDouble()).isEqualTo(1.0);
    assertThat(note.path("what").asText()).isEqualTo("masked");
    assertThat(note.path("contact").asText()).isEqualTo("d-a");
    assertThat(note.path("text").asText()).isEqualTo("by token shop: card number");
    short[] sound = Ffmpeg.decode(recording.resolve("01-alice.opus"), "libopus");
    assertSilent(sound, 1200 * 48, 2950 * 48);
  }

  @Test
  void recordsEveryParticipantsOwnToneInTimeWithTheCall() throws Exception {
    List<byte[]> high = Ffmpeg.tone(folder, 880, 6, "-b:a", "48k");
    List<byte[]> low = Ffmpeg.tone(folder, 330, 3, "-b:a", "16k", "-application", "voip");
    long start = 5_000_000_000_000L;
    Path recording;
    try (Recorder recorder = recorder(folder.resolve("recordings"))) {
      RecordingTap tap = recorder.open(CALL, INFO, start);
      tap.mark(ALICE, joined("d-a", "Alice \"A\" Älpli", false), start);
      tap.mark(ALICE, new Mark.Talking(true), start + 1000 * MS);
      speak(tap, ALICE, high, start, 0, new Random(1));
      tap.mark(BOB, joined("d-b", "../Bob", true), start + 2000 * MS);
      tap.mark(BOB, new Mark.Muted(false), start + 2500 * MS);
      speak(tap, BOB, low, start, 2500, new Random(2));
      tap.mark(BOB, new Mark.Left("hung up"), start + 6000 * MS);
      tap.mark(ALICE, new Mark.Talking(false), start + 6100 * MS);
      tap.close(start + 8000 * MS);

      assertThat(nextEvent()).isEqualTo(new RelayEvent.Recording(CALL, true, ""));
      assertThat(nextEvent()).isEqualTo(new RelayEvent.Recording(CALL, false, ""));
      recording = ((RelayEvent.RecordingReady) nextEvent()).directory();
    }

    assertThat(recording)
        .isEqualTo(folder.resolve("recordings/2026-11-22/120001-" + CALL.value()).toAbsolutePath());
    try (Stream<Path> files = Files.list(recording)) {
      assertThat(files.map(f -> f.getFileName().toString()))
          .containsExactlyInAnyOrder(
              "01-alice-a-alpli.opus", "02-bob.opus", "call.json", "seal.log");
    }
    Path alice = recording.resolve("01-alice-a-alpli.opus");
    Path bob = recording.resolve("02-bob.opus");
    for (Path track : List.of(alice, bob)) {
      assertThat(Ffmpeg.probe(track)).contains("codec_name=opus");
      // ffprobe counts the 6.5 ms of pre-skip, a decoder does not
      assertThat(Ffmpeg.duration(track)).isCloseTo(8.0065, within(0.001));
    }
    for (String decoder : List.of("opus", "libopus")) {
      short[] a = Ffmpeg.decode(alice, decoder);
      short[] b = Ffmpeg.decode(bob, decoder);
      assertThat(a).hasSize(8 * 48_000);
      assertThat(b).hasSize(8 * 48_000);
      assertThat(Ffmpeg.amplitude(a, 48_000, 5 * 48_000, 880)).isGreaterThan(1000);
      assertThat(Ffmpeg.amplitude(a, 48_000, 5 * 48_000, 330)).isLessThan(100);
      assertThat(Ffmpeg.amplitude(b, 144_000, 5 * 48_000, 330)).isGreaterThan(1000);
      assertThat(Ffmpeg.amplitude(b, 144_000, 5 * 48_000, 880)).isLessThan(100);
      assertThat(onset(b) / 48.0).as("Bob's tone, %s", decoder).isBetween(2500.0, 2560.0);
      assertSilent(b, 0, 2500 * 48);
      assertSilent(a, 6200 * 48, 8000 * 48);
      assertSilent(b, 5700 * 48, 8000 * 48);
    }

    Verdict verdict = SealVerifier.verify(recording, KEY.publicKey());
    assertThat(verdict.findings()).isEmpty();
    assertThat(verdict.segments()).as("8 s in pieces of 5 s, of two tracks").isEqualTo(4);
    assertThat(verdict.end()).isEqualTo("complete");

    JsonNode json = callJson(recording);
    assertThat(json.path("complete").asBoolean()).isTrue();
    assertThat(json.path("call").asText()).isEqualTo(CALL.value());
    assertThat(json.path("display_name").asText()).isEqualTo("Weekly");
    assertThat(json.path("started").asText()).isEqualTo("2026-11-22T12:00:01.000002Z");
    assertThat(json.path("ended").asText()).isEqualTo("2026-11-22T12:00:09.000002Z");
    JsonNode b = json.path("participants").path(1);
    assertThat(b.path("display_name").asText()).isEqualTo("../Bob");
    assertThat(b.path("file").asText()).isEqualTo("02-bob.opus");
    assertThat(b.path("joined").asText()).isEqualTo("2026-11-22T12:00:03.000002Z");
    assertThat(b.path("left").asText()).isEqualTo("2026-11-22T12:00:07.000002Z");
    assertThat(b.path("left_reason").asText()).isEqualTo("hung up");
    assertThat(b.path("muted").path(0).path("from").asDouble()).isEqualTo(2.0);
    assertThat(b.path("muted").path(0).path("to").asDouble()).isEqualTo(2.5);
    assertThat(b.path("gaps").path(0).path("why").asText()).isEqualTo("mute");
    JsonNode a = json.path("participants").path(0);
    assertThat(a.path("talked").path(0).path("from").asDouble()).isEqualTo(1.0);
    assertThat(a.path("lost").asInt()).isPositive();
    assertThat(a.path("codec").path("packet_ms").asDouble()).isEqualTo(20);
  }

  private static int onset(short[] pcm) {
    for (int i = 0; i < pcm.length; i++) {
      if (Math.abs(pcm[i]) > 500) {
        return i;
      }
    }
    return -1;
  }

  private static void assertSilent(short[] pcm, int from, int to) {
    for (int i = from; i < to; i++) {
      if (pcm[i] != 0) {
        assertThat(pcm[i]).as("sample at %.1f ms", i / 48.0).isZero();
      }
    }
  }

  @Test
  void fillsWithDigitalSilenceOfEveryLength() throws Exception {
    Path file = folder.resolve("silence.opus");
    try (TrackFile disk = new TrackFile(file)) {
      OggOpusWriter writer = new OggOpusWriter(disk, 1);
      writer.open("Parley", List.of());
      for (int i = 0; i < 50; i++) {
        for (int samples : new int[] {120, 240, 480, 960}) {
          writer.packet(Filler.silencePacket(samples), 0, 3, samples);
        }
      }
      writer.finish(writer.position());
    }
    for (String decoder : List.of("opus", "libopus")) {
      short[] pcm = Ffmpeg.decode(file, decoder);
      assertThat(pcm).hasSize(50 * 1800);
      assertSilent(pcm, 0, pcm.length);
    }
  }

  @Test
  void givesASecondRecordingOfTheSameSecondItsOwnFolder() throws Exception {
    try (Recorder recorder = recorder(folder)) {
      recorder.open(CALL, INFO, 0).close(10 * MS);
      recorder.open(CALL, INFO, 0).close(10 * MS);
    }
    assertThat(folder.resolve("2026-11-22/120001-" + CALL.value())).isDirectory();
    assertThat(folder.resolve("2026-11-22/120001-" + CALL.value() + "-2")).isDirectory();
  }

  @Test
  void closesWhatIsOpenWhenTheRecorderCloses() throws Exception {
    long start = System.nanoTime();
    try (Recorder recorder = recorder(folder)) {
      RecordingTap tap = recorder.open(CALL, INFO, start);
      tap.mark(ALICE, joined("d-a", "Alice", false), start);
    }
    assertThat(nextEvent()).isEqualTo(new RelayEvent.Recording(CALL, true, ""));
    assertThat(nextEvent()).isEqualTo(new RelayEvent.Recording(CALL, false, ""));
    Path recording = ((RelayEvent.RecordingReady) nextEvent()).directory();
    assertThat(callJson(recording).path("complete").asBoolean()).isTrue();
    assertThat(Ffmpeg.probe(recording.resolve("01-alice.opus"))).contains("codec_name=opus");
  }

  @Test
  void saysWhyWhenTheFolderCannotBeMade() throws Exception {
    Path file = Files.writeString(folder.resolve("recordings"), "in the way");
    try (Recorder recorder = recorder(file)) {
      RecordingTap tap = recorder.open(CALL, INFO, 0);
      RelayEvent.Recording event = (RelayEvent.Recording) nextEvent();

      assertThat(event.on()).isFalse();
      assertThat(event.reason())
          .isEqualTo("The folder for recordings cannot be made: there is a file of that name.");
      tap.mark(ALICE, joined("d-a", "Alice", false), 0);
      tap.rtp(ALICE, 1, 1, new byte[] {(byte) 0xf8}, 0, 1, 1);
      tap.close(2);
    }
    assertThat(events).isEmpty();
  }

  @Test
  void stopsOneRecordingWhoseFolderVanishesAndKeepsTheOther() throws Exception {
    CallId other = new CallId("00000000-e61c-4f35-8b5b-9d762a6a6cf9");
    long start = System.nanoTime();
    try (Recorder recorder = recorder(folder)) {
      RecordingTap broken = recorder.open(CALL, INFO, start);
      RecordingTap whole = recorder.open(other, INFO, start);
      assertThat(nextEvent()).isEqualTo(new RelayEvent.Recording(CALL, true, ""));
      assertThat(nextEvent()).isEqualTo(new RelayEvent.Recording(other, true, ""));

      Path path = folder.resolve("2026-11-22/120001-" + CALL.value());
      try (Stream<Path> files = Files.list(path)) {
        for (Path file : files.toList()) {
          Files.deleteIfExists(file);
        }
      }
      Files.delete(path);
      broken.mark(ALICE, joined("d-a", "Alice", false), start);
      RelayEvent.Recording stopped = (RelayEvent.Recording) nextEvent();
      assertThat(stopped.call()).isEqualTo(CALL);
      assertThat(stopped.on()).isFalse();
      assertThat(stopped.reason()).isNotEmpty();

      whole.mark(ALICE, joined("d-a", "Alice", false), start);
      whole.close(start + 1000 * MS);
      assertThat(nextEvent()).isEqualTo(new RelayEvent.Recording(other, false, ""));
      assertThat(nextEvent()).isInstanceOf(RelayEvent.RecordingReady.class);
    }
  }

  @Test
  void leavesWholePagesWhenTheDiskFillsUp() throws Exception {
    Path disk = Files.createDirectory(folder.resolve("disk"));
    assumeTrue(
        run("mount", "-t", "tmpfs", "-o", "size=300k", "tmpfs", disk.toString()),
        "a small disk can be mounted only by root");
    try (Recorder recorder = recorder(disk)) {
      long start = System.nanoTime();
      RecordingTap tap = recorder.open(CALL, INFO, start);
      tap.mark(ALICE, joined("d-a", "Alice", false), start);
      assertThat(nextEvent()).isEqualTo(new RelayEvent.Recording(CALL, true, ""));
      byte[] payload = new byte[1000];
      payload[0] = (byte) 0xf8;
      for (int k = 0; k < 2000 && events.isEmpty(); k++) {
        tap.rtp(ALICE, k, 960 * k, payload, 0, payload.length, start + 20 * k * MS);
        LockSupport.parkNanos(MS);
      }
      assertThat(nextEvent())
          .isEqualTo(new RelayEvent.Recording(CALL, false, "The disk for recordings is full."));

      Path recording = disk.resolve("2026-11-22/120001-" + CALL.value());
      assertThat(OggReader.pages(recording.resolve("01-alice.opus"))).hasSizeGreaterThan(3);
      assertThat(callJson(recording).path("complete").asBoolean()).isFalse();
    } finally {
      run("umount", disk.toString());
    }
  }

  @Test
  void keepsNoFileOpenForThoseWhoHaveLeft() throws Exception {
    assumeTrue(Files.isDirectory(OPEN_FILES), "open files are counted on Linux");
    long start = System.nanoTime();
    Path recording = folder.resolve("2026-11-22/120001-" + CALL.value()).toAbsolutePath();
    Path last = recording.resolve("101-comer.opus");
    try (Recorder recorder = recorder(folder)) {
      RecordingTap tap = recorder.open(CALL, INFO, start);
      tap.mark(ALICE, joined("d-a", "Alice", false), start);
      for (int i = 0; i < 100; i++) {
        PeerId comer = new PeerId("comer-" + i);
        tap.mark(comer, joined("d-c", "Comer", false), start + i * MS);
        tap.mark(comer, new Mark.Left("hung up"), start + i * MS);
      }
      await(() -> Files.exists(last), "all have come");
      await(() -> openTracks(recording).equals(List.of("01-alice.opus")), "only Alice's is open");

      tap.close(start + 3000 * MS);
      assertThat(nextEvent()).isEqualTo(new RelayEvent.Recording(CALL, true, ""));
      assertThat(nextEvent()).isEqualTo(new RelayEvent.Recording(CALL, false, ""));
    }
    assertThat(Ffmpeg.duration(last)).isCloseTo(3.0065, within(0.001));
  }

  private static final Path OPEN_FILES = Path.of("/proc/self/fd");

  private static List<String> openTracks(Path recording) {
    List<String> tracks = new ArrayList<>();
    try (Stream<Path> open = Files.list(OPEN_FILES)) {
      for (Path each : open.toList()) {
        Path file = Files.isSymbolicLink(each) ? Files.readSymbolicLink(each) : each;
        if (file.startsWith(recording) && file.toString().endsWith(".opus")) {
          tracks.add(file.getFileName().toString());
        }
      }
    } catch (IOException e) {
      tracks.add(e.toString()); // one was closed while we looked
    }
    return tracks;
  }

  private static boolean run(String... command) throws InterruptedException {
    try {
      return new ProcessBuilder(command).start().waitFor() == 0;
    } catch (IOException e) {
      return false;
    }
  }

  @Test
  void missesAtMostTheLastSecondWhenTheProcessIsKilled() throws Exception {
    Path recordings = folder.resolve("killed");
    Path keyFile = folder.resolve("seal.key");
    SigningKey key = SigningKey.open(keyFile);
    Process victim =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xshare:auto",
                "-cp",
                System.getProperty(
                    "surefire.test.class.path", System.getProperty("java.class.path")),
                RecordingVictim.class.getName(),
                recordings.toString(),
                keyFile.toString())
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    long handedOver = 0;
    try (BufferedReader out = victim.inputReader()) {
      String line;
      while (handedOver < 4000 && (line = out.readLine()) != null) {
        handedOver = line.matches("\\d+") ? Long.parseLong(line) : handedOver;
      }
    } finally {
      victim.destroyForcibly().waitFor();
    }
    assertThat(handedOver).isGreaterThanOrEqualTo(4000);

    Path recording = onlyFolder(recordings);
    assertThat(callJson(recording).path("complete").asBoolean()).isFalse();
    assertThat(callJson(recording).path("participants")).hasSize(2);
    List<Path> tracks =
        List.of(recording.resolve("01-talker.opus"), recording.resolve("02-silent.opus"));
    for (Path track : tracks) {
      assertThat(Ffmpeg.probe(track)).contains("codec_name=opus");
      assertThat(Ffmpeg.duration(track) * 1000).isGreaterThan(handedOver - 1000.0);
    }

    try (Recorder again = new Recorder(recordings, Clock.systemUTC(), key, events::add)) {
      await(() -> !Files.exists(recording.resolve(".recording")), "the left-over was looked at");
    }
    JsonNode json = callJson(recording);
    assertThat(json.path("interrupted").asBoolean()).isTrue();
    assertThat(json.path("complete").asBoolean()).isFalse();
    assertThat(json.path("duration").asDouble() * 1000).isGreaterThan(handedOver - 1000.0);
    assertThat(json.path("ended").asText()).endsWith("Z");
    Verdict verdict = SealVerifier.verify(recording, key.publicKey());
    assertThat(verdict.findings()).isEmpty();
    assertThat(verdict.end()).isEqualTo("interrupted");
    assertThat(verdict.recoveredBytes()).isPositive();
  }

  private static Path onlyFolder(Path recordings) throws IOException {
    List<Path> found = new ArrayList<>();
    try (Stream<Path> tree = Files.walk(recordings, 2)) {
      tree.filter(p -> recordings.relativize(p).getNameCount() == 2).forEach(found::add);
    }
    assertThat(found).hasSize(1);
    return found.getFirst();
  }
}
