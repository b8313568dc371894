package parley.signalling.call;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import parley.relay.api.RecordingNote;
import parley.relay.api.RecordingPolicy.Consent;
import parley.signalling.wire.Jid;

/**
 * Who is kept out of one call's recording: because somebody asked for it, or because he has not
 * agreed to be recorded. Both stand in the recording, with who asked and why.
 */
final class Shielding {

  /** What the relay calls everybody. */
  private static final String ALL = "";

  private final RelayLine relay;
  private final Map<String, String> asked = new LinkedHashMap<>();
  private final Set<String> agreeing = new TreeSet<>();
  private final Set<String> disagreeing = new TreeSet<>();

  Shielding(RelayLine relay) {
    this.relay = relay;
  }

  /**
   * @param contact null: everybody
   * @param by for people
   */
  void mask(@Nullable Jid contact, boolean on, String by, String why) {
    String whom = contact == null ? ALL : contact.toString();
    if (on == asked.containsKey(whom)) {
      return;
    }
    String text = why.isEmpty() ? "by " + by : "by " + by + ": " + why;
    if (on) {
      asked.put(whom, text);
    } else {
      asked.remove(whom);
    }
    apply(whom);
    relay.note(RecordingNote.about(on ? "masked" : "unmasked", whom, text));
  }

  /**
   * @param sentence when and from where he said so
   */
  void agreed(Jid contact, boolean agrees, String sentence, Consent rule) {
    String whom = contact.toString();
    if (agrees) {
      agreeing.add(whom);
    } else {
      agreeing.remove(whom);
    }
    keepOut(whom, !agrees && rule != Consent.NOT_ASKED);
    relay.consent(RecordingNote.about(RecordingNote.CONSENT, whom, sentence));
  }

  /**
   * Another policy holds from now on: of those who are in the call already, whoever has not been
   * asked stays, and is recorded when he has agreed.
   */
  void rule(Consent rule, Collection<Jid> inside) {
    if (rule == Consent.NOT_ASKED) {
      List.copyOf(disagreeing).forEach(whom -> keepOut(whom, false));
      return;
    }
    for (Jid contact : inside) {
      String whom = contact.toString();
      if (!agreeing.contains(whom) && !disagreeing.contains(whom)) {
        keepOut(whom, true);
        String sentence = "was in the call when it began to ask";
        relay.consent(RecordingNote.about(RecordingNote.CONSENT, whom, sentence));
      }
    }
  }

  private void keepOut(String whom, boolean out) {
    if (out) {
      disagreeing.add(whom);
    } else {
      disagreeing.remove(whom);
    }
    apply(whom);
  }

  private void apply(String whom) {
    String why = asked.get(whom);
    if (why == null && disagreeing.contains(whom)) {
      why = "has not agreed to be recorded";
    }
    relay.mask(whom, why);
  }

  /** As it was where the call was before; its recording tells of it already. */
  void takeOver(CallHandover before) {
    asked.putAll(before.masks());
    agreeing.addAll(before.agreeing());
    disagreeing.addAll(before.disagreeing());
    before.consents().forEach(relay::consent);
    asked.keySet().forEach(this::apply);
    disagreeing.forEach(this::apply);
  }

  Map<String, String> asked() {
    return asked;
  }

  List<String> agreeing() {
    return List.copyOf(agreeing);
  }

  List<String> disagreeing() {
    return List.copyOf(disagreeing);
  }

  boolean masksAll() {
    return asked.containsKey(ALL);
  }

  /** Those who are kept out each by himself. */
  List<Jid> masked() {
    Set<String> all = new TreeSet<>(asked.keySet());
    all.addAll(disagreeing);
    all.remove(ALL);
    List<Jid> jids = new ArrayList<>();
    all.forEach(jid -> jids.add(Jid.of(jid)));
    return jids;
  }
}
