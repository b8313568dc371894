package parley.load.conformance;

import static parley.load.conformance.Stage.aboutCallWith;
import static parley.load.conformance.Stage.isAbout;
import static parley.load.conformance.Stage.named;
import static parley.load.conformance.Stage.offer;
import static parley.load.conformance.Stage.participant;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.UUID;

/**
 * What is played so that every event occurs. Each scene starts with no call, and one that fails
 * does not keep the next from being played.
 */
final class Scenes {

  /** Policy violation (RFC 6455 §7.4.1). */
  private static final int POLICY = 1008;

  private final Target target;
  private final Ledger ledger;
  private final Stage stage;
  private String aliceJid = "";
  private String bobJid = "";
  private String group = "";
  private Duration resend = Duration.ZERO;

  Scenes(Target target, Ledger ledger) {
    this.target = target;
    this.ledger = ledger;
    this.stage = new Stage(target, ledger);
  }

  void play() throws InterruptedException {
    if (scene("asking who is there", this::look)) {
      scene("sessions", this::sessions);
      scene("a team that is not there", this::wrongTeam);
      scene("ringing until confirmed and cancelled", this::ringing);
      scene("declining", this::declining);
      scene("a direct call", this::directCall);
      scene("a group's call", this::groupCall);
      scene("moving to another socket", this::moving);
    }
  }

  private boolean scene(String name, Stage.Scene scene) throws InterruptedException {
    String failure = stage.play(scene, List.of(aliceJid, bobJid, group));
    if (!failure.isEmpty()) {
      ledger.failed(name + ": " + failure);
    }
    return failure.isEmpty();
  }

  private void look() throws Missing, IOException, InterruptedException {
    aliceJid = target.jid(target.aliceToken());
    bobJid = target.jid(target.bobToken());
    group = target.group(aliceJid, bobJid);
    resend = target.resend();
  }

  private void sessions() throws Missing {
    Participant alice = alice();
    alice.hears("server.time");
    ledger.shown("server.time", "first on a new socket");
    alice.hears("server.online", online -> present(online, aliceJid));
    alice.mentions("client.ping", null);
    alice.hears("server.confirm", confirm -> confirm.path("confirm_id").asText().isEmpty());
    alice.says("client.ping", null);
    ledger.shown("client.ping", "confirmed, with and without confirm_id");
    ledger.shown("server.confirm", "echoes the confirm_id");
    alice();
    alice.hears("server.login");
    ledger.shown("server.login", "told to the other session");
    Participant bob = bob();
    bob.says("client.activity", Participant.params().put("afk", true));
    alice.hears("server.online", online -> contact(online, bobJid).path("afk").asBoolean());
    bob.says("client.activity", Participant.params().put("afk", false));
    alice.hears("server.online", online -> present(online, bobJid) && !away(online, bobJid));
    ledger.shown("client.activity", "shown to others by server.online");
    ledger.shown("server.online", "after connecting and on change");
    alice.raw(Participant.params().put("event", "client.nonsense"));
    alice.hears(
        "server.warning", warning -> warning.at("/orig/event").asText().equals("client.nonsense"));
    ledger.shown("server.warning", "for an unknown event, with the event");
  }

  private void wrongTeam() throws Missing {
    Participant stray =
        join(
            Participant.connect(
                "stray",
                target.messaging(UUID.randomUUID().toString()),
                target.aliceToken(),
                ledger));
    stray.hears("server.panic", panic -> panic.path("code").asText().equals("INVALID_TEAM"));
    if (stray.closeCode() != POLICY) {
      throw new Missing("the socket was not closed with 1008 after server.panic");
    }
    ledger.shown("server.panic", "INVALID_TEAM, then a close with 1008");
  }

  private void ringing() throws Missing {
    Participant alice = alice();
    Participant bob = bob();
    bob.holdConfirmations(true);
    alice.says("client.call.offer", offer(bobJid, voice("alice"), false));
    JsonNode buzz = bob.hears("server.call.buzz", aboutCallWith(aliceJid));
    String confirmId = buzz.path("confirm_id").asText();
    alice.hears("server.call.state", state -> state.path("buzz").asBoolean());
    JsonNode again = bob.hears("server.call.buzz");
    if (!again.equals(buzz)) {
      throw new Missing("server.call.buzz was not repeated as it was");
    }
    bob.mentions("client.confirm", Participant.params().put("confirm_id", confirmId));
    bob.says("client.ping", null); // what comes before its confirmation was sent before
    bob.forget();
    if (bob.hearsWithin(resend.multipliedBy(2), "server.call.buzz", any -> true) != null) {
      throw new Missing("server.call.buzz came again although it was confirmed");
    }
    ledger.shown("client.confirm", "ends the repetition of server.call.buzz");
    ledger.shown("server.call.buzz", "repeated until confirmed");
    alice.says("client.call.buzzcancel", Participant.about(bobJid));
    bob.hears("server.call.buzzcancel", aboutCallWith(aliceJid));
    alice.hears("server.call.state", state -> state.has("finish"));
    ledger.shown("client.call.buzzcancel", "the other is rung no more");
    ledger.shown("server.call.buzzcancel", "after the caller cancelled");
  }

  private void declining() throws Missing {
    Participant alice = alice();
    Participant bob = bob();
    alice.says("client.call.offer", offer(bobJid, voice("alice"), false));
    bob.hears("server.call.buzz", aboutCallWith(aliceJid));
    bob.says("client.call.reject", Participant.about(aliceJid).put("reason", "busy"));
    alice.hears(
        "server.call.reject",
        reject -> isAbout(reject, bobJid) && reject.path("reason").asText().equals("busy"));
    alice.hears("server.call.state", state -> state.has("finish"));
    ledger.shown("client.call.reject", "told to the caller");
    ledger.shown("server.call.reject", "with the reason");
  }

  private void directCall() throws Missing, InterruptedException {
    Participant alice = alice();
    Participant bob = bob();
    Voice aliceVoice = voice("alice");
    Voice bobVoice = voice("bob");

    alice.says("client.call.offer", offer(bobJid, aliceVoice, true));
    JsonNode answer = alice.hears("server.call.answer", aboutCallWith(bobJid)).path("params");
    alice.says(
        "client.call.trickle",
        Participant.about(bobJid)
            .put("candidate", "candidate:1 1 udp 2122260223 127.0.0.1 9 typ host")
            .put("sdp_mid", "0")
            .put("sdp_mline_index", 0));
    alice.says("client.call.trickle", Participant.about(bobJid)); // there are no more
    bob.hears("server.call.buzz", aboutCallWith(aliceJid));
    bob.says("client.call.offer", offer(aliceJid, bobVoice, false));
    JsonNode accepted = bob.hears("server.call.answer", aboutCallWith(aliceJid)).path("params");
    if (answer.has("candidates") || !accepted.has("candidates")) {
      throw new Missing("candidates belong into the answer to an offer that does not trickle");
    }
    alice.hears("server.call.state", state -> state.has("start"));
    bob.hears("server.call.state", state -> state.has("start"));
    connect(alice, aliceVoice, answer);
    connect(bob, bobVoice, accepted);
    ledger.shown("client.call.offer", "answered, accepted, media connected");
    ledger.shown("server.call.answer", "with and without candidates");
    ledger.shown("server.call.checkfingerprint", "is the certificate of each device");
    if (alice.hearsWithin(Duration.ZERO, "server.warning", any -> true) != null) {
      throw new Missing("a candidate was answered by server.warning");
    }
    ledger.shown("client.call.trickle", "accepted, an empty one too");

    talking(alice, bob, aliceVoice);
    alice.says("client.call.muteall", Participant.about(bobJid));
    bob.hears(
        "server.call.muteall",
        muted -> isAbout(muted, aliceJid) && muted.path("muted").asBoolean());
    ledger.shown("client.call.muteall", "the other is muted");
    ledger.shown("server.call.muteall", "to the muted device");

    String uid = answer.path("uid").asText();
    if (target.callLoss() != null) {
      target.callLoss().accept(uid);
      restart(alice, bobJid, uid);
      restart(bob, aliceJid, uid);
      ledger.shown(
          "server.call.restart", "after a drill; offered again, answered under the same uid");
    }

    alice.says("client.call.leave", Participant.about(bobJid).put("reason", "bye"));
    alice.hears("server.call.leave", aboutCallWith(bobJid));
    bob.hears("server.call.leave", aboutCallWith(aliceJid));
    alice.hears("server.call.state", state -> state.has("finish"));
    bob.hears("server.call.state", state -> state.has("finish"));
    ledger.shown("client.call.leave", "ends the call for both");
    ledger.shown("server.call.leave", "to both");
    ledger.shown("server.call.state", "ringing, established, finished");
  }

  private void talking(Participant alice, Participant bob, Voice voice) throws Missing {
    voice.speak(true);
    for (Participant each : List.of(alice, bob)) {
      each.hears("server.call.talking", talk -> talks(talk, true));
    }
    alice.says("client.call.sound", Participant.about(bobJid).put("muted", true));
    alice.hears("server.call.sound", sound -> sound.path("muted").asBoolean());
    for (Participant each : List.of(alice, bob)) {
      each.hears("server.call.talking", talk -> talks(talk, false));
    }
    bob.hears("server.call.state", state -> participant(state, aliceJid).path("muted").asBoolean());
    alice.says("client.call.sound", Participant.about(bobJid).put("muted", false));
    alice.hears("server.call.sound", sound -> !sound.path("muted").asBoolean());
    alice.repeats();
    alice.says("client.ping", null); // an answer to the repeat would have come before this one's
    if (alice.hearsWithin(Duration.ZERO, "server.call.sound", any -> true) != null) {
      throw new Missing("a repeated client.call.sound was applied a second time");
    }
    ledger.shown("server.confirm", "a repeat is confirmed and not applied again");
    voice.speak(false);
    ledger.shown("client.call.sound", "muted and unmuted, shown to the other");
    ledger.shown("server.call.sound", "to the device itself");
    ledger.shown("server.call.talking", "began with the voice, ended with the mute");
  }

  private void restart(Participant who, String jid, String uid)
      throws Missing, InterruptedException {
    who.hears("server.call.restart", restart -> restart.path("uid").asText().equals(uid));
    Voice voice = voice("again");
    who.says("client.call.offer", offer(jid, voice, false));
    JsonNode answer = who.hears("server.call.answer", a -> a.path("uid").asText().equals(uid));
    connect(who, voice, answer.path("params"));
  }

  private void groupCall() throws Missing {
    Participant alice = alice();
    Participant bob = bob();
    alice.says("client.call.offer", offer(group, voice("alice"), false));
    alice.hears("server.call.answer", aboutCallWith(group));
    bob.hears("server.call.state", state -> participant(state, aliceJid).isObject());
    ObjectNode ring = Participant.about(group);
    ring.putArray("members").add(bobJid);
    alice.says("client.call.buzz", ring);
    bob.hears(
        "server.call.buzz",
        buzz -> isAbout(buzz, group) && buzz.at("/chat/chat_type").asText().equals("group"));
    bob.says("client.call.offer", offer(group, voice("bob"), false));
    bob.hears("server.call.answer", aboutCallWith(group));
    alice.hears("server.call.state", state -> state.path("onliners").size() == 2);
    ledger.shown("client.call.buzz", "the named member is rung, and joins");
    bob.says("client.call.leave", Participant.about(group));
    alice.hears("server.call.leave", aboutCallWith(bobJid));
    alice.says("client.call.leave", Participant.about(group));
    alice.hears("server.call.state", state -> state.has("finish"));
  }

  private void moving() throws Missing {
    String instance = "conformance-" + UUID.randomUUID();
    Participant old = aliceAs(instance);
    Voice voice = voice("alice");
    old.says("client.call.offer", offer(group, voice, false));
    JsonNode answer = old.hears("server.call.answer", aboutCallWith(group));
    Participant now = aliceAs(instance);
    now.says("client.call.offer", offer(group, voice, false));
    JsonNode again = now.hears("server.call.answer", aboutCallWith(group));
    if (!again.at("/params/uid").equals(answer.at("/params/uid"))) {
      throw new Missing("the device that moved to another socket is in another call");
    }
    old.hears("server.debug", why -> !why.path("text").asText().isEmpty());
    old.hears("server.call.leave", aboutCallWith(group));
    ledger.shown("server.debug", "why the older socket is out");
    now.says("client.call.leave", Participant.about(group));
    now.hears("server.call.state", state -> state.has("finish"));
  }

  private Participant aliceAs(String instance) {
    return join(
        Participant.connect("alice", target.messaging(), target.aliceToken(), instance, ledger));
  }

  private Participant alice() {
    return join(Participant.connect("alice", target.messaging(), target.aliceToken(), ledger));
  }

  private Participant bob() {
    return join(Participant.connect("bob", target.messaging(), target.bobToken(), ledger));
  }

  private Participant join(Participant participant) {
    return stage.join(participant);
  }

  private Voice voice(String name) {
    return stage.voice(name);
  }

  private static void connect(Participant who, Voice voice, JsonNode answer)
      throws Missing, InterruptedException {
    voice.connect(answer.at("/jsep/sdp").asText());
    who.hears(
        "server.call.checkfingerprint",
        seen -> seen.path("fingerprint").asText().equals(voice.fingerprint()));
  }

  private boolean talks(JsonNode talk, boolean on) {
    return talk.path("actor").asText().equals(aliceJid) && talk.path("talking").asBoolean() == on;
  }

  private static boolean present(JsonNode online, String jid) {
    return contact(online, jid).isObject();
  }

  private static boolean away(JsonNode online, String jid) {
    return contact(online, jid).path("afk").asBoolean();
  }

  private static JsonNode contact(JsonNode online, String jid) {
    return named(online.path("contacts"), jid);
  }
}
