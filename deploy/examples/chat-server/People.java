import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;

/** Who there is, and who is in which chat: from team.json. */
final class People {

  final JsonObject team;
  final String uid;

  People(Path file) throws IOException {
    team = new JsonObject(Files.readString(file));
    uid = team.getString("uid");
  }

  JsonObject contact(String jid) {
    return find("contacts", "jid", jid);
  }

  JsonObject byLogin(String login) {
    return find("contacts", "login", login);
  }

  private JsonObject find(String list, String key, String value) {
    for (Object each : team.getJsonArray(list)) {
      if (((JsonObject) each).getString(key).equals(value)) {
        return (JsonObject) each;
      }
    }
    return null;
  }

  /** Whose messages in a chat are whose to read; empty when the chat is not this person's. */
  Set<String> members(String jid, String viewer) {
    Set<String> members = new HashSet<>();
    JsonObject group = find("groups", "jid", jid);
    if (group != null && group.getJsonArray("members").contains(viewer)) {
      group.getJsonArray("members").forEach(member -> members.add((String) member));
    } else if (contact(jid) != null && !jid.equals(viewer)) {
      members.add(jid);
      members.add(viewer);
    }
    return members;
  }

  /** GET /api/v4/teams/{uid} */
  JsonObject teamAs(String viewer) {
    return new JsonObject()
        .put("uid", uid)
        .put("name", team.getString("name"))
        .put("icons", new JsonObject())
        .put("me", shown(contact(viewer), viewer));
  }

  /** GET /api/v4/teams/{uid}/contacts */
  JsonArray contacts(String viewer) {
    var contacts = new JsonArray();
    team.getJsonArray("contacts").forEach(each -> contacts.add(shown((JsonObject) each, viewer)));
    return contacts;
  }

  private static JsonObject shown(JsonObject contact, String viewer) {
    return new JsonObject()
        .put("jid", contact.getString("jid"))
        .put("display_name", contact.getString("display_name"))
        .put("short_name", contact.getString("short_name"))
        .put("role", contact.getString("role"))
        .put("icons", new JsonObject())
        .put("status", contact.getBoolean("admin") ? "admin" : "member")
        .put("can_call", !contact.getString("jid").equals(viewer));
  }

  /** GET /api/v4/teams/{uid}/groups */
  JsonArray groups(String viewer) {
    var groups = new JsonArray();
    for (Object each : team.getJsonArray("groups")) {
      var group = (JsonObject) each;
      JsonArray jids = group.getJsonArray("members");
      if (jids.contains(viewer)) {
        var members = new JsonArray();
        jids.forEach(jid -> members.add(new JsonObject().put("jid", jid).put("status", "member")));
        groups.add(
            new JsonObject()
                .put("jid", group.getString("jid"))
                .put("chat_type", "group")
                .put("display_name", group.getString("display_name"))
                .put("icons", new JsonObject())
                .put("can_call", true)
                .put("num_members", members.size())
                .put("members", members)
                .put("audiorecord", group.getBoolean("audiorecord")));
      }
    }
    return groups;
  }
}
