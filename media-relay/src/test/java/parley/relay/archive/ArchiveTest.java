package parley.relay.archive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import parley.relay.evidence.SigningKey;
import parley.relay.index.IndexedRecording;
import parley.relay.index.IndexedRecording.Proof;
import parley.relay.index.IndexedRecording.State;
import parley.relay.index.RecordedCall;
import parley.relay.index.RecordingFolders;
import parley.relay.index.RecordingIndex;
import parley.relay.vault.KeyRing;

@Timeout(120)
class ArchiveTest {

  private static final SigningKey KEY = SigningKey.create();
  private static final String UID = "0b1ba0a5-5a9a-4fd1-8d38-90a0f6b2d3f1";
  private static final String ID = "2026-11-22/120001-" + UID;
  private static final Archive.Decision BY = new Archive.Decision("person Olga", "case 12");

  @TempDir Path root;
  private RecordingIndex index = RecordingIndex.inMemory();
  private Archive archive = archive(Path.of(""));
  private Path folder = Path.of("");

  private Archive archive(Path in) {
    return new Archive(new RecordingFolders(in), KEY, KeyRing.NONE, index, null, Clock.systemUTC());
  }

  @BeforeEach
  void record() throws Exception {
    archive = archive(root);
    folder =
        new RecordedCall(UID, "2026-11-22T12:00:01Z", Duration.ofSeconds(2))
            .with("d-1", "Alice", 0, 1_000)
            .record(root, KEY);
    index.put(List.of(archive.find(ID).orElseThrow()));
  }

  @AfterEach
  void close() {
    index.close();
  }

  @Test
  void provesARecordingAndRemembersIt() throws Exception {
    Archive.Proven proven = archive.verify(ID);
    assertThat(proven.proof()).isEqualTo(Proof.PROVEN);
    assertThat(proven.end()).isEqualTo("complete");
    assertThat(archive.find(ID).orElseThrow().verified().proof()).isEqualTo(Proof.PROVEN);
    Files.write(folder.resolve("01-alice.opus"), new byte[] {1}, StandardOpenOption.APPEND);
    assertThat(archive.verify(ID).findings().getFirst()).startsWith("01-alice.opus");
    assertThat(index.find(ID).orElseThrow().verified().proof()).isEqualTo(Proof.BROKEN);
  }

  @Test
  void deletesNothingThatIsHeldOrHasToBeKept() throws Exception {
    assertThat(archive.hold(ID, BY).held()).isTrue();
    assertThat(index.find(ID).orElseThrow().held()).isTrue();
    assertThatThrownBy(() -> archive.delete(ID, BY))
        .isInstanceOf(NotNow.class)
        .hasMessage("it is on legal hold");
    archive.release(ID, BY);
    Instant until = Instant.parse("2999-01-01T00:00:00Z");
    assertThat(archive.retain(ID, until, BY).keptUntil()).isEqualTo(until);
    assertThatThrownBy(() -> archive.delete(ID, BY))
        .isInstanceOf(NotNow.class)
        .hasMessageContaining("2999");
    assertThat(folder.resolve("01-alice.opus")).exists();
    assertThat(archive.custody(folder)).hasSize(3);
  }

  @Test
  void leavesACertificateOfWhatItDeletes() throws Exception {
    IndexedRecording row = archive.delete(ID, BY);
    assertThat(row.state()).isEqualTo(State.DELETED);
    assertThat(archive.certificate(folder).orElseThrow()).contains("by person+Olga", "why case+12");
    assertThat(index.find(ID).orElseThrow().parties()).isEmpty();
    for (String id : List.of(ID, "2026-11-22/120002-nothing", "../keys")) {
      assertThatThrownBy(() -> archive.delete(id, BY)).isInstanceOf(NotNow.class);
      assertThatThrownBy(() -> archive.hold(id, BY)).isInstanceOf(NotNow.class);
      assertThatThrownBy(() -> archive.open(id)).isInstanceOf(NotNow.class);
    }
  }

  @Test
  void goesOnWithoutTheIndex() throws Exception {
    index.close();
    // Nobody listens there.
    index = RecordingIndex.server("jdbc:postgresql://127.0.0.1:1/nothing", "a", "b", "c");
    archive = archive(root);
    assertThat(archive.find(ID)).isPresent();
    assertThat(archive.verify(ID).proof()).isEqualTo(Proof.PROVEN);
    assertThat(archive.hold(ID, BY).held()).isTrue();
  }
}
