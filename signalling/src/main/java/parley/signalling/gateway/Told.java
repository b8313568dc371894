package parley.signalling.gateway;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import parley.signalling.wire.Jid;

/**
 * What the chat server tells one of its users of his team: its structures, as far as calls need
 * them. Keys that are left out have the chat server's default: empty, zero, false. What is told may
 * be wrong or strange; it is read without trust, and what cannot be read tells nothing.
 */
final class Told {

  /** Events that tell something. */
  static final String ROSTER = "server.roster";

  static final String CONTACTS = "server.contact.updated";
  static final String CHATS = "server.chat.updated";
  static final String CHATS_GONE = "server.chat.deleted";
  static final String TEAMS = "server.team.updated";
  static final String TEAMS_GONE = "server.team.deleted";

  private static final JsonMapper JSON =
      JsonMapper.builder(EventName.JSON)
          .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
          .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .build();

  private static final ObjectReader EVENTS = JSON.readerFor(Event.class);
  private static final ObjectReader TEAM_ANSWERS = JSON.readerFor(TeamAnswer.class);
  private static final ObjectReader ANSWERS = JSON.readerFor(Answer.class);

  private Told() {}

  /** An event of the chat server. */
  record Event(@Nullable String event, @Nullable Params params) {}

  /** What the events that tell something have in their params, all of them together. */
  record Params(
      @Nullable List<@Nullable Contact> contacts,
      @Nullable List<@Nullable Chat> directChats,
      @Nullable List<@Nullable Chat> groups,
      @Nullable List<@Nullable Chat> taskChats,
      @Nullable List<@Nullable Chat> chats,
      @Nullable List<@Nullable Team> teams) {}

  /**
   * @param canCall whether the user who is told this may call the contact
   * @param status "owner", "admin", "member", …
   */
  record Contact(
      @Nullable String jid,
      @Nullable String displayName,
      @Nullable String shortName,
      @Nullable String role,
      @Nullable Icons icons,
      @Nullable String status,
      boolean canCall,
      boolean isArchive) {}

  /**
   * @param canCall whether the user who is told this may call in the chat
   * @param canJoin whether he could become a member, so he is none
   * @param status his own, in a group
   */
  record Chat(
      @Nullable String jid,
      @Nullable String displayName,
      @Nullable Icons icons,
      boolean canCall,
      boolean canJoin,
      boolean isArchive,
      @Nullable String status,
      @Nullable List<@Nullable Member> members,
      @Nullable String assignee,
      @Nullable String owner,
      @Nullable List<@Nullable String> observers,
      @Nullable Boolean audiorecord) {}

  record Member(@Nullable String jid) {}

  record Team(
      @Nullable String uid,
      @Nullable String name,
      @Nullable Icons icons,
      @Nullable Contact me,
      boolean isArchive) {

    /** Who is told this; null: it does not say, or he is in it no more. */
    @Nullable Jid user() {
      Jid jid = me == null ? null : View.jid(me.jid());
      boolean isIn = me != null && !isArchive && !me.isArchive();
      return isIn && jid != null && jid.isContact() ? jid : null;
    }

    private Team gone() {
      return new Team(uid, name, icons, me, true);
    }
  }

  record Icons(
      @Nullable Picture sm,
      @Nullable Picture lg,
      @Nullable String stub,
      @Nullable String letters,
      @Nullable String color) {}

  record Picture(@Nullable String url, int width, int height) {}

  private record TeamAnswer(boolean ok, @Nullable Team result) {}

  private record Answer(boolean ok, @Nullable JsonNode result) {}

  /**
   * What an event changes.
   *
   * @param contacts as they are now
   * @param chats as they are now; direct ones as well
   * @param gone chats that are no more, or not his
   * @param teams as they are now
   */
  record Change(List<Contact> contacts, List<Chat> chats, List<Chat> gone, List<Team> teams) {}

  /**
   * Reads an event.
   *
   * @throws IOException when it is none
   */
  static Change change(String name, byte[] utf8) throws IOException {
    Params params = event(utf8);
    List<Chat> chats = there(params.chats());
    List<Team> teams = there(params.teams());
    return switch (name) {
      case ROSTER -> {
        List<Chat> all = there(params.directChats());
        all.addAll(there(params.groups()));
        all.addAll(there(params.taskChats()));
        yield new Change(there(params.contacts()), all, List.of(), List.of());
      }
      case CONTACTS -> new Change(there(params.contacts()), List.of(), List.of(), List.of());
      case CHATS -> new Change(List.of(), chats, List.of(), List.of());
      case CHATS_GONE -> new Change(List.of(), List.of(), chats, List.of());
      case TEAMS -> new Change(List.of(), List.of(), List.of(), teams);
      case TEAMS_GONE ->
          new Change(List.of(), List.of(), List.of(), teams.stream().map(Team::gone).toList());
      default -> new Change(List.of(), List.of(), List.of(), List.of());
    };
  }

  private static Params event(byte[] utf8) throws IOException {
    Event event = EVENTS.readValue(utf8);
    if (event == null || event.params() == null) {
      throw new IOException("an event without params");
    }
    return event.params();
  }

  /**
   * The answer to {@code GET /api/v4/teams/{uid}}.
   *
   * @throws IOException when it is none
   */
  static Team team(byte[] body) throws IOException {
    TeamAnswer answer = TEAM_ANSWERS.readValue(body);
    if (answer == null || !answer.ok() || answer.result() == null) {
      throw new IOException("the chat server tells nothing of the team");
    }
    return answer.result();
  }

  /**
   * The answer to {@code GET /api/v4/teams/{uid}/contacts}.
   *
   * @throws IOException when it is none
   */
  static List<Contact> contacts(byte[] body) throws IOException {
    return list(body, Contact.class);
  }

  /**
   * The answer to {@code GET /api/v4/teams/{uid}/groups} and {@code …/tasks}.
   *
   * @throws IOException when it is none
   */
  static List<Chat> chats(byte[] body) throws IOException {
    return list(body, Chat.class);
  }

  /** A list, or the first page of one. */
  private static <T> List<T> list(byte[] body, Class<T> type) throws IOException {
    Answer answer = ANSWERS.readValue(body);
    JsonNode result = answer == null || !answer.ok() ? null : answer.result();
    JsonNode items = result != null && result.isObject() ? result.get("objects") : result;
    if (items == null || !items.isArray()) {
      throw new IOException("the chat server's answer is no list");
    }
    List<T> list = new ArrayList<>(items.size());
    for (JsonNode item : items) {
      if (item.isObject()) {
        list.add(JSON.treeToValue(item, type));
      }
    }
    return list;
  }

  /** A list as it was told, without what is not there. */
  static <T> List<T> there(@Nullable List<@Nullable T> list) {
    List<T> there = new ArrayList<>();
    for (T each : list == null ? List.<T>of() : list) {
      if (each != null) {
        there.add(each);
      }
    }
    return there;
  }

  static String text(@Nullable String text) {
    return Objects.requireNonNullElse(text, "");
  }
}
