package parley.relay.recording;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import parley.relay.api.CallId;
import parley.relay.api.RelayEvent;
import parley.relay.evidence.Seal;
import parley.relay.evidence.SealVerifier;
import parley.relay.evidence.SigningKey;
import parley.relay.evidence.Verdict;

/** What the next process makes of the files of one that died: here written as it would have. */
class InterruptedRecordingsTest {

  private static final SigningKey KEY = SigningKey.create();
  private static final CallId CALL = new CallId("6aefcf3b-e61c-4f35-8b5b-9d762a6a6cf9");
  private static final Instant NOON = Instant.parse("2026-11-22T12:00:00Z");
  private static final int SECOND = 48_000;
  private static final long NS = 1_000_000_000L;

  @TempDir Path root;

  private final List<RelayEvent> events = new ArrayList<>();
  private Path folder = Path.of("");

  /** Somebody talks 10 s without a break; the process dies at 10.4 s. */
  @BeforeEach
  void die() throws IOException {
    try (RecordingFolder made = RecordingFolder.create(root, CALL, NOON, new HashSet<>());
        Journal journal = new Journal(made.path());
        Seal seal = Seal.begin(made.path(), CALL.value(), NOON, KEY);
        TrackFile disk = new TrackFile(made.path().resolve("01-alice.opus"))) {
      folder = made.path();
      journal.joined(
          1,
          0,
          Map.of("contact", "d-a", "file", "01-alice.opus", "joined", "2026-11-22T12:00:00Z"));
      var pages = new SealedPages(disk, "01-alice.opus", seal);
      var writer = new OggOpusWriter(pages, 1);
      writer.open("Parley", List.of());
      for (int i = 0; i < 500; i++) {
        writer.packet(Filler.silencePacket(960), 0, 3, 960);
      }
      writer.flush();
      journal.ledger(1).gap(2 * SECOND, 3 * SECOND, Gap.Why.LOSS);
      journal.ledger(1).muted(true, 4 * SECOND);
      journal.ledger(1).gap(4 * SECOND, 6 * SECOND, Gap.Why.MUTE);
      journal.ledger(1).muted(false, 6 * SECOND);
      journal.talks(1, true, 7 * SECOND);
      journal.flush();
      made.alive(10 * SECOND + SECOND * 4 / 10, 0);
      AtomicFile.write(
          folder.resolve("call.json"),
          ("{\"version\":1,\"call\":\"" + CALL + "\",\"team\":\"t\",\"chat\":\"g-1\",")
              .concat("\"display_name\":\"Weekly\",\"created\":\"2026-11-22T12:00:00Z\",")
              .concat("\"started\":\"2026-11-22T12:00:00Z\",\"duration\":7.5,\"participants\":[]}")
              .getBytes(StandardCharsets.UTF_8));
    }
  }

  private boolean mark() {
    return new InterruptedRecordings(root, new HashSet<>(), () -> NOON, KEY, events::add).mark();
  }

  private JsonNode callJson() throws IOException {
    return new ObjectMapper().readTree(folder.resolve("call.json").toFile());
  }

  @Test
  void writesDownWhatIsMissingAndWhy() throws IOException {
    assertThat(mark()).isTrue();

    JsonNode json = callJson();
    assertThat(json.path("interrupted").asBoolean()).isTrue();
    assertThat(json.path("ended").asText()).isEqualTo("2026-11-22T12:00:10.400000Z");
    assertThat(json.path("counters_until").asDouble()).isEqualTo(7.5);
    JsonNode alice = json.path("participants").path(0);
    assertThat(alice.path("contact").asText()).isEqualTo("d-a");
    assertThat(alice.path("gaps").findValuesAsText("why")).containsExactly("loss", "mute", "crash");
    assertThat(alice.path("gaps").path(2).path("duration").asDouble())
        .isCloseTo(0.4, within(0.01)); // and the lookahead of 6.5 ms
    assertThat(alice.path("talked").path(0).path("to").asDouble()).isEqualTo(10.4);
    JsonNode completeness = json.path("completeness");
    assertThat(completeness.path("due").asDouble()).isCloseTo(8.4, within(0.001));
    assertThat(completeness.path("held").asDouble()).isCloseTo(7.0, within(0.01));
    assertThat(completeness.path("score").asDouble()).isCloseTo(7.0 / 8.4, within(0.001));
    assertThat(completeness.path("not_due").path("mute").asDouble()).isEqualTo(2.0);
    Verdict verdict = SealVerifier.verify(folder, KEY.publicKey());
    assertThat(verdict.findings()).isEmpty();
    assertThat(verdict.end()).isEqualTo("interrupted");
  }

  @Test
  void tellsOnce() {
    mark();
    mark();

    assertThat(events).hasSize(1);
    RelayEvent.RecordingFound found = (RelayEvent.RecordingFound) events.getFirst();
    assertThat(found.call()).isEqualTo(CALL);
    assertThat(found.info().chat()).isEqualTo("g-1");
    assertThat(found.reason())
        .isEqualTo(
            "The server died while it recorded this call: of 8.4 s of audio 7.0 s were saved.");
  }

  @Test
  void doesNotTouchADescriptionThatIsSealed() throws IOException {
    String described = Files.readString(folder.resolve("call.json"));
    byte[] seal = Files.readAllBytes(folder.resolve(Seal.FILE));
    mark(); // up to the end, to have the line that seals the description
    String whole = Files.readString(folder.resolve(Seal.FILE));
    String sealedUpTo = whole.substring(0, whole.indexOf("end "));
    String sealedDescription = Files.readString(folder.resolve("call.json"));
    assertThat(sealedDescription).isNotEqualTo(described);
    assertThat(sealedUpTo.length()).isGreaterThan(seal.length);

    // The process died again, right behind that line.
    Files.writeString(folder.resolve(Seal.FILE), sealedUpTo);
    Files.write(folder.resolve(RecordingFolder.MARKER), new byte[] {1, 2, 3, 4, 5, 6, 7, 8});
    Files.writeString(folder.resolve("call.json.tmp"), "half a descr");
    mark();

    assertThat(Files.readString(folder.resolve("call.json"))).isEqualTo(sealedDescription);
    assertThat(SealVerifier.verify(folder, KEY.publicKey()).findings()).isEmpty();
  }

  @Test
  void countsSilenceThatHadNotEndedAsSilence() throws IOException {
    Files.writeString(
        folder.resolve(Journal.FILE),
        Files.readString(folder.resolve(Journal.FILE))
            + "[1,\"hole\","
            + 8 * SECOND
            + "]\n[1,\"ga");
    mark();

    assertThat(callJson().path("participants").path(0).path("gaps").findValuesAsText("why"))
        .containsExactly("loss", "mute", "silence", "crash");
  }

  @Test
  void missesNothingOfSomebodyWhoHadLeft() throws IOException {
    Files.writeString(
        folder.resolve(Journal.FILE),
        Files.readString(folder.resolve(Journal.FILE))
            + ("[1,\"gap\"," + 9 * SECOND + "," + 10 * SECOND + ",\"silence\"]\n")
            + ("[1,\"left\"," + (10 * SECOND + 9_600) + ",\"hung up\"]\n"));
    mark();

    JsonNode alice = callJson().path("participants").path(0);
    assertThat(alice.path("gaps").findValuesAsText("why"))
        .containsExactly("loss", "mute", "silence");
    assertThat(alice.path("left").asText()).isEqualTo("2026-11-22T12:00:10.200000Z");
    assertThat(alice.path("left_reason").asText()).isEqualTo("hung up");
    assertThat(alice.path("completeness").path("missing").has("crash")).isFalse();
  }

  @Test
  void removesAFolderInWhichNothingHadBegun() throws IOException {
    Path empty = folder.resolveSibling("120001-other");
    Files.createDirectory(empty);
    Files.write(empty.resolve(RecordingFolder.MARKER), new byte[3]);
    mark();

    assertThat(empty).doesNotExist();
    assertThat(folder).exists();
  }

  @Test
  void leavesASealThatWasChangedForTheVerifier() throws IOException {
    Path seal = folder.resolve(Seal.FILE);
    Files.writeString(seal, Files.readString(seal).replaceFirst("segment 0 ", "segment 1 "));
    String described = Files.readString(folder.resolve("call.json"));
    mark();

    assertThat(Files.readString(folder.resolve("call.json"))).isEqualTo(described);
    assertThat(events).isEmpty();
  }

  @Test
  void keepsAliveOnlyEveryFiftyMilliseconds() throws IOException {
    assertThat(RecordingFolder.lastAlive(folder)).isEqualTo(10 * SECOND + SECOND * 4 / 10);
    Path other = folder.resolveSibling("later");
    try (RecordingFolder made = RecordingFolder.create(other, CALL, NOON, new HashSet<>())) {
      made.alive(480, 0);
      made.alive(960, NS / 100);
      assertThat(RecordingFolder.lastAlive(made.path())).isEqualTo(480);
      made.alive(4800, NS / 10);
      assertThat(RecordingFolder.lastAlive(made.path())).isEqualTo(4800);
      made.release();
      assertThat(RecordingFolder.lastAlive(made.path())).isEqualTo(4800);
    }
  }
}
