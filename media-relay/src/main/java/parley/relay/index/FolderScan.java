package parley.relay.index;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes the index as the folder for recordings is: reads what has another stamp than its row, takes
 * out the rows of what is gone, and leaves the rest alone. Blocks for the disk and the database.
 */
public final class FolderScan {

  private static final Logger log = LoggerFactory.getLogger(FolderScan.class);

  /** Rows in one transaction. */
  private static final int BATCH = 100;

  /** Told while it goes on. */
  @FunctionalInterface
  public interface Listener {
    /**
     * @throws IOException ends the scan
     */
    void at(int done, int of) throws IOException;
  }

  /**
   * What a scan came to.
   *
   * @param recordings that there are
   * @param changed those that were read
   * @param gone rows that were taken out
   * @param unreadable those that the disk did not let us read
   */
  public record Result(int recordings, int changed, int gone, int unreadable) {}

  private final RecordingIndex index;
  private final RecordingFolders folders;
  private final FolderReader reader;

  public FolderScan(RecordingIndex index, RecordingFolders folders, FolderReader reader) {
    this.index = index;
    this.folders = folders;
    this.reader = reader;
  }

  /** Looks at everything, the newest first. */
  public Result run(Listener listener) throws SQLException, IOException {
    Map<String, String> stamps = index.stamps();
    List<Path> all = new ArrayList<>();
    for (LocalDate day : folders.days()) {
      all.addAll(folders.of(day).reversed());
    }
    Set<String> gone = new HashSet<>(stamps.keySet());
    List<IndexedRecording> batch = new ArrayList<>();
    int done = 0;
    int changed = 0;
    int unreadable = 0;
    for (Path folder : all) {
      listener.at(done++, all.size());
      String id = folders.id(folder).orElseThrow();
      String stamp = folders.stamp(folder);
      if (!stamp.isEmpty()) {
        gone.remove(id);
      }
      if (stamp.isEmpty() || stamp.equals(stamps.get(id))) {
        continue;
      }
      try {
        Optional<IndexedRecording> read = reader.read(folder);
        read.ifPresent(batch::add);
        changed += read.isPresent() ? 1 : 0;
      } catch (IOException e) {
        unreadable++;
        log.warn("recording {} cannot be read: {}", id, e.toString());
      }
      if (batch.size() == BATCH) {
        index.put(batch);
        batch.clear();
      }
    }
    index.put(batch);
    index.remove(List.copyOf(gone));
    listener.at(all.size(), all.size());
    return new Result(all.size(), changed, gone.size(), unreadable);
  }

  /** The row of a folder, whether it is there or not. */
  List<String> id(Path folder) {
    return folders.id(folder).map(List::of).orElse(List.of());
  }
}
