package parley.relay.index;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;

/**
 * The tables. There is no changing of old ones: everything in them is read anew from the disk, so a
 * newer Parley drops what an older one has made.
 */
final class Schema {

  /** To be counted up with every change below. */
  static final int VERSION = 1;

  private static final int NONE = -1;

  private static final List<String> TABLES =
      List.of(
          """
          create table parley_recordings (
            id varchar(300) primary key, home varchar(2000) not null,
            uid varchar(1000) not null, team varchar(1000) not null, chat varchar(1000) not null,
            title varchar(1000) not null, node varchar(1000) not null,
            began_ms bigint not null, ended_ms bigint, length_ms bigint not null,
            state varchar(20) not null, completeness double precision not null,
            talk_ms bigint not null, over_ms bigint not null,
            policy varchar(1000) not null, policy_version varchar(1000) not null,
            policy_mode varchar(1000) not null, retention varchar(1000) not null,
            kept_ms bigint, held boolean not null, encrypted boolean not null,
            place varchar(20) not null, bytes bigint not null,
            proof varchar(20) not null, proof_ms bigint, proof_note varchar(2000) not null,
            stamp varchar(300) not null)
          """,
          """
          create table parley_parties (
            id varchar(300) not null references parley_recordings (id) on delete cascade,
            place_no integer not null, contact varchar(1000) not null, name varchar(1000) not null,
            device varchar(1000) not null, track varchar(1000) not null,
            joined_ms bigint not null, left_ms bigint not null, talk_ms bigint not null,
            muted_ms bigint not null, masked_ms bigint not null,
            completeness double precision not null,
            primary key (id, place_no))
          """,
          "create index parley_recordings_began on parley_recordings (began_ms, id)",
          "create index parley_recordings_team on parley_recordings (team, began_ms)",
          "create index parley_recordings_uid on parley_recordings (uid)",
          "create index parley_recordings_home on parley_recordings (home)",
          "create index parley_parties_contact on parley_parties (contact)");

  private Schema() {}

  /**
   * Makes the tables, when there are none or older ones.
   *
   * @throws SQLException with a sentence, when a newer Parley made them
   */
  static void prepare(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(
          "create table if not exists parley_schema"
              + " (id integer primary key, version integer not null)");
      int found;
      try (ResultSet rows =
          statement.executeQuery("select version from parley_schema where id = 1")) {
        found = rows.next() ? rows.getInt(1) : NONE;
      }
      if (found > VERSION) {
        throw new SQLException(
            "the index was made by a newer Parley (version " + found + " of its tables)");
      }
      if (found == VERSION || !claim(statement, found)) {
        return;
      }
      statement.execute("drop table if exists parley_parties");
      statement.execute("drop table if exists parley_recordings");
      for (String table : TABLES) {
        statement.execute(table);
      }
    }
  }

  /** Of several nodes that find the same at the same time, one makes the tables. */
  private static boolean claim(Statement statement, int found) throws SQLException {
    return statement.executeUpdate(
            found == NONE
                ? "insert into parley_schema (id, version) values (1, " + VERSION + ")"
                : "update parley_schema set version = "
                    + VERSION
                    + " where id = 1 and version = "
                    + found)
        == 1;
  }
}
