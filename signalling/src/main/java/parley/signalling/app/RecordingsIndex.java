package parley.signalling.app;

import java.io.IOException;
import java.nio.file.Path;
import java.security.PublicKey;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import parley.relay.evidence.SigningKey;
import parley.relay.index.FolderReader;
import parley.relay.index.FolderScan;
import parley.relay.index.RecordingFolders;
import parley.relay.index.RecordingIndex;
import parley.relay.recording.MachineName;
import picocli.CommandLine.Command;
import picocli.CommandLine.ParentCommand;

/** {@code parley recordings index}. */
@Command(
    name = "index",
    mixinStandardHelpOptions = true,
    description = {
      "Makes the index of recordings as their folder is: reads what is new or has changed, and"
          + " takes out what is gone. A running node does the same by itself; this is for after a"
          + " restore, and for those who do not want to wait.%n"
    })
final class RecordingsIndex implements Callable<Integer> {

  /** A node that has the file gives it back some seconds after it used it. */
  private static final Duration PATIENCE = Duration.ofSeconds(15);

  @ParentCommand private @Nullable RecordingsCommand parent;

  @Override
  public Integer call() {
    RecordingsCommand of = RecordingsCommand.of(parent);
    try (RecordingIndex index = open(of, PATIENCE)) {
      FolderScan.Result result = scan(of, index);
      System.out.printf(
          Locale.ROOT,
          "%,d recordings: %,d read, %,d gone%s%n",
          result.recordings(),
          result.changed(),
          result.gone(),
          result.unreadable() == 0
              ? ""
              : ", " + result.unreadable() + " that the disk did not let us read");
      return result.unreadable() == 0 ? 0 : 1;
    } catch (IOException | SQLException e) {
      System.err.println("parley: " + e.getMessage());
      return 2;
    }
  }

  static RecordingIndex open(RecordingsCommand of, Duration patience) throws IOException {
    Path root = of.directory().toAbsolutePath().normalize();
    return of.settings().recording().index().open(root, MachineName.get(), patience);
  }

  /** Makes an index as the folder is, with a bar. */
  static FolderScan.Result scan(RecordingsCommand of, RecordingIndex index)
      throws IOException, SQLException {
    PublicKey key = SigningKey.readPublic(of.publicKey());
    var folders = new RecordingFolders(of.directory());
    try (var bar = new ProgressBar()) {
      return new FolderScan(index, folders, new FolderReader(folders, key))
          .run((done, all) -> bar.at(all == 0 ? 1 : (double) done / all, done + " of " + all));
    }
  }
}
