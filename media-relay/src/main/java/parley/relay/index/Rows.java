package parley.relay.index;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import parley.relay.index.IndexedRecording.Party;
import parley.relay.index.IndexedRecording.Place;
import parley.relay.index.IndexedRecording.Policy;
import parley.relay.index.IndexedRecording.Proof;
import parley.relay.index.IndexedRecording.State;
import parley.relay.index.IndexedRecording.Verified;

/** Recordings as rows, and rows as recordings. */
final class Rows {

  /** Of {@code proof_note}. */
  private static final int MAX_NOTE = 2_000;

  private static final String COLUMNS =
      "id, uid, team, chat, title, node, began_ms, ended_ms, length_ms, state, completeness,"
          + " talk_ms, over_ms, policy, policy_version, policy_mode, retention, kept_ms, held,"
          + " encrypted, place, bytes, proof, proof_ms, proof_note, stamp";

  private static final String PARTY_COLUMNS =
      "id, place_no, contact, name, device, track, joined_ms, left_ms, talk_ms, muted_ms,"
          + " masked_ms, completeness";

  private Rows() {}

  static void insert(Connection connection, String home, IndexedRecording row) throws SQLException {
    try (PreparedStatement insert =
        connection.prepareStatement(
            "insert into parley_recordings ("
                + COLUMNS
                + ", home) values ("
                + "?, ".repeat(COLUMNS.split(",", -1).length)
                + "?)")) {
      int at = texts(insert, 1, row.id(), row.call(), row.team(), row.chat(), row.title());
      at = texts(insert, at, row.node());
      setInstant(insert, at++, row.began());
      setInstant(insert, at++, row.ended());
      insert.setLong(at++, row.lengthMs());
      insert.setString(at++, row.state().word());
      insert.setDouble(at++, row.completeness());
      insert.setLong(at++, row.talkMs());
      insert.setLong(at++, row.talkedOverMs());
      Policy policy = row.policy();
      at = texts(insert, at, policy.name(), policy.version(), policy.mode(), policy.retention());
      setInstant(insert, at++, row.keptUntil());
      insert.setBoolean(at++, row.held());
      insert.setBoolean(at++, row.encrypted());
      insert.setString(at++, row.place().word());
      insert.setLong(at++, row.bytes());
      insert.setString(at++, row.verified().proof().word());
      setInstant(insert, at++, row.verified().at());
      at = texts(insert, at, note(row.verified().note()), row.stamp(), home);
      insert.executeUpdate();
    }
    insertParties(connection, row);
  }

  private static void insertParties(Connection connection, IndexedRecording row)
      throws SQLException {
    try (PreparedStatement insert =
        connection.prepareStatement(
            "insert into parley_parties ("
                + PARTY_COLUMNS
                + ") values ("
                + "?, ".repeat(PARTY_COLUMNS.split(",", -1).length - 1)
                + "?)")) {
      for (int i = 0; i < row.parties().size(); i++) {
        Party party = row.parties().get(i);
        insert.setString(1, row.id());
        insert.setInt(2, i);
        int at = texts(insert, 3, party.contact(), party.name(), party.device(), party.track());
        insert.setLong(at++, party.joinedMs());
        insert.setLong(at++, party.leftMs());
        insert.setLong(at++, party.talkMs());
        insert.setLong(at++, party.mutedMs());
        insert.setLong(at++, party.maskedMs());
        insert.setDouble(at++, party.completeness());
        insert.addBatch();
      }
      insert.executeBatch();
    }
  }

  private static int texts(PreparedStatement into, int from, String... values) throws SQLException {
    int at = from;
    for (String value : values) {
      into.setString(at++, value);
    }
    return at;
  }

  /** With their parties, in the order asked for. */
  static List<IndexedRecording> select(
      Connection connection, Conditions where, String order, int limit) throws SQLException {
    List<IndexedRecording> found = new ArrayList<>();
    String columns =
        String.join(", ", Arrays.stream(COLUMNS.split(", ", -1)).map(c -> "r." + c).toList());
    try (PreparedStatement select =
        connection.prepareStatement(
            "select "
                + columns
                + " from parley_recordings r"
                + where.text()
                + order
                + " limit "
                + limit)) {
      where.set(select);
      try (ResultSet rows = select.executeQuery()) {
        while (rows.next()) {
          found.add(row(rows));
        }
      }
    }
    if (found.isEmpty()) {
      return found;
    }
    Map<String, List<Party>> parties = parties(connection, found);
    found.replaceAll(each -> each.with(parties.getOrDefault(each.id(), List.of())));
    return found;
  }

  private static Map<String, List<Party>> parties(Connection connection, List<IndexedRecording> of)
      throws SQLException {
    String marks = String.join(", ", Collections.nCopies(of.size(), "?"));
    try (PreparedStatement select =
        connection.prepareStatement(
            "select "
                + PARTY_COLUMNS
                + " from parley_parties where id in ("
                + marks
                + ") order by id, place_no")) {
      for (int i = 0; i < of.size(); i++) {
        select.setString(i + 1, of.get(i).id());
      }
      Map<String, List<Party>> parties = new HashMap<>();
      try (ResultSet rows = select.executeQuery()) {
        while (rows.next()) {
          parties.computeIfAbsent(rows.getString("id"), id -> new ArrayList<>()).add(party(rows));
        }
      }
      return parties;
    }
  }

  private static Party party(ResultSet rows) throws SQLException {
    return new Party(
        rows.getString("contact"),
        rows.getString("name"),
        rows.getString("device"),
        rows.getString("track"),
        rows.getLong("joined_ms"),
        rows.getLong("left_ms"),
        rows.getLong("talk_ms"),
        rows.getLong("muted_ms"),
        rows.getLong("masked_ms"),
        rows.getDouble("completeness"));
  }

  private static IndexedRecording row(ResultSet rows) throws SQLException {
    Instant began = instant(rows, "began_ms");
    return new IndexedRecording(
        rows.getString("id"),
        rows.getString("uid"),
        rows.getString("team"),
        rows.getString("chat"),
        rows.getString("title"),
        rows.getString("node"),
        began == null ? Instant.EPOCH : began,
        instant(rows, "ended_ms"),
        rows.getLong("length_ms"),
        word(State.class, rows.getString("state")),
        rows.getDouble("completeness"),
        rows.getLong("talk_ms"),
        rows.getLong("over_ms"),
        List.of(),
        new Policy(
            rows.getString("policy"),
            rows.getString("policy_version"),
            rows.getString("policy_mode"),
            rows.getString("retention")),
        instant(rows, "kept_ms"),
        rows.getBoolean("held"),
        rows.getBoolean("encrypted"),
        word(Place.class, rows.getString("place")),
        rows.getLong("bytes"),
        verified(rows),
        rows.getString("stamp"));
  }

  static Verified verified(ResultSet rows) throws SQLException {
    return new Verified(
        word(Proof.class, rows.getString("proof")),
        instant(rows, "proof_ms"),
        rows.getString("proof_note"));
  }

  private static <E extends Enum<E>> E word(Class<E> type, String word) {
    return Enum.valueOf(type, word.toUpperCase(Locale.ROOT));
  }

  static void setInstant(PreparedStatement into, int at, @Nullable Instant instant)
      throws SQLException {
    if (instant == null) {
      into.setNull(at, Types.BIGINT);
    } else {
      into.setLong(at, instant.toEpochMilli());
    }
  }

  private static @Nullable Instant instant(ResultSet rows, String column) throws SQLException {
    long ms = rows.getLong(column);
    return rows.wasNull() ? null : Instant.ofEpochMilli(ms);
  }

  static String note(String note) {
    return note.length() <= MAX_NOTE ? note : note.substring(0, MAX_NOTE);
  }
}
