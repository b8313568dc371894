package parley.relay.index;

import java.sql.Connection;
import java.sql.SQLException;

/** Connections to the database of the index. Thread-safe; blocks. */
interface Connections extends AutoCloseable {

  /** What is done with a connection, as one transaction. */
  @FunctionalInterface
  interface Work<T> {
    T on(Connection connection) throws SQLException;
  }

  /**
   * Does it and commits; undoes all of it when it fails.
   *
   * @throws SQLException also when there is no database to be had
   */
  <T> T use(Work<T> work) throws SQLException;

  /** To be called now and then: lets go of what nobody uses. */
  void rest();

  @Override
  void close();

  /** The work as one transaction of a connection that does not commit by itself. */
  static <T> T transaction(Connection connection, Work<T> work) throws SQLException {
    try {
      T result = work.on(connection);
      connection.commit();
      return result;
    } catch (SQLException | RuntimeException e) {
      try {
        connection.rollback();
      } catch (SQLException undone) {
        e.addSuppressed(undone);
      }
      throw e;
    }
  }
}
