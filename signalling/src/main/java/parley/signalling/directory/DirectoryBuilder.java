package parley.signalling.directory;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.SequencedSet;
import java.util.UUID;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import parley.signalling.settings.Problem;
import parley.signalling.settings.SettingsException;
import parley.signalling.wire.Jid;
import parley.signalling.wire.TeamId;

/** Makes a {@link Directory} out of what its file says, and names what does not fit together. */
final class DirectoryBuilder {

  /** What fits in a header and in a WebSocket subprotocol (RFC 9110 §5.6.2, token). */
  private static final Pattern TOKEN = Pattern.compile("[A-Za-z0-9!#$%&'*+.^_`|~-]{1,4096}");

  private final String file;
  private final List<Problem> problems = new ArrayList<>();
  private final Map<String, Map<TeamId, Jid>> tokens = new HashMap<>();

  private DirectoryBuilder(String file) {
    this.file = file;
  }

  static Directory build(DirectoryFile content, String file) throws SettingsException {
    var builder = new DirectoryBuilder(file);
    Map<TeamId, Team> teams = new LinkedHashMap<>();
    for (int i = 0; i < content.teams().size(); i++) {
      Team team = builder.team(content.teams().get(i), "teams[" + i + "]");
      if (team != null && teams.put(team.uid(), team) != null) {
        builder.problem("teams[" + i + "].uid", team.uid() + " is the uid of another team already");
      }
    }
    if (content.teams().isEmpty()) {
      builder.problem("teams", "there is no team; right would be a list with at least one");
    }
    if (!builder.problems.isEmpty()) {
      throw new SettingsException(builder.problems);
    }
    Map<String, Account> accounts = new HashMap<>();
    builder.tokens.forEach((token, contacts) -> accounts.put(token, new Account(contacts)));
    return new Directory(teams, accounts);
  }

  private @Nullable Team team(DirectoryFile.TeamEntry entry, String path) {
    UUID uuid = checked(path + ".uid", () -> UUID.fromString(entry.uid()));
    if (uuid == null) {
      return null;
    }
    var uid = new TeamId(uuid.toString());
    Map<Jid, Contact> contacts = new LinkedHashMap<>();
    for (int i = 0; i < entry.contacts().size(); i++) {
      String at = path + ".contacts[" + i + "]";
      Contact contact = contact(entry.contacts().get(i), at);
      if (contact == null) {
        continue;
      }
      if (contacts.put(contact.jid(), contact) != null) {
        problem(at + ".jid", contact.jid() + " is another contact's already");
      }
      tokens(entry.contacts().get(i).tokens(), uid, contact.jid(), at + ".tokens");
    }
    boolean everyoneMutes = !entry.muteAll().equals("admins");
    Map<Jid, Chat> chats = new LinkedHashMap<>();
    for (int i = 0; i < entry.chats().size(); i++) {
      String at = path + ".chats[" + i + "]";
      Chat chat = chat(entry.chats().get(i), contacts, everyoneMutes, at);
      if (chat != null && chats.put(chat.jid(), chat) != null) {
        problem(at + ".jid", chat.jid() + " is another chat's already");
      }
    }
    Icon icon =
        checked(
            path,
            () -> Icon.of("", entry.color(), entry.name(), entry.uid()).withUrl(entry.icon()));
    return icon == null
        ? null
        : new Team(
            uid,
            entry.name(),
            icon,
            entry.recordDirectCalls(),
            contacts,
            chats,
            DirectCalls.EVERYONE,
            entry.recording(),
            entry.recordingDirect().isEmpty() ? entry.recording() : entry.recordingDirect());
  }

  private @Nullable Contact contact(DirectoryFile.ContactEntry entry, String path) {
    Jid jid = checked(path + ".jid", () -> Jid.of(entry.jid()));
    Icon icon =
        checked(
            path,
            () ->
                Icon.of(entry.letters(), entry.color(), entry.displayName(), entry.jid())
                    .withUrl(entry.icon()));
    if (jid == null || icon == null) {
      return null;
    }
    if (!jid.isContact()) {
      problem(path + ".jid", jid + " names no person; a contact's jid begins with d-");
      return null;
    }
    String shortName =
        entry.shortName().isEmpty()
            ? entry.displayName().strip().split("\\s+", 2)[0]
            : entry.shortName();
    return new Contact(jid, entry.displayName(), shortName, entry.role(), icon, entry.admin());
  }

  private void tokens(List<String> list, TeamId team, Jid contact, String path) {
    for (int i = 0; i < list.size(); i++) {
      String token = list.get(i);
      if (!TOKEN.matcher(token).matches()) {
        problem(path + "[" + i + "]", "right would be letters, digits and - _ . without spaces");
        continue;
      }
      var contacts = tokens.computeIfAbsent(TokenHash.of(token), t -> new HashMap<>());
      Jid other = contacts.put(team, contact);
      if (other != null && !other.equals(contact)) {
        problem(path + "[" + i + "]", "the token is another contact's already: " + other);
      }
    }
  }

  private @Nullable Chat chat(
      DirectoryFile.ChatEntry entry,
      Map<Jid, Contact> contacts,
      boolean everyoneMutes,
      String path) {
    Jid jid = checked(path + ".jid", () -> Jid.of(entry.jid()));
    Icon icon =
        checked(
            path,
            () ->
                Icon.of(entry.letters(), entry.color(), entry.displayName(), entry.jid())
                    .withUrl(entry.icon()));
    SequencedSet<Jid> members = new LinkedHashSet<>();
    for (int i = 0; i < entry.members().size(); i++) {
      String at = path + ".members[" + i + "]";
      String text = entry.members().get(i);
      Jid member = checked(at, () -> Jid.of(text));
      if (member != null && !contacts.containsKey(member)) {
        problem(at, member + " is not a contact of this team");
      } else if (member != null) {
        members.add(member);
      }
    }
    if (jid == null || icon == null) {
      return null;
    }
    if (jid.isContact()) {
      problem(path + ".jid", jid + " names a person; a chat's jid begins with g- or t-");
      return null;
    }
    boolean everyone =
        entry.muteAll().isEmpty() ? everyoneMutes : entry.muteAll().equals("everyone");
    return new Chat(
        jid,
        entry.displayName(),
        icon,
        entry.audiorecord(),
        entry.members().isEmpty() ? new LinkedHashSet<>(contacts.keySet()) : members,
        !entry.mayCall().equals("admins"),
        everyone,
        entry.recording());
  }

  private <T> @Nullable T checked(String path, Supplier<T> value) {
    try {
      return value.get();
    } catch (IllegalArgumentException e) {
      problem(path, String.valueOf(e.getMessage()));
      return null;
    }
  }

  private void problem(String path, String what) {
    problems.add(new Problem(file, path + ": " + what));
  }
}
