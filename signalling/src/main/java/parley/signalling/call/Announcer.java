package parley.signalling.call;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import parley.relay.api.CallId;
import parley.relay.api.RecordingPolicy;
import parley.relay.api.RelayCommand;
import parley.relay.api.RelayEvent;
import parley.signalling.wire.ChatShort;
import parley.signalling.wire.ClientEvent;
import parley.signalling.wire.Jid;
import parley.signalling.wire.ServerEvent;
import parley.signalling.wire.TeamId;

/**
 * Words what a call says, for each who hears it: in a direct call the same event names a different
 * chat to either side, in a group everyone gets one and the same object.
 */
final class Announcer {
  private final CallId uid;
  private final CallPlace place;
  private final Roster roster;
  private final ArrayDeque<CallOutput> outputs = new ArrayDeque<>();

  Announcer(CallId uid, CallPlace place, Roster roster) {
    this.uid = uid;
    this.place = place;
    this.roster = roster;
  }

  @Nullable CallOutput poll() {
    return outputs.poll();
  }

  void relay(RelayCommand command) {
    outputs.add(new CallOutput.ToRelay(command));
  }

  void decided(RecordingPolicy policy, RecordingDecision decision, String reason) {
    outputs.add(new CallOutput.Decided(policy, decision, reason));
  }

  void finished(CallSummary summary) {
    outputs.add(new CallOutput.Finished(summary));
  }

  // --- to one session

  void warn(CallInput.FromClient to, String message) {
    toSession(to.session(), ServerEvent.Warning.about(to.event(), message));
  }

  /** The relay does not take the device's offer. */
  void refused(Seat seat, String reason) {
    var offer = new ClientEvent.CallOffer(jid(seat.contact()), seat.muted, false, "");
    toSeat(seat, ServerEvent.Warning.about(offer, reason));
  }

  /** The call ended while this was on its way: what the client wants is so already. */
  void late(CallInput.FromClient in) {
    switch (in.event()) {
      case ClientEvent.CallOffer offer -> warn(in, "this call is over, offer again");
      case ClientEvent.CallLeave leave -> leave(in.contact(), in.session());
      case ClientEvent.CallReject reject -> buzzCancelled(in.contact(), in.session());
      case ClientEvent.CallTrickle trickle -> {}
      case ClientEvent.CallBuzz buzz -> {}
      case ClientEvent.CallBuzzCancel cancel -> {}
      case ClientEvent.CallSound sound -> {}
      case ClientEvent.CallMuteAll muteAll -> {}
    }
  }

  void leave(Jid contact, SessionId session) {
    toSession(session, new ServerEvent.CallLeave(jid(contact), uid));
  }

  /** Why the device is put out: {@code server.call.leave} has no field for it. */
  void putOut(Seat seat, String why) {
    toSeat(seat, debug(why));
  }

  void buzzCancelled(Jid contact, SessionId session) {
    toSession(session, buzzCancel(contact));
  }

  void sound(Seat seat) {
    toSeat(seat, new ServerEvent.CallSound(jid(seat.contact()), seat.muted));
  }

  void fingerprint(Seat seat, String fingerprint) {
    toSeat(seat, new ServerEvent.CallCheckFingerprint(fingerprint));
  }

  void answer(Seat seat, boolean trickle, RelayEvent.Answered answer) {
    List<ServerEvent.Candidate> candidates =
        trickle ? List.of() : answer.candidates().stream().map(ServerEvent.Candidate::of).toList();
    var jsep = ServerEvent.Jsep.answer(answer.sdp());
    toSeat(
        seat,
        new ServerEvent.CallAnswer(jid(seat.contact()), uid, jsep, roster.onliners(), candidates));
  }

  void state(Jid contact, SessionId session, Function<Jid, ServerEvent> state) {
    toSession(session, state.apply(jid(contact)));
  }

  void buzz(Jid contact, SessionId session, Person ringer, Duration remaining) {
    toSession(session, buzz(contact, ringer, remaining));
  }

  // --- to all sessions of contacts

  void buzz(List<Jid> contacts, Person ringer, Duration timeout) {
    toContacts(contacts, contact -> buzz(contact, ringer, timeout));
  }

  void buzzCancel(List<Jid> contacts) {
    toContacts(contacts, this::buzzCancel);
  }

  /** The other devices of somebody who answered or declined on one of them stop ringing. */
  void buzzCancelElsewhere(Jid contact, SessionId except) {
    outputs.add(new CallOutput.ToContacts(List.of(contact), except, buzzCancel(contact)));
  }

  void state(Set<Jid> members, Function<Jid, ServerEvent> state) {
    toContacts(List.copyOf(members), contact -> state.apply(jid(contact)));
  }

  // --- to devices in the call

  /** A participant is in the call no more: his own jid tells the others who, and not they. */
  void left(Jid leaver) {
    toSeats(
        seat -> !seat.contact().equals(leaver), contact -> new ServerEvent.CallLeave(leaver, uid));
  }

  void rejected(Jid ringer, String reason) {
    toSeats(
        seat -> seat.contact().equals(ringer),
        contact -> new ServerEvent.CallReject(jid(contact), uid, reason));
  }

  void restart(Seat only) {
    toSeats(
        seat -> seat == only, contact -> new ServerEvent.CallRestart(jid(contact), uid, team()));
  }

  void restart() {
    toSeats(seat -> true, contact -> new ServerEvent.CallRestart(jid(contact), uid, team()));
  }

  /** Offers that cannot be served: each device is told why. */
  void refuseAll(String why) {
    toSeats(
        seat -> seat.waitsForAnswer(),
        contact ->
            ServerEvent.Warning.about(
                new ClientEvent.CallOffer(jid(contact), false, false, ""), why));
  }

  void leaveAll(String why) {
    toSeats(seat -> true, contact -> debug(why));
    toSeats(seat -> true, contact -> new ServerEvent.CallLeave(jid(contact), uid));
  }

  void mutedBy(Jid muter) {
    toSeats(
        seat -> !seat.contact().equals(muter),
        contact -> new ServerEvent.CallMuteAll(jid(contact), true));
  }

  /**
   * By a server.
   *
   * @param contact null: everyone
   */
  void muted(@Nullable Jid contact) {
    toSeats(
        seat -> contact == null || seat.contact().equals(contact),
        viewer -> new ServerEvent.CallMuteAll(jid(viewer), true));
  }

  void talking(Jid actor, boolean talking) {
    toSeats(seat -> true, contact -> new ServerEvent.CallTalking(jid(contact), actor, talking));
  }

  /** To a device that came while somebody talked. */
  void talking(Seat seat, Jid actor) {
    toSeat(seat, new ServerEvent.CallTalking(jid(seat.contact()), actor, true));
  }

  // --- wording

  private ServerEvent.Debug debug(String why) {
    return new ServerEvent.Debug("call " + uid.shortForm() + ": this device is out: " + why);
  }

  private ServerEvent.CallBuzzCancel buzzCancel(Jid contact) {
    return new ServerEvent.CallBuzzCancel(jid(contact), team(), uid);
  }

  private ServerEvent.CallBuzz buzz(Jid contact, Person ringer, Duration timeout) {
    ChatShort chat = place.seenBy(contact);
    int seconds = (int) Math.max(1, timeout.plusMillis(999).toSeconds());
    return new ServerEvent.CallBuzz(
        chat.jid(),
        chat.icons(),
        chat.displayName(),
        place.team(),
        chat,
        ringer.toShort(),
        uid,
        seconds,
        team());
  }

  private Jid jid(Jid viewer) {
    return place.seenBy(viewer).jid();
  }

  private TeamId team() {
    return place.team().uid();
  }

  // --- addressing

  private void toSession(SessionId session, ServerEvent event) {
    outputs.add(new CallOutput.ToSessions(List.of(session), event));
  }

  private void toSeat(Seat seat, ServerEvent event) {
    if (!seat.lost) {
      toSession(seat.session(), event);
    }
  }

  private void toContacts(List<Jid> contacts, Function<Jid, ServerEvent> event) {
    for (List<Jid> alike : alike(contacts)) {
      outputs.add(new CallOutput.ToContacts(alike, null, event.apply(alike.getFirst())));
    }
  }

  private void toSeats(Predicate<Seat> condition, Function<Jid, ServerEvent> event) {
    for (List<Jid> alike : alike(List.copyOf(roster.contacts()))) {
      boolean one = alike.size() == 1;
      List<SessionId> sessions =
          roster.sessions(
              seat -> condition.test(seat) && (!one || seat.contact().equals(alike.getFirst())));
      if (!sessions.isEmpty()) {
        outputs.add(new CallOutput.ToSessions(sessions, event.apply(alike.getFirst())));
      }
    }
  }

  /** Those who see the same chat, together. */
  private List<List<Jid>> alike(List<Jid> contacts) {
    return switch (place) {
      case CallPlace.Direct direct -> contacts.stream().map(List::of).toList();
      case CallPlace.Chat chat -> contacts.isEmpty() ? List.of() : List.of(contacts);
    };
  }
}
