package parley.signalling.session;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import parley.relay.api.CallId;
import parley.relay.api.RelayEvent;
import parley.signalling.call.CallPolicy;
import parley.signalling.call.Device;
import parley.signalling.call.SessionId;
import parley.signalling.directory.Chat;
import parley.signalling.directory.Contact;
import parley.signalling.directory.Team;
import parley.signalling.wire.ClientEvent;
import parley.signalling.wire.Decoded;
import parley.signalling.wire.EventCodec;
import parley.signalling.wire.Jid;

/**
 * Two teams on one switchboard in virtual time, living through a list of {@link Step}s, and then
 * going home. Whatever does not hold is thrown as an {@link AssertionError}.
 */
final class Life {

  private static final int SOCKETS_PER_CONTACT = 3;
  private static final long BEGAN_NS = 1_000_000_000L;
  private static final Instant BEGAN = Instant.parse("2026-01-02T03:04:05.678901Z");

  private final EventCodec codec;
  private final List<List<Team>> variants;
  private List<Team> teams;
  private List<Team> teamsBefore;
  private final Switchboard switchboard;
  private final RelayModel relay = new RelayModel();
  private final List<LifeClient> alive = new ArrayList<>();
  private final Set<String> started = new HashSet<>();
  private final Set<String> finished = new HashSet<>();
  private final List<LifeClient> confirming = new ArrayList<>();
  private final @Nullable StringBuilder transcript;
  private long nowNs = BEGAN_NS;
  private int lastCall;
  private int lastSession;
  private int lastConfirm;
  private @Nullable LifeClient speaking;
  private boolean repeating;
  private int confirms;

  /**
   * @param variants how the two teams may be; they begin as the first says
   * @param rules which rules hold
   * @param transcript is told what happens; null: nobody
   */
  Life(
      List<List<Team>> variants, EventCodec codec, long rules, @Nullable StringBuilder transcript) {
    this.variants = variants;
    this.teams = variants.getFirst();
    this.teamsBefore = teams;
    this.codec = codec;
    this.transcript = transcript;
    CallPolicy defaults = CallPolicy.defaults();
    var policy =
        new CallPolicy(
            defaults.buzzTimeout(),
            defaults.grace(),
            defaults.restartTimeout(),
            defaults.stateInterval(),
            (rules & 1) != 0,
            (rules & 6) == 0 ? 3 : 0,
            (rules & 8) != 0 ? CallPolicy.MuteAll.ADMINS : CallPolicy.MuteAll.PARTICIPANTS);
    this.switchboard =
        new Switchboard(
            codec,
            new SessionSettings(Duration.ofSeconds(5), policy),
            relay,
            () -> BEGAN.plusNanos(nowNs),
            () -> new CallId("00000000-0000-4000-8000-%012d".formatted(++lastCall)),
            this::onCallEvent);
  }

  void live(List<Step> steps) {
    for (Step step : steps) {
      nowNs += 1 + step.how() % 20_000_000;
      live(step);
      settle();
    }
    goHome();
  }

  private void live(Step step) {
    switch (step.what()) {
      case CONNECT -> connect(step);
      case DIE -> {
        if (!alive.isEmpty()) {
          die(alive.get(step.who() % alive.size()));
        }
      }
      case SAY -> say(step);
      case REPEAT -> repeat(step);
      case CONFIRM -> {
        LifeClient client = someone(step.who());
        if (client != null) {
          confirm(client);
        }
      }
      case NONSENSE -> nonsense(step);
      case RELAY -> relay(step);
      case MISCHIEF -> {
        List<RelayModel.Line> busy = relay.busy();
        if (!busy.isEmpty()) {
          note("the relay is up to mischief " + step.how() % 40);
          RelayModel.mischief(busy.get(step.who() % busy.size()), step.which(), step.how());
        }
      }
      case OVERLOAD -> {
        note("the relay is overloaded");
        relay.overload(1 + step.how() % 4);
      }
      case TEAM -> change(step.which());
      case PASS -> pass(Duration.ofMillis(step.how() % 8 == 0 ? step.which() % 20_000 : 250));
    }
  }

  // --- what happens

  private void connect(Step step) {
    int number = step.which() % 4 == 0 ? 1 : 0;
    Team team = teams.get(number);
    List<Contact> contacts = List.copyOf(team.contacts());
    connect(number, contacts.get(step.who() % contacts.size()).jid(), step.how());
  }

  private void connect(int number, Jid contact, int how) {
    if (alive.stream().filter(it -> it.contact.equals(contact)).count() >= SOCKETS_PER_CONTACT) {
      return;
    }
    var session = new SessionId("s" + ++lastSession);
    var client = new LifeClient(this, session, number, contact, how % 4 != 0);
    int device = how / 4 % 3;
    String instance = how / 16 % 2 == 0 ? "" : "client-" + device;
    note(
        session + " of " + contact.shortForm() + " signs in as browser " + device + " " + instance);
    alive.add(client);
    var arrival =
        new Arrival(
            teams.get(number),
            contact,
            new Device(session, "Browser/" + device, instance),
            "http://here" + how / 32 % 2,
            client,
            Reach.EVERYTHING);
    switchboard.on(new LoopInput.Opened(arrival), nowNs);
  }

  private void die(LifeClient client) {
    note(client.session + " dies");
    alive.remove(client);
    client.alive = false;
    switchboard.on(new LoopInput.Closed(client.session), nowNs);
  }

  private void change(int which) {
    List<Team> now = variants.get(which % variants.size());
    note("the teams are " + which % variants.size());
    teams = now;
    now.forEach(team -> switchboard.on(new LoopInput.TeamChanged(team), nowNs));
    teamsBefore = now;
    for (LifeClient client : List.copyOf(alive)) {
      // Whoever is put out of a chat is told no more, and knows no more.
      client.states.keySet().removeIf(uid -> seenBy(client, uid) == null);
      if (client.closed) {
        die(client);
      }
    }
  }

  private void say(Step step) {
    LifeClient client = someone(step.who());
    if (client == null) {
      return;
    }
    Jid jid = jid(client, step.which());
    String event = event(team(client), step.how());
    String confirm = step.how() / 64 % 4 == 0 ? "" : "\"confirm_id\":\"c" + ++lastConfirm + "\",";
    int comma = event.indexOf(',');
    String name = comma < 0 ? event : event.substring(0, comma);
    String more = comma < 0 ? "" : event.substring(comma);
    String text =
        "{\"event\":\"client.call.%s\",%s\"params\":{\"jid\":\"%s\"%s}}"
            .formatted(name, confirm, jid, more);
    byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
    if (!confirm.isEmpty()) {
      client.lastSaid = utf8;
    }
    note(client.session + " says " + text);
    if (name.equals("reject") || name.equals("leave") || name.equals("buzzcancel")) {
      client.rung.removeIf(uid -> jid.equals(seenBy(client, uid)));
    }
    relay.forgetOffers();
    speaks(client, codec.decode(utf8), utf8.length);
    client.rung.removeIf(uid -> relay.offered(uid, client.contact.toString()));
  }

  private static String event(Team team, int how) {
    return switch (how % 16) {
      case 0 -> "trickle,\"candidate\":\"candidate:1\"";
      case 1 -> "buzz";
      case 2 -> {
        List<Contact> all = List.copyOf(team.contacts());
        Jid one = all.get(how / 512 % all.size()).jid();
        yield "buzz,\"members\":[\"" + one + "\",\"" + all.getFirst().jid() + "\"]";
      }
      case 3 -> "buzzcancel";
      case 4, 5 -> "leave";
      case 6 -> "reject,\"reason\":\"busy\"";
      case 7 -> "sound,\"muted\":" + (how / 16 % 2 == 0);
      case 8 -> "muteall";
      case 9 -> "offer"; // without SDP
      default -> "offer,\"sdp\":\"v=0\",\"muted\":" + (how / 16 % 4 == 0);
    };
  }

  /** Mostly a chat he is in, sometimes one he is not in, or nobody's. */
  private Jid jid(LifeClient client, int which) {
    List<Contact> contacts = List.copyOf(team(client).contacts());
    List<Chat> chats = List.copyOf(team(client).chats());
    int kind = which % 16;
    if (kind == 0) {
      Team other = teams.get(1 - client.number);
      return other.chats().iterator().next().jid();
    }
    if (kind == 1) {
      return Jid.of("g-99999999-9999-4999-8999-999999999999");
    }
    return kind < 8
        ? contacts.get(which / 16 % contacts.size()).jid()
        : chats.get(which / 16 % chats.size()).jid();
  }

  private void repeat(Step step) {
    LifeClient client = someone(step.who());
    if (client == null || client.lastSaid == null) {
      return;
    }
    note(client.session + " says it again");
    int submitted = relay.submitted();
    repeating = true;
    confirms = 0;
    speaks(client, codec.decode(client.lastSaid), client.lastSaid.length);
    repeating = false;
    check(confirms == 1, "a repeat is confirmed once", confirms);
    check(relay.submitted() == submitted, "a repeat is not applied again", submitted);
  }

  private void nonsense(Step step) {
    LifeClient client = someone(step.who());
    if (client != null) {
      String text =
          switch (step.how() % 4) {
            case 0 -> "{\"event\":\"client.call.offer\",\"params\":{\"jid\":7}}";
            case 1 -> "{\"event\":\"client.dance\"}";
            case 2 -> "{\"event\":\"client.activity\",\"params\":{\"afk\":true}}";
            default -> "[";
          };
      note(client.session + " says " + text);
      speaks(client, codec.decode(text), text.length());
    }
  }

  private void speaks(LifeClient client, Decoded frame, int bytes) {
    speaking = client;
    switchboard.on(new LoopInput.FromClient(client.session, frame, bytes), nowNs);
    speaking = null;
  }

  private void confirm(LifeClient client) {
    for (String id : List.copyOf(client.unconfirmed)) {
      var confirm = new Decoded.Accepted(new ClientEvent.Confirm(id), null, NullNode.instance);
      speaks(client, confirm, id.length());
    }
    client.unconfirmed.clear();
  }

  private void relay(Step step) {
    List<RelayModel.Line> busy = relay.busy();
    if (busy.isEmpty()) {
      return;
    }
    RelayModel.Line line = busy.get(step.who() % busy.size());
    note("the relay works for " + line.uid.value().substring(30));
    for (int i = step.which() % 4; i > 0; i--) {
      RelayModel.work(line, step.how() % 8 == 0);
    }
    for (int i = step.how() / 8 % 4; i > 0; i--) {
      tell(line);
    }
  }

  private void tell(RelayModel.Line line) {
    RelayEvent event = line.events.poll();
    if (event != null) {
      note("the relay says " + event.getClass().getSimpleName());
      switchboard.on(new LoopInput.FromRelay(event), nowNs);
    }
  }

  private void pass(Duration time) {
    long untilNs = nowNs + time.toNanos();
    while (switchboard.nextDeadlineNs() <= untilNs) {
      nowNs = Math.max(nowNs, switchboard.nextDeadlineNs());
      settle();
    }
    nowNs = untilNs;
  }

  /** What follows by itself from what has just happened. */
  private void settle() {
    if (switchboard.nextDeadlineNs() <= nowNs) {
      switchboard.onTime(nowNs);
    }
    while (!confirming.isEmpty()) {
      LifeClient client = confirming.removeLast();
      if (client.alive) {
        confirm(client);
      }
    }
  }

  // --- the end

  private void goHome() {
    note("the relay does its work, and nobody says anything any more");
    relay.overload(0);
    passAndWork(Duration.ofSeconds(70));
    for (LifeClient client : alive) {
      check(client.rung.isEmpty(), "rung for ever: " + client.session, client.rung);
    }
    for (RelayModel.Line line : relay.lines()) {
      checkAgreement(line);
    }
    note("everyone signs in anew, and all other sockets die");
    List<LifeClient> old = List.copyOf(alive);
    old.forEach(this::die);
    for (int i = 0; i < teams.size(); i++) {
      int number = i;
      teams.get(i).contacts().forEach(contact -> connect(number, contact.jid(), 1));
    }
    settle();
    Set<String> running = new HashSet<>();
    alive.forEach(client -> running.addAll(client.states.keySet()));
    passAndWork(Duration.ofMinutes(2));
    for (LifeClient client : alive) {
      check(client.finished.equals(client.states.keySet()), "one finish of each", client.finished);
      check(client.rung.isEmpty(), "rung for ever", client.rung);
    }
    check(switchboard.calls() == 0, "calls that never end", switchboard.calls());
    for (RelayModel.Line line : relay.lines()) {
      check(!line.open && !line.openAsked && line.peers.isEmpty(), "the relay still has", line.uid);
      check(finished.contains(line.uid.value()), "never ended", line.uid);
    }
    List.copyOf(alive).forEach(this::die);
    passAndWork(Duration.ofMinutes(2));
    check(switchboard.sessions() == 0, "sessions without sockets", switchboard.sessions());
    check(switchboard.nextDeadlineNs() == Long.MAX_VALUE, "something is awaited", nowNs);
  }

  private void passAndWork(Duration time) {
    long untilNs = nowNs + time.toNanos();
    do {
      for (RelayModel.Line line : List.copyOf(relay.busy())) {
        while (!line.isQuiet()) {
          RelayModel.work(line, false);
          tell(line);
        }
      }
      pass(Duration.ofSeconds(1));
    } while (nowNs < untilNs);
  }

  /** What everybody was told last of a call is what the relay does, and every device is there. */
  private void checkAgreement(RelayModel.Line line) {
    String uid = line.uid.value();
    Map<String, Integer> peers = new TreeMap<>();
    line.asked.values().forEach(contact -> peers.merge(contact, 1, Integer::sum));
    check(line.asked.keySet().equals(line.peers), "the relay has " + line.peers, line.asked);
    String seen = null;
    for (LifeClient client : alive) {
      String state = client.states.get(uid);
      if (state == null || seenBy(client, uid) == null) {
        check(!line.openAsked || seenBy(client, uid) == null, "untold of", uid);
        continue;
      }
      JsonNode params = World.json(state).path("params");
      check(params.has("finish") != line.openAsked, "running for one only", state);
      Map<String, Integer> shown = new HashMap<>();
      for (JsonNode onliner : params.path("onliners")) {
        String contact = onliner.path("jid").textValue();
        shown.put(contact, onliner.path("devices").size());
        long sockets = alive.stream().filter(it -> it.contact.toString().equals(contact)).count();
        check(onliner.path("devices").size() <= sockets, "a ghost", state);
      }
      check(shown.equals(peers), "shown " + shown, peers);
      String same = whatEveryoneSees(params);
      check(seen == null || seen.equals(same), "not the same for everyone: " + seen, same);
      seen = same;
    }
  }

  private static String whatEveryoneSees(JsonNode state) {
    ObjectNode same = state.deepCopy();
    same.remove(List.of("jid", "gentime", "timestamp"));
    same.path("onliners").forEach(onliner -> ((ObjectNode) onliner).remove("icon"));
    return same.toString();
  }

  // --- for servers

  private void onCallEvent(CallEvent event) {
    String uid = event.uid().value();
    switch (event) {
      case CallEvent.Buzz it -> check(!finished.contains(uid), "rung after the end", uid);
      case CallEvent.Started it -> {
        check(started.add(uid), "began twice", uid);
        check(!finished.contains(uid), "began after the end", uid);
      }
      case CallEvent.Finished it -> {
        check(finished.add(uid), "ended twice", uid);
        check((it.summary().start() != null) == started.contains(uid), "began or did not", uid);
      }
      case CallEvent.Moved it -> check(false, "moved, and there is one node", uid);
      case CallEvent.RecordingReady it -> {}
      case CallEvent.RecordingFailed it -> {}
      case CallEvent.RecordingMissing it -> {}
      case CallEvent.RecordingDecided it -> {}
    }
  }

  // --- for the clients

  void onSent(LifeClient to, String name, String text) {
    if (repeating) {
      check(to == speaking && name.equals("server.confirm"), "said because of a repeat", text);
      confirms++;
    }
  }

  /** As it is now. */
  Team team(LifeClient client) {
    return teams.get(client.number);
  }

  /** As it was a moment ago: who is put out of a chat is told of it as its member. */
  Team teamBefore(LifeClient client) {
    return teamsBefore.get(client.number);
  }

  void confirmsSoon(LifeClient client) {
    confirming.add(client);
  }

  boolean isSpeaking(LifeClient client) {
    return client == speaking;
  }

  /**
   * The chat of a call, or both contacts of a direct one; null when the relay never heard of it.
   */
  @Nullable String chatOf(String uid, LifeClient client) {
    RelayModel.Line line = relay.line(new CallId(uid));
    if (line == null) {
      return null;
    }
    check(line.team.equals(team(client).uid().value()), "a call of another team", uid);
    return line.chat;
  }

  boolean isDirect(String uid) {
    RelayModel.Line line = relay.line(new CallId(uid));
    return line != null && line.chat.contains("+");
  }

  /** What the client's contact calls the place of a call; null when he is not in it. */
  private @Nullable Jid seenBy(LifeClient client, String uid) {
    RelayModel.Line line = relay.line(new CallId(uid));
    if (line == null || !line.team.equals(team(client).uid().value())) {
      return null;
    }
    String me = client.contact.toString();
    int plus = line.chat.indexOf('+');
    if (plus < 0) {
      Jid jid = Jid.of(line.chat);
      return client.mayHearOf(jid) ? jid : null;
    }
    String one = line.chat.substring(0, plus);
    String other = line.chat.substring(plus + 1);
    return me.equals(one) ? Jid.of(other) : me.equals(other) ? Jid.of(one) : null;
  }

  private @Nullable LifeClient someone(int who) {
    return alive.isEmpty() ? null : alive.get(who % alive.size());
  }

  private void note(String what) {
    if (transcript != null) {
      transcript.append("%8d ms  %s%n".formatted((nowNs - BEGAN_NS) / 1_000_000, what));
    }
  }

  private static void check(boolean holds, String what, Object instead) {
    if (!holds) {
      throw new AssertionError(what + ": " + instead);
    }
  }
}
