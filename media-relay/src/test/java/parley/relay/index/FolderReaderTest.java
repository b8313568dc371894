package parley.relay.index;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import parley.relay.api.RecordingPolicy;
import parley.relay.evidence.Custody;
import parley.relay.evidence.Deletion;
import parley.relay.evidence.SigningKey;
import parley.relay.index.IndexedRecording.Place;
import parley.relay.index.IndexedRecording.State;

@Timeout(120)
class FolderReaderTest {

  private static final SigningKey KEY = SigningKey.create();
  private static final String UID = "0b1ba0a5-5a9a-4fd1-8d38-90a0f6b2d3f1";
  private static final String ID = "2026-11-22/120001-" + UID;

  @TempDir Path root;
  private RecordingFolders folders = new RecordingFolders(Path.of(""));
  private FolderReader reader = new FolderReader(folders, KEY.publicKey());

  @BeforeEach
  void open() {
    folders = new RecordingFolders(root);
    reader = new FolderReader(folders, KEY.publicKey());
  }

  private static RecordedCall call() {
    var policy =
        new RecordingPolicy(
            "trading",
            "2026-01",
            RecordingPolicy.Mode.REQUIRED_DURING,
            7,
            false,
            RecordingPolicy.Consent.NOT_ASKED,
            RecordingPolicy.Who.NOBODY,
            RecordingPolicy.Who.SERVERS,
            "mifid-5y",
            1827,
            false);
    return new RecordedCall(UID, "2026-11-22T12:00:01Z", Duration.ofSeconds(4))
        .by(policy)
        .with("d-1", "Alice Adams", 0, 2_000)
        .with("d-2", "Bob Brown", 1_000, 3_000);
  }

  private IndexedRecording read(Path folder) throws IOException {
    return reader.read(folder).orElseThrow();
  }

  @Test
  void readsWhatTheRecorderWrites() throws Exception {
    Path folder = call().record(root, KEY);
    IndexedRecording row = read(folder);
    assertThat(row.id()).isEqualTo(ID);
    assertThat(folders.folder(ID)).contains(folder);
    assertThat(row.call()).isEqualTo(UID);
    assertThat(row.title()).isEqualTo("Weekly meeting");
    assertThat(row.began()).isEqualTo(Instant.parse("2026-11-22T12:00:01Z"));
    assertThat(row.state()).isEqualTo(State.COMPLETE);
    assertThat(row.lengthMs()).isEqualTo(4_000);
    assertThat(row.talkMs()).isEqualTo(4_000);
    assertThat(row.talkedOverMs()).isEqualTo(1_000);
    assertThat(row.completeness()).isEqualTo(1);
    assertThat(row.parties())
        .extracting(IndexedRecording.Party::name)
        .containsExactly("Alice Adams", "Bob Brown");
    assertThat(row.parties().getFirst().track()).isEqualTo("01-alice-adams.opus");
    assertThat(row.parties().getFirst().device()).isEqualTo("Firefox on Linux");
    assertThat(row.parties().getFirst().talkMs()).isEqualTo(2_000);
    assertThat(row.policy())
        .isEqualTo(
            new IndexedRecording.Policy("trading", "2026-01", "required_during", "mifid-5y"));
    assertThat(row.keptUntil()).isNotNull();
    assertThat(row.held()).isFalse();
    assertThat(row.encrypted()).isFalse();
    assertThat(row.place()).isEqualTo(Place.DISK);
    assertThat(row.bytes()).isGreaterThan(1_000);
  }

  @Test
  void tellsOfHoldsAndTakesAChangedCustodyForOne() throws Exception {
    Path folder = call().record(root, KEY);
    String before = folders.stamp(folder);
    Custody.read(folder, KEY.publicKey())
        .add(new Custody.Entry(Custody.Act.HOLD, Instant.EPOCH, "me", "case", null), KEY);
    assertThat(read(folder).held()).isTrue();
    assertThat(folders.stamp(folder)).isNotEqualTo(before);
    Custody.read(folder, KEY.publicKey())
        .add(new Custody.Entry(Custody.Act.RELEASE, Instant.EPOCH, "me", "over", null), KEY);
    assertThat(read(folder).held()).isFalse();
    Path custody = folder.resolve(Custody.FILE);
    Files.writeString(custody, Files.readString(custody).replace("release", "retain "));
    assertThat(read(folder).held()).as("nobody can tell").isTrue();
  }

  @Test
  void keepsNothingOfWhatIsDeletedButThatItWas() throws Exception {
    Path folder = call().by(RecordingPolicy.OPTIONAL).record(root, KEY);
    Deletion.delete(folder, Instant.now(), "me", "retention is over", KEY);
    IndexedRecording row = read(folder);
    assertThat(row.state()).isEqualTo(State.DELETED);
    assertThat(row.call()).isEqualTo(UID);
    assertThat(row.parties()).isEmpty();
    assertThat(row.title()).isEmpty();
  }

  @Test
  void makesARowOfWhateverStandsThere() throws Exception {
    Path folder = call().record(root, KEY);
    Path document = folder.resolve("call.json");
    Files.writeString(
        document,
        "{\"started\":\"+999999999-01-01T00:00:00Z\",\"duration\":-1e99,"
            + "\"participants\":[{\"contact\":7,\"talked\":[{\"from\":5,\"to\":1},3],"
            + "\"completeness\":{\"score\":1e99}},null],\"display_name\":\"a\\u0000b\"}");
    IndexedRecording row = read(folder);
    assertThat(row.began()).isEqualTo(Instant.parse("2026-11-22T12:00:01Z"));
    assertThat(row.lengthMs()).isZero();
    assertThat(row.title()).isEqualTo("a b");
    assertThat(row.parties().getFirst().completeness()).isEqualTo(1);
    try (RecordingIndex index = RecordingIndex.inMemory()) {
      index.put(List.of(row));
      assertThat(index.find(ID)).contains(row);
    }
    for (String text : List.of("", "[]", "{", "null")) {
      Files.writeString(document, text);
      assertThat(read(folder).state()).as(text).isEqualTo(State.UNREADABLE);
    }
    Files.delete(document);
    assertThat(read(folder).state()).as("the seal tells of it").isEqualTo(State.UNREADABLE);
  }

  @Test
  void leadsNowhereElse() throws Exception {
    for (String id :
        List.of(
            "",
            "/",
            "..",
            "../..",
            "2026-11-22/..",
            "2026-11-22/120001-a/../b",
            "keys/seal.key",
            "2026-02-31/120001-a",
            "2026-11-22/250001-a",
            "2026-11-22/120001-",
            "/etc/passwd",
            "2026-11-22/120001-a\n")) {
      assertThat(folders.folder(id)).as(id).isEmpty();
    }
    Path folder = call().record(root, KEY);
    Files.createDirectories(root.resolve("keys/120001-a"));
    Files.createDirectories(root.resolve("2026-13-45/120001-a"));
    Files.createSymbolicLink(folder.resolveSibling("120002-link"), folder);
    assertThat(folders.days()).containsExactly(LocalDate.of(2026, 11, 22));
    assertThat(folders.of(LocalDate.of(2026, 11, 22))).containsExactly(folder);
    assertThat(reader.read(root.resolve("keys/120001-a"))).isEmpty();
  }
}
