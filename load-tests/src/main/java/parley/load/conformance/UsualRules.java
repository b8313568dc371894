package parley.load.conformance;

import static parley.load.conformance.Stage.aboutCallWith;
import static parley.load.conformance.Stage.isAbout;
import static parley.load.conformance.Stage.offer;
import static parley.load.conformance.Stage.participant;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Predicate;

/** The rules that hold everywhere. */
final class UsualRules {

  /** Policy violation (RFC 6455 §7.4.1). */
  private static final int POLICY = 1008;

  /** So many times a mute is switched in one go. */
  private static final int CHANGES = 40;

  /** So many states may tell of them: one a fifth of a second, on a machine that is slow. */
  private static final int MOST_STATES = 12;

  /** What is wrong about none of them is forgiven; so many are abuse. */
  private static final int BROKEN_FRAMES = 60;

  private final Target target;
  private final Ledger ledger;
  private final Stage stage;
  private String aliceJid = "";
  private String bobJid = "";
  private String group = "";
  private Duration resend = Duration.ZERO;

  UsualRules(Target target, Ledger ledger) {
    this.target = target;
    this.ledger = ledger;
    this.stage = new Stage(target, ledger);
  }

  /** All of them, or only those that are named. */
  void play(Rule... named) throws InterruptedException {
    String unknown = stage.play(this::look, List.of());
    if (!unknown.isEmpty()) {
      ledger.failed("asking who is there: " + unknown);
      return;
    }
    for (Map.Entry<Rule, Stage.Scene> each : scenes().entrySet()) {
      if (named.length == 0 || List.of(named).contains(each.getKey())) {
        String wrong = stage.play(each.getValue(), List.of(aliceJid, bobJid, group));
        ledger.tried(each.getKey(), wrong);
      }
    }
  }

  private Map<Rule, Stage.Scene> scenes() {
    Map<Rule, Stage.Scene> scenes = new EnumMap<>(Rule.class);
    scenes.put(Rule.VIEWER, this::viewer);
    scenes.put(Rule.ELSEWHERE_ANSWERED, this::answeredElsewhere);
    scenes.put(Rule.ELSEWHERE_DECLINED, this::declinedElsewhere);
    scenes.put(Rule.RING_LATE, this::ringLate);
    scenes.put(Rule.GLARE, this::glare);
    scenes.put(Rule.BUZZ_ALL, this::buzzAll);
    scenes.put(Rule.BUZZ_SOME, this::buzzSome);
    scenes.put(Rule.END_DIRECT, this::endDirect);
    scenes.put(Rule.END_GROUP, this::endGroup);
    scenes.put(Rule.DEVICES, this::devices);
    scenes.put(Rule.MUTE_ALL, this::muteAll);
    scenes.put(Rule.BURST, this::burst);
    scenes.put(Rule.LOST_BACK, this::lostAndBack);
    scenes.put(Rule.CONFIRM, this::confirm);
    scenes.put(Rule.STRANGER, this::stranger);
    scenes.put(Rule.BINARY, this::binary);
    scenes.put(Rule.BROKEN, this::broken);
    scenes.put(Rule.ABUSE, this::abuse);
    if (target.callLoss() != null) {
      scenes.put(Rule.RESEND, this::resend);
    }
    return scenes;
  }

  private void look() throws Missing, IOException, InterruptedException {
    aliceJid = target.jid(target.aliceToken());
    bobJid = target.jid(target.bobToken());
    group = target.group(aliceJid, bobJid);
    resend = target.resend();
  }

  private void viewer() throws Missing {
    Participant alice = alice();
    Participant bob = bob();
    call(alice, bob);
    alice.says("client.call.sound", Participant.about(bobJid).put("muted", true));
    alice.says("client.call.muteall", Participant.about(bobJid));
    bob.hears("server.call.muteall");
    alice.says("client.call.leave", Participant.about(bobJid));
    for (Participant each : List.of(alice, bob)) {
      each.hears("server.call.state", finished());
    }
    onlyOf(alice, bobJid);
    onlyOf(bob, aliceJid);
  }

  private static void onlyOf(Participant viewer, String other) throws Missing {
    for (String event : List.of("state", "leave", "sound", "buzz", "answer", "muteall")) {
      for (JsonNode heard : viewer.heard("server.call." + event)) {
        if (!isAbout(heard.path("params"), other)) {
          throw new Missing("server.call." + event + " came with another jid than " + other);
        }
      }
    }
  }

  private void answeredElsewhere() throws Missing {
    Participant alice = alice();
    Participant bob = bob();
    Participant bobsOther = bob();
    alice.says("client.call.offer", offer(bobJid, voice("alice"), false));
    bob.hears("server.call.buzz");
    bobsOther.hears("server.call.buzz");
    bob.says("client.call.offer", offer(aliceJid, voice("bob"), false));
    bobsOther.hears("server.call.buzzcancel", aboutCallWith(aliceJid));
    bob.hears("server.call.answer");
    if (!bob.heard("server.call.buzzcancel").isEmpty()) {
      throw new Missing("the device that accepted was told that the ring is cancelled");
    }
    hangUp(alice, bobJid);
  }

  private void declinedElsewhere() throws Missing {
    Participant alice = alice();
    Participant bob = bob();
    Participant bobsOther = bob();
    alice.says("client.call.offer", offer(bobJid, voice("alice"), false));
    bob.hears("server.call.buzz");
    bobsOther.hears("server.call.buzz");
    bob.says("client.call.reject", Participant.about(aliceJid));
    bobsOther.hears("server.call.buzzcancel", aboutCallWith(aliceJid));
    alice.hears("server.call.state", finished());
  }

  private void ringLate() throws Missing {
    Participant alice = alice();
    alice.says("client.call.offer", offer(bobJid, voice("alice"), false));
    alice.hears("server.call.answer"); // although Bob is not there
    Participant bob = bob();
    bob.hears("server.call.state", state -> state.path("buzz").asBoolean());
    bob.hears("server.call.buzz", aboutCallWith(aliceJid));
    hangUp(alice, bobJid);
    bob.hears("server.call.buzzcancel");
  }

  private void glare() throws Missing {
    Participant alice = alice();
    Participant bob = bob();
    ObjectNode toBob = offer(bobJid, voice("alice"), false);
    ObjectNode toAlice = offer(aliceJid, voice("bob"), false);
    alice.mentions("client.call.offer", toBob);
    bob.mentions("client.call.offer", toAlice);
    JsonNode one = alice.hears("server.call.answer", aboutCallWith(bobJid));
    JsonNode other = bob.hears("server.call.answer", aboutCallWith(aliceJid));
    if (!one.at("/params/uid").equals(other.at("/params/uid"))) {
      throw new Missing("they are in two calls");
    }
    Predicate<JsonNode> both = state -> state.has("start") && state.path("onliners").size() == 2;
    alice.hears("server.call.state", both);
    bob.hears("server.call.state", both);
    hangUp(alice, bobJid);
  }

  private void buzzAll() throws Missing {
    Participant alice = alice();
    Participant bob = bob();
    alice.says("client.call.offer", offer(group, voice("alice"), false));
    alice.says("client.call.buzz", Participant.about(group));
    bob.hears("server.call.buzz", aboutCallWith(group));
    alice.says("client.ping", null);
    if (!alice.heard("server.call.buzz").isEmpty()) {
      throw new Missing("who is in the call was rung");
    }
    hangUp(alice, group);
    bob.hears("server.call.buzzcancel", aboutCallWith(group));
  }

  private void buzzSome() throws Missing {
    String carolToken = target.carolToken();
    if (carolToken == null) {
      throw new Missing("needs a third person: a third --token");
    }
    Participant alice = alice();
    Participant bob = bob();
    Participant carol = stage.connect("carol", carolToken);
    carol.says("client.ping", null);
    alice.says("client.call.offer", offer(group, voice("alice"), false));
    ObjectNode ring = Participant.about(group);
    ring.putArray("members").add(bobJid);
    alice.says("client.call.buzz", ring);
    bob.hears("server.call.buzz", aboutCallWith(group));
    carol.says("client.ping", null); // a ring would have come before its answer
    if (!carol.heard("server.call.buzz").isEmpty()) {
      throw new Missing("somebody was rung who was not named");
    }
    hangUp(alice, group);
  }

  private void endDirect() throws Missing {
    Participant alice = alice();
    Participant bob = bob();
    call(alice, bob);
    bob.says("client.call.leave", Participant.about(aliceJid));
    alice.hears("server.call.leave", aboutCallWith(bobJid));
    alice.hears("server.call.state", finished());
    bob.hears("server.call.state", finished());
  }

  private void endGroup() throws Missing {
    Participant alice = alice();
    Participant bob = bob();
    meet(alice, bob);
    alice.says("client.call.leave", Participant.about(group));
    bob.hears("server.call.leave", aboutCallWith(aliceJid));
    bob.hears("server.call.state", state -> state.path("onliners").size() == 1);
    if (!alice.heard("server.call.state").stream()
        .allMatch(it -> it.at("/params/finish").isMissingNode())) {
      throw new Missing("the call ended although somebody was in it");
    }
    bob.says("client.call.leave", Participant.about(group));
    alice.hears("server.call.state", finished());
  }

  private void devices() throws Missing {
    Participant phone = alice();
    Participant laptop = alice();
    Participant bob = bob();
    meet(phone, bob);
    laptop.says("client.call.offer", offer(group, voice("laptop"), false));
    laptop.hears("server.call.answer");
    laptop.says("client.call.sound", Participant.about(group).put("muted", true));
    bob.hears(
        "server.call.state",
        state -> {
          JsonNode alice = participant(state, aliceJid);
          return alice.path("devices").size() == 2
              && !alice.path("muted").asBoolean()
              && alice.path("devices").path(1).path("muted").asBoolean();
        });
    laptop.says("client.call.leave", Participant.about(group));
    bob.hears(
        "server.call.state", state -> participant(state, aliceJid).path("devices").size() == 1);
    if (!bob.heard("server.call.leave").isEmpty()) {
      throw new Missing("told that somebody left who is in it on another device");
    }
    phone.says("client.call.leave", Participant.about(group));
    hangUp(bob, group);
  }

  private void muteAll() throws Missing {
    Participant alice = alice();
    Participant bob = bob();
    meet(alice, bob);
    bob.says("client.call.muteall", Participant.about(group));
    alice.hears("server.call.muteall", muted -> muted.path("muted").asBoolean());
    bob.hears("server.call.state", state -> participant(state, aliceJid).path("muted").asBoolean());
    alice.says("client.call.sound", Participant.about(group).put("muted", false));
    bob.hears(
        "server.call.state",
        state ->
            !participant(state, aliceJid).path("muted").asBoolean()
                && !participant(state, bobJid).path("muted").asBoolean());
    bob.says("client.call.leave", Participant.about(group));
    hangUp(alice, group);
  }

  private void burst() throws Missing {
    Participant alice = alice();
    Participant bob = bob();
    meet(alice, bob);
    bob.forget();
    for (int i = 1; i <= CHANGES; i++) {
      alice.mentions(
          "client.call.sound", Participant.about(group).put("muted", i % 2 == 1 || i == CHANGES));
    }
    alice.says("client.ping", null);
    bob.hearsWithin(Duration.ofSeconds(1), "server.nothing", any -> true); // until all is told
    List<JsonNode> states = bob.heard("server.call.state");
    if (states.isEmpty() || states.size() > MOST_STATES) {
      throw new Missing(CHANGES + " changes at once made " + states.size() + " states");
    }
    if (!participant(states.getLast().path("params"), aliceJid).path("muted").asBoolean()) {
      throw new Missing("the last state is not how it is");
    }
    long before = 0;
    for (JsonNode state : states) {
      long gentime = state.at("/params/gentime").asLong();
      if (gentime <= before) {
        throw new Missing("gentime does not grow");
      }
      before = gentime;
    }
    bob.says("client.call.leave", Participant.about(group));
    hangUp(alice, group);
  }

  private void lostAndBack() throws Missing {
    Participant alice = alice();
    Participant bob = bob();
    JsonNode answer = meet(alice, bob);
    bob.forget();
    alice.vanish();
    Participant again = alice();
    again.hears("server.call.state", state -> participant(state, aliceJid).isObject());
    again.says("client.call.offer", offer(group, voice("again"), false));
    JsonNode answered = again.hears("server.call.answer", aboutCallWith(group));
    if (!answered.at("/params/uid").equals(answer.at("/params/uid"))) {
      throw new Missing("the device came back into another call");
    }
    bob.says("client.ping", null);
    if (!bob.heard("server.call.leave").isEmpty()) {
      throw new Missing("the others were told that it left");
    }
    again.says("client.call.leave", Participant.about(group));
    bob.hears("server.call.leave", aboutCallWith(aliceJid));
    hangUp(bob, group);
  }

  private void confirm() throws Missing {
    Participant alice = alice();
    Participant bob = bob();
    meet(alice, bob);
    alice.forget();
    alice.says("client.call.offer", offer(group, voice("renewed"), false));
    alice.hears("server.call.answer");
    alice.repeats();
    if (alice.hearsWithin(resend, "server.call.answer", any -> true) != null) {
      throw new Missing("an offer that was repeated was answered twice");
    }
    alice.says("client.call.muteall", Participant.about(group));
    bob.hears("server.call.muteall");
    alice.repeats();
    bob.says("client.ping", null);
    if (!bob.heard("server.call.muteall").isEmpty()) {
      throw new Missing("muteall was applied twice");
    }
    bob.says("client.call.leave", Participant.about(group));
    hangUp(alice, group);
  }

  private void resend() throws Missing {
    Participant alice = alice();
    Participant bob = bob();
    bob.holdConfirmations(true);
    alice.says("client.call.offer", offer(bobJid, voice("alice"), false));
    repeated(bob, "server.call.buzz");
    bob.says("client.call.offer", offer(aliceJid, voice("bob"), false));
    String uid = repeated(bob, "server.call.answer").at("/params/uid").asText();
    target.loseCall(uid);
    repeated(bob, "server.call.restart");
    hangUp(alice, bobJid);
    bob.hears("server.call.state", finished());
    bob.forget();
    if (bob.hearsWithin(resend.multipliedBy(2), "server.call.restart", any -> true) != null) {
      throw new Missing("what is over was repeated");
    }
  }

  /** Hears it twice, confirms it, and hears it no more. */
  private JsonNode repeated(Participant who, String event) throws Missing {
    JsonNode first = who.hears(event);
    if (!who.hears(event).equals(first)) {
      throw new Missing(event + " was not repeated as it was");
    }
    who.mentions(
        "client.confirm",
        Participant.params().put("confirm_id", first.path("confirm_id").asText()));
    who.says("client.ping", null); // what comes before its confirmation was sent before
    who.forget();
    if (who.hearsWithin(resend.multipliedBy(2), event, any -> true) != null) {
      throw new Missing(event + " came again although it was confirmed");
    }
    return first;
  }

  private void stranger() throws Missing {
    Participant alice = alice();
    String message = null;
    for (String kind : List.of("g-", "t-", "d-")) {
      String jid = kind + UUID.randomUUID();
      alice.says("client.call.offer", offer(jid, voice("alice"), false));
      JsonNode warning =
          alice.hears(
              "server.warning", it -> it.at("/orig/event").asText().equals("client.call.offer"));
      String said = warning.at("/params/message").asText();
      if (message != null && !message.equals(said)) {
        throw new Missing("what is refused is told apart: " + message + ", " + said);
      }
      message = said;
    }
    if (!alice.heard("server.call.answer").isEmpty()) {
      throw new Missing("an offer to nobody was answered");
    }
  }

  private void binary() throws Missing {
    Participant alice = alice();
    alice.rawBinary("{\"event\":\"client.ping\",\"confirm_id\":\"binary\"}");
    alice.hears("server.confirm", it -> it.path("confirm_id").asText().equals("binary"));
  }

  private void broken() throws Missing {
    Participant alice = alice();
    for (String text :
        List.of(
            "{",
            "[]",
            "{\"event\":\"client.call.leave\",\"params\":{\"jid\":\"nobody\"}}",
            "{\"event\":\"client.call.sound\",\"params\":{\"jid\":\"" + group + "\",\"muted\":1}}",
            "[".repeat(1000))) {
      alice.rawText(text);
      alice.hears("server.warning");
    }
    alice.says("client.ping", null);
  }

  private void abuse() throws Missing {
    Participant alice = alice();
    for (int i = 0; i < BROKEN_FRAMES; i++) {
      alice.rawText("{");
    }
    if (alice.closeCode() != POLICY) {
      throw new Missing("closed with another code than 1008");
    }
  }

  private Participant alice() {
    return stage.connect("alice", target.aliceToken());
  }

  private Participant bob() {
    return stage.connect("bob", target.bobToken());
  }

  private Voice voice(String name) {
    return stage.voice(name);
  }

  /** Alice calls Bob, who accepts. */
  private void call(Participant alice, Participant bob) throws Missing {
    alice.says("client.call.offer", offer(bobJid, voice("alice"), false));
    bob.hears("server.call.state", state -> state.path("buzz").asBoolean());
    bob.says("client.call.offer", offer(aliceJid, voice("bob"), false));
    alice.hears("server.call.state", state -> state.has("start"));
  }

  /** Both are in the group's call; what Alice was answered. */
  private JsonNode meet(Participant alice, Participant bob) throws Missing {
    alice.says("client.call.offer", offer(group, voice("alice"), false));
    JsonNode answer = alice.hears("server.call.answer", aboutCallWith(group));
    bob.says("client.call.offer", offer(group, voice("bob"), false));
    bob.hears("server.call.answer", aboutCallWith(group));
    alice.hears("server.call.state", state -> state.path("onliners").size() == 2);
    bob.hears("server.call.state", state -> state.path("onliners").size() == 2);
    return answer;
  }

  /** Ends the call, and waits until it is over. */
  private static void hangUp(Participant who, String jid) throws Missing {
    who.says("client.call.leave", Participant.about(jid));
    who.hears("server.call.state", finished());
  }

  private static Predicate<JsonNode> finished() {
    return state -> state.has("finish");
  }
}
