package parley.signalling.session;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import parley.signalling.call.SessionId;
import parley.signalling.directory.Team;
import parley.signalling.wire.Jid;

/** One socket in a {@link Life}: believes nothing it is sent before it has checked it. */
final class LifeClient implements Link {

  final SessionId session;
  final int number;
  final Jid contact;

  /** The calls that ring here. */
  final Set<String> rung = new HashSet<>();

  /** What each call looked like when it was told last. */
  final Map<String, String> states = new HashMap<>();

  final Set<String> finished = new HashSet<>();
  final List<String> unconfirmed = new ArrayList<>();
  boolean alive = true;

  /** The server has closed it, and its end is on its way. */
  boolean closed;

  /** The last event that wanted to be confirmed, as it was said. */
  byte @Nullable [] lastSaid;

  private final Life life;
  private final boolean prompt;
  private final Map<String, String> confirmable = new HashMap<>();
  private final Set<String> answered = new HashSet<>();
  private final Map<String, Long> gentimes = new HashMap<>();

  LifeClient(Life life, SessionId session, int number, Jid contact, boolean prompt) {
    this.life = life;
    this.session = session;
    this.number = number;
    this.contact = contact;
    this.prompt = prompt;
  }

  @Override
  public void close(int code, String reason) {
    check(reason.equals("INVALID_TEAM") && life.team(this).contact(contact) == null, reason, "");
    closed = true;
  }

  @Override
  public boolean send(String text) {
    check(alive && !closed, "sent to a socket that is dead", text);
    int nameEnd = text.indexOf('"', 10);
    String name = text.substring(10, nameEnd);
    life.onSent(this, name, text);
    if (name.equals("server.online")) {
      onOnline(text);
    } else if (name.startsWith("server.call.") && !name.equals("server.call.checkfingerprint")) {
      onCallEvent(name, text, nameEnd);
    }
    return true;
  }

  /** Whether the jid can mean anything to this contact. */
  boolean mayHearOf(Jid jid) {
    return mayHearOf(jid, life.team(this)) || mayHearOf(jid, life.teamBefore(this));
  }

  private boolean mayHearOf(Jid jid, Team team) {
    if (jid.isContact()) {
      return !jid.equals(contact) && team.contact(jid) != null;
    }
    var chat = team.chat(jid);
    return chat != null && chat.members().contains(contact);
  }

  private void onOnline(String text) {
    int at = text.indexOf("\"calls\":[");
    for (at = text.indexOf("\"jid\":\"", at); at >= 0; at = text.indexOf("\"jid\":\"", at + 7)) {
      check(mayHearOf(jidAt(text, at + 7)), "shown a call of others", text);
    }
  }

  private void onCallEvent(String name, String text, int nameEnd) {
    int params = text.indexOf("\"params\":{\"jid\":\"", nameEnd);
    Jid jid = jidAt(text, params + 17);
    check(mayHearOf(jid) || isLeaver(name, jid), "told of others' chat", text);
    int uidAt = text.indexOf("\"uid\":\"", params);
    boolean hasUid = uidAt >= 0 && !name.equals("server.call.buzz");
    String uid =
        name.equals("server.call.buzz")
            ? after(text, "\"uid\":\"", text.lastIndexOf("\"uid\":\""))
            : hasUid ? after(text, "\"uid\":\"", uidAt) : "";
    if (!uid.isEmpty()) {
      checkPlace(name, uid, jid, text);
    }
    boolean repeat = isRepeat(text, nameEnd);
    switch (name) {
      case "server.call.buzz" -> {
        check(!finished.contains(uid), "rung after the end", text);
        check(rung.add(uid) != repeat, repeat ? "rung after the cancel" : "rung twice", text);
      }
      case "server.call.buzzcancel" -> rung.remove(uid);
      case "server.call.answer" -> {
        check(!finished.contains(uid), "answered after the end", text);
        check(repeat ? answered.contains(uid) : true, "answered again after leaving", text);
        answered.add(uid);
      }
      case "server.call.leave" -> {
        if (!jid.isContact() || life.isDirect(uid)) {
          answered.remove(uid);
        }
      }
      case "server.call.state" -> onState(uid, text);
      default -> {}
    }
  }

  private void onState(String uid, String text) {
    check(!finished.contains(uid), "a state after the end", text);
    long gentime = Long.parseLong(after(text, "\"gentime\":", text.indexOf("\"gentime\":"), ','));
    Long before = gentimes.put(uid, gentime);
    check(before == null || before < gentime, "gentime does not grow", text);
    states.put(uid, text);
    if (text.contains("\"finish\":\"")) {
      finished.add(uid);
      check(!rung.contains(uid) || life.isSpeaking(this), "still rung at the end", text);
      check(!text.contains("\"onliners\""), "somebody is still in it", text);
    }
  }

  /** In a group, leave names the contact who left. */
  private boolean isLeaver(String name, Jid jid) {
    return name.equals("server.call.leave")
        && jid.isContact()
        && life.teamBefore(this).contact(jid) != null;
  }

  /** The jid is what this contact calls the place where the call of this uid is. */
  private void checkPlace(String name, String uid, Jid jid, String text) {
    String chat = life.chatOf(uid, this);
    if (chat == null) {
      boolean reply = name.equals("server.call.leave") || name.equals("server.call.buzzcancel");
      check(reply && life.isSpeaking(this), "a call that nobody opened", text);
      return;
    }
    int plus = chat.indexOf('+');
    if (plus < 0) {
      boolean own = jid.toString().equals(chat) && mayHearOf(jid);
      check(own || isLeaver(name, jid) && mayHearOf(Jid.of(chat)), "not this chat", text);
      return;
    }
    String one = chat.substring(0, plus);
    String other = chat.substring(plus + 1);
    String me = contact.toString();
    check(me.equals(one) || me.equals(other), "a call between others", text);
    check(jid.toString().equals(me.equals(one) ? other : one), "not as its viewer sees it", text);
  }

  private boolean isRepeat(String text, int nameEnd) {
    if (!text.startsWith("\",\"confirm_id\":\"", nameEnd)) {
      return false;
    }
    String id = text.substring(nameEnd + 16, text.indexOf('"', nameEnd + 16));
    String before = confirmable.putIfAbsent(id, text);
    check(before == null || before.equals(text), "not repeated as it was", text);
    if (before == null) {
      unconfirmed.add(id);
      if (prompt) {
        life.confirmsSoon(this);
      }
    }
    return before != null;
  }

  private static Jid jidAt(String text, int from) {
    return Jid.of(text.substring(from, text.indexOf('"', from)));
  }

  private static String after(String text, String key, int at) {
    return after(text, key, at, '"');
  }

  private static String after(String text, String key, int at, char end) {
    int from = at + key.length();
    return text.substring(from, text.indexOf(end, from));
  }

  private void check(boolean holds, String what, String text) {
    if (!holds) {
      throw new AssertionError(session + " of " + contact + ": " + what + ": " + text);
    }
  }
}
