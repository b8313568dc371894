package parley.relay.index;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import parley.relay.index.IndexedRecording.Verified;
import parley.relay.index.RecordingSearch.Cursor;
import parley.relay.index.RecordingSearch.Page;

/**
 * The rows of recordings in a database. Nothing in it is the only copy of anything. Thread-safe;
 * blocks; fails with an {@link SQLException} when there is no database to be had.
 */
public final class RecordingIndex implements AutoCloseable {

  /** Rows that a page may have. */
  public static final int MAX_PAGE = 500;

  private final Connections connections;
  private final String home;
  private final AtomicBoolean prepared = new AtomicBoolean();

  private RecordingIndex(Connections connections, String home) {
    this.connections = connections;
    this.home = home;
  }

  /**
   * In a file of its own. Opens it with the first question.
   *
   * @param directory made when missing
   * @param patience how long to wait for another process that has it
   * @throws IOException with a sentence, when the directory cannot be had
   */
  public static RecordingIndex embedded(Path directory, Duration patience) throws IOException {
    return new RecordingIndex(EmbeddedDatabase.in(directory, patience), "");
  }

  /** In memory, for as long as it is not closed. */
  public static RecordingIndex inMemory() {
    return new RecordingIndex(EmbeddedDatabase.inMemory(), "");
  }

  /**
   * In a database server that several nodes may share. Connects with the first question.
   *
   * @param url {@code jdbc:postgresql://host/database}
   * @param user empty: as the URL says
   * @param home whose recordings this process looks after: node and folder
   */
  public static RecordingIndex server(String url, String user, String password, String home) {
    return new RecordingIndex(new ServerDatabase(url, user, password), home);
  }

  private <T> T use(Connections.Work<T> work) throws SQLException {
    if (!prepared.get()) {
      connections.use(
          connection -> {
            Schema.prepare(connection);
            return true;
          });
      prepared.set(true);
    }
    return connections.use(work);
  }

  /** What is known of each of our recordings, by id: the stamp of its files. */
  Map<String, String> stamps() throws SQLException {
    return use(
        connection -> {
          try (PreparedStatement select =
              connection.prepareStatement(
                  "select id, stamp from parley_recordings where home = ?")) {
            select.setString(1, home);
            Map<String, String> stamps = new HashMap<>();
            try (ResultSet rows = select.executeQuery()) {
              while (rows.next()) {
                stamps.put(rows.getString(1), rows.getString(2));
              }
            }
            return stamps;
          }
        });
  }

  /** Puts rows in, in place of those there are. What was verified stays said of them. */
  public void put(List<IndexedRecording> recordings) throws SQLException {
    use(
        connection -> {
          for (IndexedRecording recording : recordings) {
            Verified before = verified(connection, recording.id());
            boolean deleted = recording.state() == IndexedRecording.State.DELETED;
            delete(connection, recording.id());
            Rows.insert(
                connection, home, deleted || before == null ? recording : recording.with(before));
          }
          return true;
        });
  }

  private static @Nullable Verified verified(Connection connection, String id) throws SQLException {
    try (PreparedStatement select =
        connection.prepareStatement(
            "select proof, proof_ms, proof_note from parley_recordings where id = ?")) {
      select.setString(1, id);
      try (ResultSet rows = select.executeQuery()) {
        return rows.next() ? Rows.verified(rows) : null;
      }
    }
  }

  private static void delete(Connection connection, String id) throws SQLException {
    for (String table : List.of("parley_parties", "parley_recordings")) {
      try (PreparedStatement delete =
          connection.prepareStatement("delete from " + table + " where id = ?")) {
        delete.setString(1, id);
        delete.executeUpdate();
      }
    }
  }

  /** Takes rows out: their folders are gone. */
  public void remove(List<String> ids) throws SQLException {
    use(
        connection -> {
          for (String id : ids) {
            delete(connection, id);
          }
          return true;
        });
  }

  /** Keeps what a verification came to. Of a recording that is not there nothing is kept. */
  public void verified(String id, Verified verified) throws SQLException {
    use(
        connection -> {
          try (PreparedStatement update =
              connection.prepareStatement(
                  "update parley_recordings set proof = ?, proof_ms = ?, proof_note = ?"
                      + " where id = ?")) {
            update.setString(1, verified.proof().word());
            Rows.setInstant(update, 2, verified.at());
            update.setString(3, Rows.note(verified.note()));
            update.setString(4, id);
            return update.executeUpdate();
          }
        });
  }

  /** One of them; empty when it is not there. */
  public Optional<IndexedRecording> find(String id) throws SQLException {
    return use(
        connection -> {
          var where = new Conditions();
          where.add("r.id = ?", id);
          return Rows.select(connection, where, "", 1).stream().findFirst();
        });
  }

  /**
   * Looks for recordings.
   *
   * @param after where the page before ended; null: from the start
   * @param limit rows, at most {@link #MAX_PAGE}
   */
  public Page search(RecordingSearch search, @Nullable Cursor after, int limit)
      throws SQLException {
    int most = Math.clamp(limit, 1, MAX_PAGE);
    return use(
        connection -> {
          Conditions where = Conditions.of(search);
          String order = search.oldestFirst() ? "asc" : "desc";
          if (after != null) {
            where.behind(after, search.oldestFirst());
          }
          List<IndexedRecording> found =
              Rows.select(
                  connection, where, " order by r.began_ms " + order + ", r.id " + order, most + 1);
          if (found.size() <= most) {
            return new Page(found, null);
          }
          List<IndexedRecording> page = new ArrayList<>(found.subList(0, most));
          IndexedRecording last = page.getLast();
          return new Page(page, new Cursor(last.began(), last.id()));
        });
  }

  /** How many recordings there are that began from one moment up to another. */
  public long count(Instant from, Instant before) throws SQLException {
    return use(
        connection -> {
          try (PreparedStatement select =
              connection.prepareStatement(
                  "select count(*) from parley_recordings where began_ms >= ? and began_ms < ?")) {
            select.setLong(1, from.toEpochMilli());
            select.setLong(2, before.toEpochMilli());
            try (ResultSet rows = select.executeQuery()) {
              return rows.next() ? rows.getLong(1) : 0;
            }
          }
        });
  }

  /** To be called now and then: lets go of a database that nobody uses. */
  public void rest() {
    connections.rest();
  }

  @Override
  public void close() {
    connections.close();
  }
}
