package parley.signalling.call;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import parley.relay.api.CallId;
import parley.relay.api.CallInfo;
import parley.relay.api.PeerInfo;
import parley.relay.api.RecordingNote;
import parley.relay.api.RecordingPolicy;
import parley.relay.api.RelayCommand;

/**
 * What one call tells the relay: Open first, Close last, and nothing outside of the two. The first
 * offer opens; after the relay has lost the call, the next offer opens again.
 */
final class RelayLine {

  /** The relay failed, was given the same offers, and failed: it will not get better. */
  static final int MAX_RESTARTS = 3;

  private final CallId uid;
  private CallInfo info;
  private final Consumer<RelayCommand> out;
  private final Map<String, String> masks = new LinkedHashMap<>();
  private final Map<String, RecordingNote> consents = new LinkedHashMap<>();
  private boolean recordingAsked;
  private boolean open;
  private int restarts;

  RelayLine(
      CallId uid,
      CallPlace place,
      RecordingPolicy policy,
      Instant created,
      Consumer<RelayCommand> out) {
    this.uid = uid;
    this.info =
        new CallInfo(
            place.team().uid().value(), place.key().chatName(), place.title(), created, policy);
    this.recordingAsked = policy.records();
    this.out = out;
  }

  boolean isOpen() {
    return open;
  }

  void offer(Seat seat, String sdp, boolean trickle) {
    if (!open) {
      open = true;
      out.accept(new RelayCommand.Open(uid, info, recordingAsked));
      masks.forEach((whom, why) -> out.accept(new RelayCommand.Mask(uid, whom, true, why)));
      consents.values().forEach(note -> out.accept(new RelayCommand.Note(uid, note)));
    }
    seat.ask(trickle);
    var who =
        new PeerInfo(seat.contact().toString(), seat.person.displayName(), seat.device.useragent());
    out.accept(new RelayCommand.Offer(uid, seat.peer, who, sdp, seat.muted, trickle));
  }

  void trickle(Seat seat, String candidate) {
    send(new RelayCommand.Trickle(uid, seat.peer, candidate));
  }

  void mute(Seat seat) {
    send(new RelayCommand.Mute(uid, seat.peer, seat.muted));
  }

  void leave(Seat seat, String why) {
    send(new RelayCommand.Leave(uid, seat.peer, why));
  }

  /**
   * Somebody wants the call recorded, or no longer. Said again, it goes to the relay again: a
   * recording that broke off begins anew, and one that runs is not disturbed.
   */
  void record(boolean on) {
    recordingAsked = on;
    send(new RelayCommand.SetRecording(uid, on));
  }

  /**
   * Keeps somebody out of the recording, or no longer; the relay is told again when it has lost the
   * call.
   *
   * @param why null: no longer
   */
  void mask(String whom, @Nullable String why) {
    String before = why == null ? masks.remove(whom) : masks.put(whom, why);
    if (!Objects.equals(before, why)) {
      send(new RelayCommand.Mask(uid, whom, why != null, why == null ? "" : why));
    }
  }

  /** What somebody said of being recorded; each recording of the call has to tell it. */
  void consent(RecordingNote note) {
    consents.put(note.contact(), note);
    note(note);
  }

  /** Another policy holds from now on. */
  void rule(RecordingPolicy policy) {
    info = info.with(policy);
    send(new RelayCommand.Rule(uid, policy));
  }

  void note(RecordingNote note) {
    send(new RelayCommand.Note(uid, note));
  }

  void close(String why) {
    send(new RelayCommand.Close(uid, why));
    open = false;
  }

  /** As it was where the call was before. */
  void takeOver(CallHandover before) {
    recordingAsked |= before.recordingAsked();
    if (!before.recordingAsked() && !info.policy().required()) {
      recordingAsked = false; // somebody switched it off
    }
  }

  List<RecordingNote> consents() {
    return List.copyOf(consents.values());
  }

  /** Whether it is, or was last, to be recorded. */
  boolean recordingAsked() {
    return recordingAsked;
  }

  /** The relay has lost the call. False: it did so too often to try again. */
  boolean restart() {
    close("restart"); // it may still hold some of it
    return ++restarts <= MAX_RESTARTS;
  }

  private void send(RelayCommand command) {
    if (open) {
      out.accept(command);
    }
  }
}
