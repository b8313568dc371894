package parley.signalling.directory;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import parley.signalling.settings.SettingsException;
import parley.signalling.wire.Jid;
import parley.signalling.wire.TeamId;

/**
 * What a chat server says of a team: {@code openapi/directory-callback.yaml} explains it. Keys that
 * are not known here are passed over, so that a chat server may say more.
 */
record TeamAnswer(
    @Nullable String uid,
    @Nullable String name,
    @Nullable Boolean recordDirectCalls,
    @Nullable String muteAll,
    @Nullable String color,
    @Nullable String icon,
    @Nullable String recording,
    @Nullable String recordingDirect,
    @Nullable List<ContactAnswer> contacts,
    @Nullable List<ChatAnswer> chats) {

  record ContactAnswer(
      @Nullable String jid,
      @Nullable String displayName,
      @Nullable String shortName,
      @Nullable String role,
      @Nullable String letters,
      @Nullable String color,
      @Nullable String icon,
      @Nullable Boolean admin) {

    DirectoryFile.ContactEntry entry() {
      return new DirectoryFile.ContactEntry(
          text(jid),
          text(displayName),
          text(shortName),
          text(role),
          text(letters),
          text(color),
          text(icon),
          Boolean.TRUE.equals(admin),
          List.of());
    }
  }

  record ChatAnswer(
      @Nullable String jid,
      @Nullable String displayName,
      @Nullable String letters,
      @Nullable String color,
      @Nullable String icon,
      @Nullable Boolean audiorecord,
      @Nullable List<String> members,
      @Nullable String mayCall,
      @Nullable String muteAll,
      @Nullable String recording) {

    DirectoryFile.ChatEntry entry(List<String> here) {
      return new DirectoryFile.ChatEntry(
          text(jid),
          text(displayName),
          text(letters),
          text(color),
          text(icon),
          Boolean.TRUE.equals(audiorecord),
          here,
          who(mayCall),
          who(muteAll),
          text(recording));
    }
  }

  private static final ObjectMapper JSON =
      JsonMapper.builder(
              JsonFactory.builder()
                  .streamReadConstraints(
                      StreamReadConstraints.builder().maxNestingDepth(16).build())
                  .build())
          .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
          .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .build();

  /**
   * @throws IOException with a sentence, when it is not what was asked for
   */
  static Team parse(byte[] body, TeamId asked) throws IOException {
    TeamAnswer answer;
    try {
      answer = JSON.readValue(body, TeamAnswer.class);
    } catch (IOException e) {
      throw new IOException("the answer about team " + asked + " is not as documented", e);
    }
    if (answer == null || !asked.value().equalsIgnoreCase(answer.uid)) {
      throw new IOException("the answer is not about team " + asked);
    }
    try {
      var file = new DirectoryFile(List.of(answer.entry()));
      Team team = DirectoryBuilder.build(file, "the chat server's answer").team(asked);
      if (team != null) {
        return team;
      }
    } catch (SettingsException e) {
      throw new IOException(e.problems().getFirst().toString(), e);
    } catch (NullPointerException e) {
      throw new IOException("the answer about team " + asked + " has a null in a list", e);
    }
    throw new IOException("the answer is not about team " + asked);
  }

  private DirectoryFile.TeamEntry entry() {
    List<ContactAnswer> people = contacts == null ? List.of() : contacts;
    return new DirectoryFile.TeamEntry(
        text(uid),
        text(name),
        Boolean.TRUE.equals(recordDirectCalls),
        who(muteAll),
        text(color),
        text(icon),
        text(recording),
        text(recordingDirect),
        people.stream().map(ContactAnswer::entry).toList(),
        rooms(people));
  }

  /**
   * In a file, a chat without members is everyone's; here it is nobody's, so there is no call in
   * it. Members who are no contacts, like those who have left the team, are passed over.
   */
  private List<DirectoryFile.ChatEntry> rooms(List<ContactAnswer> people) {
    Set<Jid> known = new HashSet<>();
    for (ContactAnswer contact : people) {
      Jid jid = Jid.tryParse(text(contact.jid));
      if (jid != null) {
        known.add(jid);
      }
    }
    List<DirectoryFile.ChatEntry> rooms = new ArrayList<>();
    for (ChatAnswer chat : chats == null ? List.<ChatAnswer>of() : chats) {
      List<String> named = chat.members == null ? List.of() : chat.members;
      List<String> here =
          named.stream().filter(member -> member != null && isIn(known, member)).toList();
      if (!here.isEmpty()) {
        rooms.add(chat.entry(here));
      }
    }
    return rooms;
  }

  private static boolean isIn(Set<Jid> known, String member) {
    Jid jid = Jid.tryParse(member);
    return jid != null && known.contains(jid);
  }

  /** Who may do something; a word that is not known gives it to as few as there are. */
  private static String who(@Nullable String value) {
    return value == null || value.equals("everyone") ? text(value) : "admins";
  }

  private static String text(@Nullable String value) {
    return value == null ? "" : value;
  }
}
