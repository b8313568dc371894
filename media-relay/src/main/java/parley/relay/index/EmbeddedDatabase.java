package parley.relay.index;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A database in a file of ours (H2). One process has it at a time, so it is let go of soon after
 * its last use: a command on the same machine then gets its turn beside a running node. One that is
 * damaged is put aside, and an empty one takes its place, for everything in it can be read anew.
 */
final class EmbeddedDatabase implements Connections {

  private static final Logger log = LoggerFactory.getLogger(EmbeddedDatabase.class);

  /** Opening takes some ten milliseconds: not for each of a hundred questions, but for one. */
  private static final long REST_NS = Duration.ofSeconds(2).toNanos();

  private static final long RETRY_NS = Duration.ofMillis(100).toNanos();

  private static final int IN_USE = 90020; // DATABASE_ALREADY_OPEN_1
  private static final int CORRUPT = 90030; // FILE_CORRUPTED_1
  private static final int WRONG_VERSION = 90048; // FILE_VERSION_ERROR_1
  private static final int GENERAL = 50000; // GENERAL_ERROR_1: what it met in the file was no sense

  private final String url;
  private final @Nullable Path file;
  private final Duration patience;

  private @Nullable Connection keeper;
  private int users;
  private long usedNs;

  private EmbeddedDatabase(String url, @Nullable Path file, Duration patience) {
    this.url = url;
    this.file = file;
    this.patience = patience;
  }

  /**
   * In a file.
   *
   * @param directory made when missing
   * @param patience how long to wait for another process that has it
   * @throws IOException with a sentence, when the directory cannot be had
   */
  static EmbeddedDatabase in(Path directory, Duration patience) throws IOException {
    Path absolute = directory.toAbsolutePath().normalize();
    if (absolute.toString().indexOf(';') >= 0) {
      throw new IOException("the index cannot lie in " + absolute + ": its name has a semicolon");
    }
    Files.createDirectories(absolute);
    String name = absolute.resolve("recordings").toString();
    return new EmbeddedDatabase(
        "jdbc:h2:file:" + name + ";DB_CLOSE_ON_EXIT=FALSE;TRACE_LEVEL_FILE=0;CACHE_SIZE=8192",
        Path.of(name + ".mv.db"),
        patience);
  }

  /** In memory, for one process that has no other. */
  static EmbeddedDatabase inMemory() {
    return new EmbeddedDatabase("jdbc:h2:mem:", null, Duration.ZERO);
  }

  @Override
  public <T> T use(Work<T> work) throws SQLException {
    if (file == null) {
      return inTurn(work);
    }
    Connection own = enter();
    try (own) {
      return Connections.transaction(own, work);
    } finally {
      leave();
    }
  }

  /** Of a database in memory there is no second connection. */
  private synchronized <T> T inTurn(Work<T> work) throws SQLException {
    return Connections.transaction(keeper(), work);
  }

  private synchronized Connection enter() throws SQLException {
    keeper();
    Connection own = DriverManager.getConnection(url, "sa", "");
    own.setAutoCommit(false);
    users++;
    return own;
  }

  private synchronized void leave() {
    users--;
    usedNs = System.nanoTime();
  }

  /** As long as it is open, the others open at once. */
  private Connection keeper() throws SQLException {
    Connection kept = keeper;
    if (kept == null || kept.isClosed()) {
      kept = open();
      kept.setAutoCommit(false);
      keeper = kept;
    }
    return kept;
  }

  private Connection open() throws SQLException {
    long deadlineNs = System.nanoTime() + patience.toNanos();
    while (true) {
      try {
        return DriverManager.getConnection(url, "sa", "");
      } catch (SQLException e) {
        if (e.getErrorCode() == IN_USE && System.nanoTime() - deadlineNs < 0) {
          LockSupport.parkNanos(RETRY_NS);
        } else if (file != null && isDamage(e) && Files.exists(file)) {
          putAside(file, e);
        } else {
          throw e;
        }
      }
    }
  }

  private static boolean isDamage(SQLException e) {
    int code = e.getErrorCode();
    return code == CORRUPT || code == WRONG_VERSION || code == GENERAL;
  }

  /** Only the latest one that was damaged is kept, for whoever wants to know. */
  private static void putAside(Path file, SQLException why) throws SQLException {
    Path aside = file.resolveSibling("damaged.mv.db");
    log.error("the index of recordings is damaged, so it is made anew: {}", why.getMessage());
    try {
      Files.move(file, aside, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      why.addSuppressed(e);
      throw why;
    }
  }

  @Override
  public synchronized void rest() {
    if (file != null && users == 0 && System.nanoTime() - usedNs > REST_NS) {
      letGo();
    }
  }

  private void letGo() {
    Connection kept = keeper;
    keeper = null;
    try {
      if (kept != null) {
        kept.close();
      }
    } catch (SQLException e) {
      log.warn("the index of recordings did not close in order: {}", e.getMessage());
    }
  }

  @Override
  public synchronized void close() {
    letGo();
  }
}
