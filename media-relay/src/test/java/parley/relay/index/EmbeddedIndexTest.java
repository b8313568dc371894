package parley.relay.index;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EmbeddedIndexTest extends RecordingIndexContract {

  @TempDir Path folder;
  private RecordingIndex index = RecordingIndex.inMemory();

  @BeforeEach
  void open() throws IOException {
    index.close();
    index = RecordingIndex.embedded(folder.resolve("index"), Duration.ofSeconds(1));
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
  void isThereAfterARestart() throws Exception {
    index.put(List.of(recording(id(1), NOON)));
    index.close();
    open();
    assertThat(index.find(id(1))).isPresent();
  }

  @Test
  void putsAsideWhatIsDamaged() throws Exception {
    index.put(List.of(recording(id(1), NOON)));
    index.close();
    Path file = folder.resolve("index/recordings.mv.db");
    Files.write(file, new byte[100_000]);
    open();
    assertThat(index.find(id(1))).as("all is read anew").isEmpty();
    index.put(List.of(recording(id(2), NOON)));
    assertThat(index.find(id(2))).isPresent();
    assertThat(folder.resolve("index/damaged.mv.db")).hasSize(100_000);
  }

  @Test
  void makesTablesOfAnOlderVersionAnewAndLeavesThoseOfANewerOneAlone() throws Exception {
    index.put(List.of(recording(id(1), NOON)));
    index.close();
    version(0);
    open();
    assertThat(index.find(id(1))).isEmpty();
    index.close();
    version(Schema.VERSION + 1);
    open();
    assertThatThrownBy(() -> index.find(id(1)))
        .isInstanceOf(SQLException.class)
        .hasMessageContaining("newer Parley");
  }

  private void version(int version) throws SQLException {
    String url = "jdbc:h2:file:" + folder.resolve("index/recordings").toAbsolutePath();
    try (Connection connection = DriverManager.getConnection(url, "sa", "");
        Statement statement = connection.createStatement()) {
      statement.execute("update parley_schema set version = " + version);
    }
  }

  @Test
  void refusesAFolderWhoseNameTheDatabaseMisunderstands() {
    assertThatThrownBy(() -> RecordingIndex.embedded(folder.resolve("a;b"), Duration.ofSeconds(1)))
        .hasMessageContaining("semicolon");
  }
}
