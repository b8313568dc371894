package parley.relay.index;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import parley.relay.evidence.SigningKey;

@Timeout(120)
class IndexingTest {

  private static final SigningKey KEY = SigningKey.create();

  @TempDir Path root;
  private RecordingFolders folders = new RecordingFolders(Path.of(""));
  private FolderReader reader = new FolderReader(folders, KEY.publicKey());

  @BeforeEach
  void open() {
    folders = new RecordingFolders(root);
    reader = new FolderReader(folders, KEY.publicKey());
  }

  private Path record(int number) throws Exception {
    return new RecordedCall(
            "00000000-0000-4000-8000-00000000000" + number,
            "2026-11-22T12:00:0" + number + "Z",
            Duration.ofSeconds(1))
        .with("d-1", "Alice", 0, 500)
        .record(root, KEY);
  }

  private RecordingIndex index() throws Exception {
    return RecordingIndex.embedded(root.resolve("index"), Duration.ofSeconds(1));
  }

  private static void await(Callable<Boolean> condition, String what) throws Exception {
    long deadline = System.nanoTime() + Duration.ofSeconds(60).toNanos();
    while (!condition.call()) {
      assertThat(System.nanoTime()).as("waited a minute until " + what).isLessThan(deadline);
      LockSupport.parkNanos(5_000_000);
    }
  }

  private static boolean isCurrent(Indexing indexing) {
    return indexing.status().state() == Indexing.State.CURRENT;
  }

  @Test
  void findsWhatWasThereBeforeAndWhatItIsToldOf() throws Exception {
    Path first = record(1);
    RecordingIndex index = index();
    try (var indexing = new Indexing(index, folders, reader)) {
      await(() -> isCurrent(indexing), "it has looked");
      assertThat(index.find(folders.id(first).orElseThrow())).isPresent();
      Path second = record(2);
      indexing.changed(second);
      await(() -> index.find(folders.id(second).orElseThrow()).isPresent(), "it is in");
      delete(first);
      indexing.changed(first);
      await(() -> index.find(folders.id(first).orElseThrow()).isEmpty(), "it is out");
    }
  }

  /** All of it can go: the folder is what counts. */
  @Test
  void makesALostIndexAnew() throws Exception {
    Path first = record(1);
    RecordingIndex index = index();
    try (var indexing = new Indexing(index, folders, reader)) {
      await(() -> isCurrent(indexing), "it has looked");
    }
    delete(root.resolve("index"));
    RecordingIndex anew = index();
    try (var indexing = new Indexing(anew, folders, reader)) {
      await(() -> isCurrent(indexing), "it has looked again");
      assertThat(anew.find(folders.id(first).orElseThrow())).isPresent();
    }
  }

  @Test
  void readsOnlyWhatHasChangedAndTakesOutWhatIsGone() throws Exception {
    Path first = record(1);
    Path second = record(2);
    try (RecordingIndex index = index()) {
      var scan = new FolderScan(index, folders, reader);
      assertThat(run(scan)).isEqualTo(new FolderScan.Result(2, 2, 0, 0));
      assertThat(run(scan)).isEqualTo(new FolderScan.Result(2, 0, 0, 0));
      Files.writeString(first.resolve("call.json"), "{}");
      delete(second);
      assertThat(run(scan)).isEqualTo(new FolderScan.Result(1, 1, 1, 0));
      assertThat(index.search(RecordingSearch.ALL, null, 10).recordings()).hasSize(1);
    }
  }

  private static FolderScan.Result run(FolderScan scan) throws Exception {
    return scan.run((done, of) -> {});
  }

  /** A command may have the file as soon as nobody here has used it for a moment. */
  @Test
  void letsGoOfTheFileSoon() throws Exception {
    RecordingIndex index = index();
    try (var indexing = new Indexing(index, folders, reader)) {
      await(() -> isCurrent(indexing), "it has looked");
      Path file = root.resolve("index/recordings.mv.db");
      await(() -> isFree(file), "the file is free");
      assertThat(index.find("2026-11-22/120001-a")).isEmpty();
    }
  }

  /** From another process, as a lock is one process' own. */
  private static boolean isFree(Path file) throws Exception {
    String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    Process other =
        new ProcessBuilder(
                java,
                "-cp",
                System.getProperty("java.class.path"),
                Taker.class.getName(),
                file.toString().replace(".mv.db", ""))
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    return other.waitFor() == 0;
  }

  /** Opens a database, or does not. */
  static final class Taker {
    public static void main(String[] args) {
      try (var connection =
          java.sql.DriverManager.getConnection("jdbc:h2:file:" + args[0], "sa", "")) {
        System.exit(connection.isValid(1) ? 0 : 1);
      } catch (SQLException e) {
        System.exit(1);
      }
    }
  }

  private static void delete(Path folder) throws Exception {
    try (Stream<Path> tree = Files.walk(folder)) {
      for (Path path : tree.sorted(java.util.Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    }
  }
}
