package parley.relay.index;

import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import parley.relay.index.IndexedRecording.State;

/** What follows {@code where}, and its values; no value ever becomes part of the text. */
final class Conditions {

  private final List<String> texts = new ArrayList<>();
  private final List<Object> values = new ArrayList<>();

  static Conditions of(RecordingSearch search) {
    var where = new Conditions();
    for (String party : search.parties()) {
      where.party(party, search.talked());
    }
    Duration talked = search.talked();
    if (talked != null && search.parties().isEmpty()) {
      where.add(
          "exists (select 1 from parley_parties p where p.id = r.id and p.talk_ms >= ?)",
          talked.toMillis());
    }
    String chat = search.chat();
    if (chat != null) {
      where.add("(r.chat = ? or lower(r.title) like ? escape '!')", chat, within(chat));
    }
    where.anyOf("r.team", search.teams());
    where.is("r.uid", search.call());
    where.is("r.policy", search.policy());
    where.is("r.retention", search.retention());
    if (search.from() != null) {
      where.add("r.began_ms >= ?", search.from().toEpochMilli());
    }
    if (search.before() != null) {
      where.add("r.began_ms < ?", search.before().toEpochMilli());
    }
    where.atLeast("r.length_ms", search.longer());
    if (search.shorter() != null) {
      where.add("r.length_ms < ?", search.shorter().toMillis());
    }
    where.atLeast("r.over_ms", search.talkedOver());
    if (search.held() != null) {
      where.add("r.held = ?", search.held());
    }
    if (search.states().isEmpty()) {
      where.add("r.state <> ?", State.DELETED.word());
    } else {
      where.anyOf("r.state", search.states().stream().map(State::word).toList());
    }
    if (search.proof() != null) {
      where.add("r.proof = ?", search.proof().word());
    }
    return where;
  }

  void add(String text, Object... with) {
    texts.add(text);
    values.addAll(List.of(with));
  }

  /** Only what comes behind the end of a page. */
  void behind(RecordingSearch.Cursor page, boolean oldestFirst) {
    long began = page.began().toEpochMilli();
    String sign = oldestFirst ? ">" : "<";
    String text = "(r.began_ms < ? or (r.began_ms = ? and r.id < ?))".replace("<", sign);
    add(text, began, began, page.id());
  }

  private void party(String party, @Nullable Duration talked) {
    String text =
        "exists (select 1 from parley_parties p where p.id = r.id"
            + " and (p.contact = ? or lower(p.name) like ? escape '!')";
    if (talked == null) {
      add(text + ")", party, within(party));
    } else {
      add(text + " and p.talk_ms >= ?)", party, within(party), talked.toMillis());
    }
  }

  private void is(String column, @Nullable String value) {
    if (value != null) {
      add(column + " = ?", value);
    }
  }

  private void atLeast(String column, @Nullable Duration value) {
    if (value != null) {
      add(column + " >= ?", value.toMillis());
    }
  }

  private void anyOf(String column, Collection<String> any) {
    if (!any.isEmpty()) {
      String marks = any.stream().map(each -> "?").collect(Collectors.joining(", "));
      add(column + " in (" + marks + ")", any.toArray());
    }
  }

  /** Whatever case; and what would stand for anything else stands for itself. */
  private static String within(String text) {
    String plain = text.toLowerCase(Locale.ROOT);
    for (Map.Entry<String, String> each :
        List.of(Map.entry("!", "!!"), Map.entry("%", "!%"), Map.entry("_", "!_"))) {
      plain = plain.replace(each.getKey(), each.getValue());
    }
    return "%" + plain + "%";
  }

  /** Empty when nothing is asked for. */
  String text() {
    return texts.isEmpty() ? "" : " where " + String.join(" and ", texts);
  }

  /** Sets all values, from the first place on. */
  void set(PreparedStatement statement) throws SQLException {
    for (int i = 0; i < values.size(); i++) {
      statement.setObject(i + 1, values.get(i));
    }
  }
}
