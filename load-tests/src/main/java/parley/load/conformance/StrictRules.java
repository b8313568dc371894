package parley.load.conformance;

import static parley.load.conformance.Stage.aboutCallWith;
import static parley.load.conformance.Stage.offer;
import static parley.load.conformance.Stage.participant;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.List;
import java.util.Map;

/**
 * The rules that an installation may switch on, and those that take patience, with little of it.
 */
final class StrictRules {

  /** What a node is started with to try them. */
  static final Map<String, String> SETTINGS =
      Map.of(
          "PARLEY_CALLS_ONLY_ONE_DEVICE_PER_CALL", "true",
          "PARLEY_CALLS_MAX_PARTICIPANTS", "2",
          "PARLEY_CALLS_ALLOW_ADMIN_MUTE", "true",
          "PARLEY_CALLS_BUZZ_TIMEOUT_S", "2",
          "PARLEY_CALLS_GRACE_S", "2",
          "PARLEY_MEDIA_CONSENT_TIMEOUT_S", "5");

  private final Target target;
  private final Ledger ledger;
  private final Stage stage;
  private String aliceJid = "";
  private String bobJid = "";
  private String group = "";

  StrictRules(Target target, Ledger ledger) {
    this.target = target;
    this.ledger = ledger;
    this.stage = new Stage(target, ledger);
  }

  void play() throws InterruptedException {
    String unknown = stage.play(this::look, List.of());
    if (!unknown.isEmpty()) {
      ledger.failed("asking who is there: " + unknown);
      return;
    }
    rule(Rule.RING_OVER, this::ringOver);
    rule(Rule.ONE_DEVICE, this::oneDevice);
    rule(Rule.FULL, this::full);
    rule(Rule.ADMIN_MUTE, this::adminMute);
    rule(Rule.LOST_GONE, this::lostAndGone);
    rule(Rule.LOST_MEDIA, this::lostMedia);
  }

  private void rule(Rule rule, Stage.Scene scene) throws InterruptedException {
    ledger.tried(rule, stage.play(scene, List.of(aliceJid, bobJid, group)));
  }

  private void look() throws Missing, IOException, InterruptedException {
    aliceJid = target.jid(target.aliceToken());
    bobJid = target.jid(target.bobToken());
    group = target.group(aliceJid, bobJid);
    JsonNode features = target.features();
    if (!features.path("only_one_device_per_call").asBoolean()
        || features.path("max_participants_per_call").asInt() != 2
        || !features.path("allow_admin_mute").asBoolean()) {
      throw new Missing("features.json does not say which rules are on");
    }
  }

  private void ringOver() throws Missing {
    Participant alice = alice();
    Participant bob = bob();
    alice.says("client.call.offer", offer(bobJid, stage.voice("alice"), false));
    bob.hears("server.call.buzz", buzz -> buzz.path("buzz_timeout").asInt() == 2);
    bob.hears("server.call.buzzcancel", aboutCallWith(aliceJid));
    alice.hears("server.call.state", state -> state.has("finish"));
  }

  private void oneDevice() throws Missing {
    Participant older = alice();
    Participant newer = alice();
    older.says("client.call.offer", offer(group, stage.voice("older"), false));
    older.hears("server.call.answer");
    newer.says("client.call.offer", offer(group, stage.voice("newer"), false));
    older.hears("server.debug");
    older.hears("server.call.leave", aboutCallWith(group));
    newer.hears("server.call.answer");
    newer.hears(
        "server.call.state", state -> participant(state, aliceJid).path("devices").size() == 1);
    newer.says("client.call.leave", Participant.about(group));
    newer.hears("server.call.state", state -> state.has("finish"));
  }

  private void full() throws Missing {
    String carolToken = target.carolToken();
    if (carolToken == null) {
      throw new Missing("needs a third person");
    }
    Participant alice = alice();
    Participant bob = bob();
    Participant carol = stage.connect("carol", carolToken);
    meet(alice, bob);
    carol.says("client.call.offer", offer(group, stage.voice("carol"), false));
    carol.hears("server.warning", it -> it.path("message").asText().contains("full"));
    carol.hears("server.call.leave", aboutCallWith(group));
    alice.says("client.call.offer", offer(group, stage.voice("again"), false));
    alice.hears("server.call.answer");
    end(alice, bob);
  }

  private void adminMute() throws Missing {
    Participant alice = alice();
    Participant bob = bob();
    meet(alice, bob);
    bob.says("client.call.muteall", Participant.about(group));
    bob.hears("server.warning", it -> it.at("/orig/event").asText().equals("client.call.muteall"));
    if (!alice.heard("server.call.muteall").isEmpty()) {
      throw new Missing("somebody who is no administrator muted all");
    }
    alice.says("client.call.muteall", Participant.about(group));
    bob.hears("server.call.muteall", muted -> muted.path("muted").asBoolean());
    end(alice, bob);
  }

  private void lostAndGone() throws Missing {
    Participant alice = alice();
    Participant bob = bob();
    meet(alice, bob);
    bob.vanish();
    alice.hears("server.call.leave", aboutCallWith(bobJid));
    alice.hears("server.call.state", state -> !participant(state, bobJid).isObject());
    alice.says("client.call.leave", Participant.about(group));
    alice.hears("server.call.state", state -> state.has("finish"));
  }

  private void lostMedia() throws Missing, InterruptedException {
    Participant alice = alice();
    Participant bob = bob();
    Voice voice = meet(alice, bob);
    voice.close();
    bob.hears("server.debug", why -> !why.path("text").asText().isEmpty());
    bob.hears("server.call.leave", aboutCallWith(group));
    alice.hears("server.call.leave", aboutCallWith(bobJid));
    alice.says("client.call.leave", Participant.about(group));
  }

  private Participant alice() {
    return stage.connect("alice", target.aliceToken());
  }

  private Participant bob() {
    return stage.connect("bob", target.bobToken());
  }

  /** Both are in the group's call, with media; Bob's. */
  private Voice meet(Participant alice, Participant bob) throws Missing {
    join(alice, "alice");
    Voice voice = join(bob, "bob");
    alice.hears("server.call.state", state -> state.path("onliners").size() == 2);
    return voice;
  }

  private Voice join(Participant who, String name) throws Missing {
    Voice voice = stage.voice(name);
    who.says("client.call.offer", offer(group, voice, false));
    JsonNode answer = who.hears("server.call.answer", aboutCallWith(group));
    try {
      voice.connect(answer.at("/params/jsep/sdp").asText());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new Missing("interrupted");
    }
    return voice;
  }

  private void end(Participant alice, Participant bob) throws Missing {
    bob.says("client.call.leave", Participant.about(group));
    alice.says("client.call.leave", Participant.about(group));
    alice.hears("server.call.state", state -> state.has("finish"));
  }
}
