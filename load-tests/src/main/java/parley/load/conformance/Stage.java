package parley.load.conformance;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.function.Predicate;

/** Where scenes are played: who is connected, and with which media, until the scene is over. */
final class Stage {

  /** One scene; whatever it waits for in vain is what it fails of. */
  interface Scene {
    void play() throws Missing, IOException, InterruptedException;
  }

  private final Target target;
  private final Ledger ledger;
  private final List<Participant> connected = new ArrayList<>();
  private final List<Voice> voices = new ArrayList<>();

  Stage(Target target, Ledger ledger) {
    this.target = target;
    this.ledger = ledger;
  }

  /**
   * Plays a scene and clears the stage.
   *
   * @param places jids of the calls that must not go on into the next scene
   * @return what was wrong; empty: nothing
   */
  String play(Scene scene, List<String> places) throws InterruptedException {
    try {
      scene.play();
      return "";
    } catch (Missing e) {
      leaveEverything(places);
      return String.valueOf(e.getMessage());
    } catch (IOException | CompletionException e) {
      leaveEverything(places);
      return target + " cannot be reached: " + e;
    } finally {
      clear();
    }
  }

  private void leaveEverything(List<String> places) {
    for (Participant participant : connected) {
      places.forEach(jid -> participant.mentions("client.call.leave", Participant.about(jid)));
    }
  }

  private void clear() {
    voices.forEach(Voice::close);
    voices.clear();
    connected.forEach(Participant::close);
    connected.clear();
  }

  Participant connect(String name, String token) {
    return join(Participant.connect(name, target.messaging(), token, ledger));
  }

  Participant join(Participant participant) {
    connected.add(participant);
    return participant;
  }

  Voice voice(String name) {
    Voice voice = new Voice(name);
    voices.add(voice);
    return voice;
  }

  static ObjectNode offer(String jid, Voice voice, boolean trickle) {
    return Participant.about(jid)
        .put("muted", false)
        .put("trickle", trickle)
        .put("sdp", voice.offer());
  }

  static Predicate<JsonNode> aboutCallWith(String jid) {
    return params -> isAbout(params, jid);
  }

  static boolean isAbout(JsonNode params, String jid) {
    return params.path("jid").asText().equals(jid);
  }

  /** The participant of that jid in a state; missing when he is not in it. */
  static JsonNode participant(JsonNode state, String jid) {
    return named(state.path("onliners"), jid);
  }

  static JsonNode named(JsonNode list, String jid) {
    for (JsonNode each : list) {
      if (isAbout(each, jid)) {
        return each;
      }
    }
    return list.path("none"); // missing
  }
}
