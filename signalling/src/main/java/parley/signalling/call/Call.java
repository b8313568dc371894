package parley.signalling.call;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import parley.relay.api.CallId;
import parley.relay.api.RecordingPolicy;
import parley.relay.api.RecordingPolicy.Consent;
import parley.relay.api.RelayEvent;
import parley.signalling.wire.ClientEvent;
import parley.signalling.wire.IsoTime;
import parley.signalling.wire.Jid;
import parley.signalling.wire.OnlineCall;

/**
 * One call, from its first offer to its end. Owned by one thread; it reads no clock: time comes in
 * with every input.
 *
 * <pre>
 * in, from clients:   offer, trickle, buzz, buzzcancel, leave, reject, sound, muteall
 * in, from the relay: Answered, Refused, Connected, Talking, Gone, Lost, Recording, RecordingReady, Failed
 * in, from servers:   Start, End, Ring, Mute, Remove
 * in, from sessions:  SessionOpened, SessionLost
 * in, from the chat:  MembersChanged, RecordingAsked, RecordingRuled, MaskAsked, Agreed
 * in, from time:      Tick
 * out, to clients:    answer, buzz, buzzcancel, leave, reject, restart, sound, muteall, state, talking,
 *                     checkfingerprint, debug, warning
 * out, to the relay:  Open, Offer, Trickle, Mute, Leave, SetRecording, Close
 * out, to be kept:    Decided (what became of the recording)
 * out, at the end:    Finished
 *
 * NEW ─offer─► RINGING ─accepted─► ACTIVE ─────────► FINISHED      (a direct call)
 * NEW ─offer─────────────────────► ACTIVE ─────────► FINISHED      (a group's)
 * NEW ─start─► RINGING ─offer────► ACTIVE ─────────► FINISHED      (one that a server starts)
 *                RINGING, ACTIVE ─relay failed─► RESTARTING ─offer─► where it was
 * </pre>
 *
 * <p>What every input does in every state stands in {@code PROTOCOL.md}, and is tested from there.
 */
public final class Call {
  private final CallId uid;
  private final CallPlace place;
  private final CallPolicy policy;
  private final Roster roster = new Roster();
  private final StateMerger merger;
  private final Announcer announce;
  private final RelayLine relay;
  private final RecordingDuty duty;
  private final Shielding shielding;
  private final Attendance attendance;
  private final Ringing ringing;
  private final Course course;
  private Set<Jid> members;

  /**
   * A call that waits for its first offer.
   *
   * @param createdNs the same moment as {@code created}, on the clock of {@code nowNs}
   */
  public Call(CallId uid, CallPlace place, CallPolicy policy, Instant created, long createdNs) {
    this.uid = uid;
    this.place = place;
    this.policy = policy;
    this.merger = new StateMerger(policy.stateInterval().toNanos());
    this.announce = new Announcer(uid, place, roster);
    RecordingPolicy recording = policy.recordingAt(place);
    this.relay = new RelayLine(uid, place, recording, created, announce::relay);
    this.shielding = new Shielding(relay);
    this.duty = new RecordingDuty(recording, relay, announce);
    this.attendance = new Attendance(roster, relay, announce, merger);
    this.ringing = new Ringing(policy.buzzTimeout(), announce);
    this.course = new Course(uid, place, created, createdNs, roster, ringing);
    this.members = new TreeSet<>(place.members());
  }

  /**
   * A call that ran elsewhere, and goes on here: as after a failure of the relay, every device is
   * told to offer again.
   *
   * @param people who is who now; null: not in the team any more
   * @param now the same moment as {@code nowNs}
   */
  public static Call takeOver(
      CallHandover before,
      CallPlace place,
      CallPolicy policy,
      Function<Jid, @Nullable Person> people,
      Instant now,
      long nowNs) {
    Instant created = before.created().instant();
    long ageNs = Duration.between(created, now).toNanos();
    var call = new Call(before.uid(), place, policy, created, nowNs - ageNs);
    call.course.takeOver(before);
    call.relay.takeOver(before);
    call.shielding.takeOver(before);
    for (CallHandover.HeldRing ring : before.rings()) {
      Person ringer = people.apply(ring.ringer());
      if (ringer != null && call.members.contains(ring.contact())) {
        call.ringing.takeOver(ring.contact(), ringer, nowNs + ring.remainingMs() * 1_000_000);
      }
    }
    call.attendance.takeOver(before, people, nowNs + policy.restartTimeout().toNanos());
    return call;
  }

  /** What somebody else has to know to go on with it. */
  public CallHandover handover(long nowNs) {
    return new CallHandover(
        uid,
        place.key(),
        created(),
        start(),
        course.byServer(),
        relay.recordingAsked(),
        course.recording(),
        course.lastGentime(),
        roster.held(),
        ringing.held(nowNs),
        shielding.asked(),
        shielding.agreeing(),
        shielding.disagreeing(),
        relay.consents(),
        List.copyOf(attendance.everIn()));
  }

  /** Hands in what happened; afterwards drain {@link #poll()}. */
  public void on(CallInput input, long nowNs) {
    switch (input) {
      case CallInput.FromClient in -> onClient(in, nowNs);
      case CallInput.FromRelay in -> onRelay(in.event(), nowNs);
      case CallInput.FromServer in -> onServer(in.order(), nowNs);
      case CallInput.SessionOpened in -> onSessionOpened(in, nowNs);
      case CallInput.SessionLost in ->
          attendance.lost(in.session(), nowNs + policy.grace().toNanos());
      case CallInput.MembersChanged in -> onMembersChanged(in.members(), nowNs);
      case CallInput.RecordingAsked in -> duty.ask(in.on());
      case CallInput.RecordingRuled in -> {
        duty.rule(in.policy(), nowNs);
        shielding.rule(in.policy().consent(), participants());
      }
      case CallInput.MaskAsked in -> shielding.mask(in.contact(), in.on(), in.by(), in.why());
      case CallInput.Agreed in -> onAgreed(in, nowNs);
      case CallInput.Tick in -> onTick(nowNs);
    }
    follow(nowNs);
    if (!finished() && merger.take(roster.contacts().size(), nowNs)) {
      announce.state(members, course.snapshot(nowNs));
    }
  }

  /** The relay has begun, or lost, the call; or the recording has come to its end. */
  private void follow(long nowNs) {
    duty.onRelay(relay.isOpen(), nowNs);
    for (var held = duty.pollHeld(); held != null; held = duty.pollHeld()) {
      attendance.answered(held);
    }
    String why = duty.pollEnd();
    if (why != null && !finished()) {
      announce.leaveAll(why);
      finish(why, nowNs);
    }
  }

  /** The next thing to do; null when there is nothing more. */
  public @Nullable CallOutput poll() {
    return announce.poll();
  }

  /** When a {@link CallInput.Tick} is due; {@link Long#MAX_VALUE}: never. */
  public long nextDeadlineNs() {
    if (finished()) {
      return Long.MAX_VALUE;
    }
    long next = Math.min(ringing.nextDeadlineNs(), roster.nextDeadlineNs());
    next = Math.min(next, duty.nextDeadlineNs());
    return Math.min(next, merger.nextDeadlineNs());
  }

  public boolean finished() {
    return state() == State.FINISHED;
  }

  public State state() {
    return course.state();
  }

  public CallId uid() {
    return uid;
  }

  public CallPlace place() {
    return place;
  }

  /** Who is in the call, those whose socket died a moment ago included. */
  public List<Jid> participants() {
    return List.copyOf(roster.contacts());
  }

  /** When the call was made. */
  public IsoTime created() {
    return course.created();
  }

  /** When it began; null: it has only rung so far. */
  public @Nullable IsoTime start() {
    return course.start();
  }

  /** What would be left of the call if it ended now. */
  public CallSummary summary(String reason, long nowNs) {
    return course.summary(reason, attendance, nowNs);
  }

  /** How it is recorded. */
  public RecordingPolicy recordingPolicy() {
    return duty.policy();
  }

  /** Who is kept out of the recording, each by himself. */
  public List<Jid> masked() {
    return shielding.masked();
  }

  /** Whether everybody is kept out of the recording at the moment. */
  public boolean masksAll() {
    return shielding.masksAll();
  }

  /** The call as it is now. */
  public CallView view() {
    return course.view();
  }

  /** How {@code server.online} shows it to a member of the chat. */
  public OnlineCall seenBy(Jid viewer) {
    return new OnlineCall(place.seenBy(viewer).jid(), uid, start(), roster.contacts().size());
  }

  // --- from clients

  private void onClient(CallInput.FromClient in, long nowNs) {
    if (!members.contains(in.contact())) {
      refuse(in, "you are not in this chat", nowNs);
      return;
    }
    if (finished()) {
      announce.late(in);
      return;
    }
    switch (in.event()) {
      case ClientEvent.CallOffer offer -> onOffer(in, offer, nowNs);
      case ClientEvent.CallTrickle trickle -> attendance.trickle(in.session(), trickle.candidate());
      case ClientEvent.CallBuzz buzz -> onBuzz(in, buzz.members(), nowNs);
      case ClientEvent.CallBuzzCancel cancel -> onBuzzCancel(in, nowNs);
      case ClientEvent.CallLeave leave -> onLeave(in, nowNs);
      case ClientEvent.CallReject reject -> onReject(in, reject.reason(), nowNs);
      case ClientEvent.CallSound sound -> attendance.sound(in.session(), sound.muted());
      case ClientEvent.CallMuteAll muteAll -> onMuteAll(in);
    }
  }

  private void onOffer(CallInput.FromClient in, ClientEvent.CallOffer offer, long nowNs) {
    if (offer.sdp().isBlank()) {
      refuse(in, "sdp: an offer needs a session description", nowNs);
      return;
    }
    Seat seat = roster.of(in.contact(), in.device());
    if (seat != null) {
      attendance.renew(seat, in, offer);
      course.resume();
    } else if (isFullFor(in.contact())) {
      refuse(in, "the call is full, " + policy.maxParticipants() + " are in it", nowNs);
    } else {
      ringing.answered(in.contact(), in.session());
      attendance.join(in, offer, policy.onlyOneDevicePerCall());
      begin(in.person(), nowNs);
    }
  }

  private boolean isFullFor(Jid contact) {
    int max = policy.maxParticipants();
    return max > 0 && !roster.has(contact) && roster.contacts().size() >= max;
  }

  private void begin(Person person, long nowNs) {
    boolean isNew = state() == State.NEW;
    boolean enough = place instanceof CallPlace.Chat || roster.contacts().size() > 1;
    if (isNew && !enough) {
      ringing.ring(List.of(place.seenBy(person.jid()).jid()), person, nowNs);
      course.become(State.RINGING, "first offer");
    } else if (start() == null && enough) {
      course.begin(isNew ? "first offer" : "accepted", nowNs);
    } else {
      course.resume();
    }
  }

  private void onBuzz(CallInput.FromClient in, List<Jid> named, long nowNs) {
    if (!roster.has(in.contact())) {
      announce.warn(in, "join the call before ringing others");
      return;
    }
    if (!members.containsAll(named)) {
      announce.warn(in, "members: not everyone named is in this chat");
    }
    ring(named, in.person(), nowNs);
  }

  private void ring(List<Jid> named, Person by, long nowNs) {
    Set<Jid> absent = new TreeSet<>(named.isEmpty() ? members : named);
    absent.retainAll(members);
    absent.removeAll(roster.contacts());
    absent.remove(by.jid());
    ringing.ring(List.copyOf(absent), by, nowNs);
  }

  private void onBuzzCancel(CallInput.FromClient in, long nowNs) {
    if (ringing.has(in.contact())) {
      onReject(in, "", nowNs);
    } else {
      ringing.cancelBy(in.contact());
      endIfOver("cancelled", nowNs);
    }
  }

  private void onLeave(CallInput.FromClient in, long nowNs) {
    Seat seat = roster.of(in.contact(), in.device());
    if (seat == null && ringing.has(in.contact())) {
      onReject(in, "", nowNs);
      return;
    }
    if (seat == null || !seat.session().equals(in.session())) {
      announce.leave(in.contact(), in.session()); // the seat, if any, is served by another socket
    }
    if (seat != null) {
      attendance.remove(seat, "left");
      endIfOver("left", nowNs);
    }
  }

  private void onReject(CallInput.FromClient in, String reason, long nowNs) {
    if (ringing.declined(in.contact(), in.session(), reason)) {
      endIfOver("declined", nowNs);
    } else {
      announce.buzzCancelled(in.contact(), in.session());
    }
  }

  private void onMuteAll(CallInput.FromClient in) {
    if (!roster.has(in.contact())) {
      announce.warn(in, "join the call before muting others");
    } else if (!policy.mayMuteAll(in.person(), place)) {
      announce.warn(in, "only administrators of this chat may mute everyone");
    } else {
      attendance.muteAllBut(in.contact());
    }
  }

  /** An event that cannot be served. A call that nobody else knows of ends with its offer. */
  private void refuse(CallInput.FromClient in, String why, long nowNs) {
    announce.warn(in, why);
    if (in.event() instanceof ClientEvent.CallOffer) {
      announce.leave(in.contact(), in.session());
      if (state() == State.NEW) {
        finish(why, nowNs);
      }
    }
  }

  // --- from the relay

  private void onRelay(RelayEvent event, long nowNs) {
    if (!relay.isOpen()) {
      return; // it ended, or was lost, while this was on its way
    }
    switch (event) {
      case RelayEvent.Answered answered -> {
        if (!duty.holds(answered)) {
          attendance.answered(answered);
        }
      }
      case RelayEvent.Refused refused -> {
        attendance.refused(refused.peer(), refused.reason());
        endIfOver(refused.reason(), nowNs);
      }
      case RelayEvent.Connected in -> attendance.connected(in.peer(), in.fingerprint());
      case RelayEvent.Talking talking -> attendance.talking(talking.peer(), talking.talking());
      case RelayEvent.Dominant in -> course.dominant(in.contact());
      case RelayEvent.Gone gone -> {
        attendance.gone(gone.peer(), gone.reason());
        endIfOver(gone.reason(), nowNs);
      }
      case RelayEvent.Lost lost ->
          attendance.restart(lost.peer(), nowNs + policy.restartTimeout().toNanos());
      case RelayEvent.Reachable where -> {}
      case RelayEvent.Recording in -> onRecording(in, nowNs);
      case RelayEvent.RecordingReady ready -> {}
      case RelayEvent.RecordingFound found -> {}
      case RelayEvent.LegEnded ended -> {}
      case RelayEvent.Reported reported -> {}
      case RelayEvent.Failed failed -> onFailed(nowNs);
    }
  }

  private void onRecording(RelayEvent.Recording in, long nowNs) {
    if (course.recording(in.on())) {
      merger.changed();
    }
    duty.onRecording(in.on(), in.reason(), nowNs);
  }

  private void onFailed(long nowNs) {
    course.recording(false);
    if (relay.restart()) {
      attendance.restart(nowNs + policy.restartTimeout().toNanos());
      course.become(State.RESTARTING, "the relay failed");
    } else {
      String why = "the relay failed again and again";
      announce.leaveAll(why);
      finish(why, nowNs);
    }
  }

  // --- from servers

  private void onServer(CallOrder order, long nowNs) {
    if (finished() || (state() == State.NEW) != (order instanceof CallOrder.Start)) {
      return; // it is over, or was never begun
    }
    switch (order) {
      case CallOrder.Start start -> onStart(start, nowNs);
      case CallOrder.End end -> onEnd(nowNs);
      case CallOrder.Ring ring -> ring(ring.members(), ring.by(), nowNs);
      case CallOrder.Mute mute -> attendance.mute(mute.contact());
      case CallOrder.Remove remove -> {
        ringing.cancel(remove.contact());
        attendance.putOut(remove.contact(), "put out by a server");
        endIfOver("put out by a server", nowNs);
      }
    }
  }

  private void onStart(CallOrder.Start start, long nowNs) {
    switch (place) {
      case CallPlace.Chat chat -> ring(start.members(), start.by(), nowNs);
      case CallPlace.Direct direct -> {
        ringing.ring(List.of(direct.one().jid()), direct.other(), nowNs);
        ringing.ring(List.of(direct.other().jid()), direct.one(), nowNs);
      }
    }
    course.ring();
    merger.changed();
    endIfOver("there is nobody to ring", nowNs);
  }

  private void onEnd(long nowNs) {
    String why = "ended by a server";
    announce.leaveAll(why);
    finish(why, nowNs);
  }

  // --- from sessions, chat and time

  private void onSessionOpened(CallInput.SessionOpened in, long nowNs) {
    if (state() != State.NEW && !finished() && members.contains(in.contact())) {
      announce.state(in.contact(), in.session(), course.snapshot(nowNs));
      ringing.ringAlso(in.contact(), in.session(), nowNs);
    }
  }

  private void onMembersChanged(Set<Jid> now, long nowNs) {
    members = new TreeSet<>(now);
    ringing.cancelIfNot(members::contains);
    attendance.removeIfNot(members::contains);
    endIfOver("left the chat", nowNs);
  }

  private void onTick(long nowNs) {
    ringing.cancelOverdue(nowNs);
    duty.onTick(nowNs);
    boolean someoneIsOverdue = attendance.removeOverdue(nowNs);
    endIfOver(someoneIsOverdue ? "did not come back" : "nobody answered", nowNs);
  }

  /** Whoever takes back that he may be recorded is out, or not recorded any more, by policy. */
  private void onAgreed(CallInput.Agreed in, long nowNs) {
    Consent rule = duty.policy().consent();
    shielding.agreed(in.contact(), in.agrees(), in.sentence(), rule);
    if (!in.agrees() && rule == Consent.OR_NOT_ADMITTED) {
      attendance.putOut(in.contact(), "you have not agreed that the call is recorded");
      endIfOver("not agreed to be recorded", nowNs);
    }
  }

  // --- the end

  private void endIfOver(String why, long nowNs) {
    if (!finished() && course.isOver(members)) {
      finish(why, nowNs);
    }
  }

  private void finish(String why, long nowNs) {
    ringing.cancelAll();
    roster.clear();
    relay.close(why);
    course.finish(nowNs);
    if (state() != State.NEW) {
      announce.state(members, course.snapshot(nowNs));
    }
    announce.finished(summary(why, nowNs));
    course.become(State.FINISHED, why);
  }
}
