package parley.relay.index;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

/** A database server that several nodes share (PostgreSQL), by a small pool of connections. */
final class ServerDatabase implements Connections {

  /** One writes, some search. */
  private static final int CONNECTIONS = 4;

  /** A search that takes longer holds up whoever asked; the index is tried again, calls go on. */
  private static final Duration PATIENCE = Duration.ofSeconds(3);

  /** Who asks again that soon after it was away need not wait once more. */
  private static final long AWAY_NS = Duration.ofSeconds(2).toNanos();

  private static final Duration ANSWER = Duration.ofSeconds(30);

  private final HikariDataSource pool;
  private final AtomicLong awayNs = new AtomicLong(System.nanoTime() - AWAY_NS);

  /**
   * @param url {@code jdbc:postgresql://host/database}; nothing is tried yet
   */
  ServerDatabase(String url, String user, String password) {
    var config = new HikariConfig();
    config.setPoolName("recordings-index");
    config.setJdbcUrl(url);
    if (!user.isEmpty()) {
      config.setUsername(user);
      config.setPassword(password);
    }
    config.setMaximumPoolSize(CONNECTIONS);
    config.setMinimumIdle(0);
    config.setIdleTimeout(Duration.ofMinutes(1).toMillis());
    config.setConnectionTimeout(PATIENCE.toMillis());
    config.setInitializationFailTimeout(-1); // a server that is away now may come
    config.setAutoCommit(false);
    config.addDataSourceProperty("connectTimeout", String.valueOf(PATIENCE.toSeconds()));
    config.addDataSourceProperty("socketTimeout", String.valueOf(ANSWER.toSeconds()));
    config.addDataSourceProperty("ApplicationName", "parley");
    this.pool = new HikariDataSource(config);
  }

  @Override
  public <T> T use(Work<T> work) throws SQLException {
    try (Connection connection = connection()) {
      return Connections.transaction(connection, work);
    }
  }

  private Connection connection() throws SQLException {
    if (System.nanoTime() - awayNs.get() < AWAY_NS) {
      throw new SQLTransientConnectionException("the database was away a moment ago");
    }
    try {
      return pool.getConnection();
    } catch (SQLTransientConnectionException e) {
      awayNs.set(System.nanoTime());
      throw e;
    }
  }

  @Override
  public void rest() {
    // the pool does that by itself
  }

  @Override
  public void close() {
    pool.close();
  }
}
