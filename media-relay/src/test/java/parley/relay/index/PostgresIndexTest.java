package parley.relay.index;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import parley.relay.evidence.SigningKey;

/** Against a real server. */
@Timeout(180)
class PostgresIndexTest extends RecordingIndexContract {

  private static @Nullable PostgresCluster cluster;

  @TempDir Path folder;
  private RecordingIndex index = RecordingIndex.inMemory();

  @BeforeAll
  static void start() throws Exception {
    assumeTrue(
        PostgresCluster.installed().isPresent(),
        "PostgreSQL is missing: load-tests/install-tools installs it");
    cluster = PostgresCluster.start();
  }

  @AfterAll
  static void end() throws Exception {
    if (cluster != null) {
      cluster.close();
    }
  }

  private static PostgresCluster cluster() {
    if (cluster == null) {
      throw new IllegalStateException("it runs");
    }
    return cluster;
  }

  private static RecordingIndex open(String home) {
    return RecordingIndex.server(cluster().url(), "parley", PostgresCluster.PASSWORD, home);
  }

  @BeforeEach
  void clear() throws SQLException {
    try (Connection connection =
            DriverManager.getConnection(cluster().url(), "parley", PostgresCluster.PASSWORD);
        Statement statement = connection.createStatement()) {
      statement.execute("drop table if exists parley_parties, parley_recordings, parley_schema");
    }
    index.close();
    index = open("alpha:/srv/recordings");
  }

  @AfterEach
  void close() {
    index.close();
  }

  @Override
  RecordingIndex index() {
    return index;
  }

  @Test
  void isSharedByNodesOfWhichEachLooksAfterItsOwn() throws Exception {
    try (RecordingIndex other = open("beta:/srv/recordings")) {
      index.put(List.of(recording(id(1), NOON)));
      other.put(List.of(recording(id(2), NOON)));
      assertThat(index.stamps()).containsOnlyKeys(id(1));
      assertThat(other.search(RecordingSearch.ALL, null, 10).recordings()).hasSize(2);
    }
  }

  @Test
  void refusesAWrongPassword() {
    try (RecordingIndex wrong =
        RecordingIndex.server(cluster().url(), "parley", "wrong", "alpha:/srv/recordings")) {
      assertThatThrownBy(() -> wrong.find(id(1))).isInstanceOf(SQLException.class);
    }
  }

  /** Nobody waits for it, and what happened meanwhile is in it as soon as it is back. */
  @Test
  void makesUpForWhatItMissedWhileTheServerWasAway() throws Exception {
    SigningKey key = SigningKey.create();
    Path root = folder.resolve("recordings");
    Path first = call(1).record(root, key);
    var folders = new RecordingFolders(root);
    var reader = new FolderReader(folders, key.publicKey());
    try (RecordingIndex own = open("gamma:" + root);
        var indexing = new Indexing(own, folders, reader, Duration.ofMillis(50))) {
      await(() -> indexing.status().state() == Indexing.State.CURRENT, "all is in");
      assertThat(own.find(folders.id(first).orElseThrow())).isPresent();

      cluster().stop();
      Path second = call(2).record(root, key);
      for (int i = 0; i < 3 * Indexing.MAX_PENDING; i++) {
        indexing.changed(second);
      }
      await(() -> indexing.status().state() == Indexing.State.FAILING, "it is noticed");
      assertThat(indexing.status().trouble()).isNotEmpty();

      cluster().resume();
      await(() -> indexing.status().state() == Indexing.State.CURRENT, "all is in again");
      assertThat(own.find(folders.id(second).orElseThrow())).isPresent();
    } finally {
      restart();
    }
  }

  private static void restart() throws Exception {
    try {
      cluster().resume();
    } catch (IOException e) {
      // it runs
    }
  }

  private static RecordedCall call(int number) {
    return new RecordedCall(
            "00000000-0000-4000-8000-00000000000" + number,
            "2026-11-22T12:00:0" + number + "Z",
            Duration.ofSeconds(1))
        .with("d-1", "Alice", 0, 500);
  }

  private static void await(BooleanSupplier condition, String what) {
    long deadline = System.nanoTime() + Duration.ofSeconds(60).toNanos();
    while (!condition.getAsBoolean()) {
      assertThat(System.nanoTime()).as("waited a minute until " + what).isLessThan(deadline);
      LockSupport.parkNanos(5_000_000);
    }
  }
}
