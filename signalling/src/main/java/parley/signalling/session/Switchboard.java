package parley.signalling.session;

import com.fasterxml.jackson.databind.JsonNode;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import parley.relay.api.CallId;
import parley.relay.api.LogContext;
import parley.relay.api.MediaRelay;
import parley.relay.api.RecordingPolicy;
import parley.relay.api.RelayCommand;
import parley.relay.api.RelayEvent;
import parley.signalling.call.Call;
import parley.signalling.call.CallHandover;
import parley.signalling.call.CallInput;
import parley.signalling.call.CallKey;
import parley.signalling.call.CallOrder;
import parley.signalling.call.CallOutput;
import parley.signalling.call.CallPlace;
import parley.signalling.call.CallPolicy;
import parley.signalling.call.CallSummary;
import parley.signalling.call.SessionId;
import parley.signalling.call.State;
import parley.signalling.cluster.NodeId;
import parley.signalling.cluster.NodeMessage;
import parley.signalling.directory.Contact;
import parley.signalling.directory.Team;
import parley.signalling.wire.ClientEvent;
import parley.signalling.wire.Decoded;
import parley.signalling.wire.EventCodec;
import parley.signalling.wire.IsoTime;
import parley.signalling.wire.Jid;
import parley.signalling.wire.ServerEvent;
import parley.signalling.wire.TeamId;

/**
 * Connects clients, calls and the relay: every input finds its session and its call, every output
 * of a call its receivers. No socket, clock or thread of its own: owned by the {@link CallLoop}.
 *
 * <pre>
 * from sockets:    Opened, StillIn, FromClient (about the session: Ping Confirm Activity; about a call: all others), Closed
 * from the relay:  FromRelay
 * from servers:    FromServer (the desk's business)
 * from the chat server: TeamChanged
 * from other nodes:     Step
 * from whoever stops this one: Drain
 * from time:       onTime
 * </pre>
 */
final class Switchboard implements Floor {

  private static final Logger log = LoggerFactory.getLogger(Switchboard.class);

  /** A person's devices and windows, and those whose network has gone; more is a loop gone wild. */
  static final int MAX_SESSIONS_PER_CONTACT = 50;

  /**
   * Where a call goes on elsewhere, its devices hear it here until they hear it there. Each needs
   * some tenths of a second; those behind bad networks a few seconds.
   */
  private static final long HANDED_OVER_NS = TimeUnit.SECONDS.toNanos(5);

  /** Policy violation (RFC 6455 §7.4.1). */
  private static final int POLICY = 1008;

  private final EventCodec codec;
  private final SessionSettings settings;
  private final Cascade relay;
  private final InstantSource clock;
  private final Sessions sessions = new Sessions();
  private final Calls calls = new Calls();
  private final Moment moment;
  private final ClusterDesk cluster;
  private final Presence presence;
  private final CallReporter report;
  private final CallLegs legs;
  private final ChangedTeams changedTeams = new ChangedTeams();
  private final ConsentDesk consents;
  private final ServerDesk desk;
  private final TeamUpdates teamUpdates;
  private final Deadlines<Call> callDeadlines = new Deadlines<>();

  /** Calls that were handed over, whose media here ends when it is surely not needed any more. */
  private final Deadlines<CallId> leaving = new Deadlines<>();

  private final Deadlines<ClientSession> sessionDeadlines = new Deadlines<>();

  /**
   * One that is alone.
   *
   * @param clock the time of day, for people to read
   * @param ids of new calls
   * @param events told what becomes of calls
   */
  Switchboard(
      EventCodec codec,
      SessionSettings settings,
      MediaRelay relay,
      InstantSource clock,
      Supplier<CallId> ids,
      CallEvents events) {
    this(codec, settings, relay, clock, ids, events, Cluster.alone(), Runnable::run);
  }

  /**
   * One of several.
   *
   * @param loop runs a step on the thread that owns this, by {@link LoopInput.Step}
   */
  Switchboard(
      EventCodec codec,
      SessionSettings settings,
      MediaRelay relay,
      InstantSource clock,
      Supplier<CallId> ids,
      CallEvents events,
      Cluster nodes,
      Executor loop) {
    this.codec = codec;
    this.settings = settings;
    this.clock = clock;
    this.moment = new Moment(loop);
    this.cluster =
        new ClusterDesk(
            nodes,
            sessions,
            calls,
            changedTeams,
            sessionDeadlines,
            codec,
            settings,
            ids,
            clock,
            this,
            moment);
    this.relay =
        new Cascade(
            relay,
            cluster.members(),
            cluster.farCalls,
            nodes,
            this::claim,
            new SecureRandom(),
            moment,
            event -> onRelay(event, moment.nowNs()));
    this.presence = cluster.presence();
    this.report = new CallReporter(events, cluster.audience::isAbsent, clock);
    this.legs = new CallLegs(clock, this.relay::submit);
    this.consents = new ConsentDesk(calls, changedTeams, settings, clock, relay, this);
    this.desk = new ServerDesk(calls, changedTeams, this, consents);
    this.teamUpdates = new TeamUpdates(sessions, cluster.far, calls, changedTeams, this, settings);
  }

  /** From now on other nodes know of this one. */
  void begin(long nowNs) {
    moment.is(nowNs);
    cluster.begin();
  }

  void on(LoopInput input, long nowNs) {
    moment.is(nowNs);
    switch (input) {
      case LoopInput.Opened opened -> onOpened(opened.arrival(), nowNs);
      case LoopInput.StillIn in -> onStillIn(in, nowNs);
      case LoopInput.FromClient said -> onFrame(said.session(), said.frame(), nowNs);
      case LoopInput.Closed closed -> onClosed(closed.session(), nowNs);
      case LoopInput.FromRelay told -> {
        if (!relay.on(told.event())) {
          onRelay(told.event(), nowNs);
        }
      }
      case LoopInput.FromServer asked -> onServer(asked.command(), asked.reply(), nowNs);
      case LoopInput.TeamChanged changed -> {
        teamUpdates.on(changed.team(), nowNs);
        presence.changed(changed.team().uid(), nowNs);
        cluster.changed(changed.team());
      }
      case LoopInput.Step step -> step.step().run();
      case LoopInput.Drain drain -> {
        relay.drain();
        cluster.drain(
            drain.done(), () -> Math.min(leaving.nextNs(), relay.nextNs()) == Long.MAX_VALUE);
      }
    }
  }

  void onTime(long nowNs) {
    moment.is(nowNs);
    for (Call call = callDeadlines.pollDue(nowNs);
        call != null;
        call = callDeadlines.pollDue(nowNs)) {
      handIn(call, new CallInput.Tick(), nowNs);
    }
    for (ClientSession session = sessionDeadlines.pollDue(nowNs);
        session != null;
        session = sessionDeadlines.pollDue(nowNs)) {
      session.resend(nowNs);
      sessionDeadlines.set(session, session.nextDeadlineNs());
    }
    for (CallId uid = leaving.pollDue(nowNs); uid != null; uid = leaving.pollDue(nowNs)) {
      if (calls.get(uid) == null) {
        relay.submit(new RelayCommand.Close(uid, "handed over"));
      }
    }
    cluster.onTime();
    relay.onTime();
  }

  /** When {@link #onTime} is wanted; {@link Long#MAX_VALUE}: not before the next input. */
  long nextDeadlineNs() {
    long next = Math.min(callDeadlines.nextNs(), sessionDeadlines.nextNs());
    return Math.min(Math.min(cluster.nextNs(), leaving.nextNs()), Math.min(next, relay.nextNs()));
  }

  int sessions() {
    return sessions.size();
  }

  int calls() {
    return calls.size();
  }

  int otherNodes() {
    return cluster.otherNodes();
  }

  private void onOpened(Arrival arrival, long nowNs) {
    Team team = changedTeams.latest(arrival.team());
    Contact contact = team.contact(arrival.contact());
    if (contact == null) {
      arrival.link().close(POLICY, "INVALID_TEAM");
      return;
    }
    if (sessions.of(team.uid(), contact.jid()).size() >= MAX_SESSIONS_PER_CONTACT) {
      arrival.link().close(POLICY, "too many sockets of one contact");
      return;
    }
    long resendNs = settings.resend().toNanos();
    var session = new ClientSession(arrival, contact.person(), codec, resendNs);
    session.update(team, contact.person());
    var login = new ServerEvent.Login(DeviceName.of(arrival.device().useragent()));
    for (ClientSession other : sessions.of(team.uid(), contact.jid())) {
      if (other.reach() == Reach.EVERYTHING) {
        send(other, login, nowNs);
      }
    }
    sessions.add(session);
    log.info("session {} opened by {}", session.id().shortForm(), contact.jid().shortForm());
    if (session.reach() == Reach.EVERYTHING) {
      send(session, new ServerEvent.Time(new IsoTime(clock.instant())), nowNs);
    }
    presence.greet(session, nowNs);
    presence.changed(team.uid(), nowNs);
    cluster.opened(session);
    for (Call call : List.copyOf(calls.of(team.uid(), contact.jid()))) {
      handIn(call, new CallInput.SessionOpened(contact.jid(), session.id()), nowNs);
    }
  }

  private void onStillIn(LoopInput.StillIn in, long nowNs) {
    ClientSession session = sessions.get(in.session());
    CallPlace place = session == null ? null : session.team().place(session.contact(), in.jid());
    if (session != null && place != null) {
      CallId uid = runningAt(place.key());
      send(session, in.answer(session.team().uid(), uid), nowNs);
    }
  }

  /** The call that runs there, on whichever node; null: none. */
  private @Nullable CallId runningAt(CallKey place) {
    Call running = calls.at(place);
    FarCalls.FarCall far = running == null ? cluster.farCalls.at(place) : null;
    return running != null ? running.uid() : far == null ? null : far.uid();
  }

  private void onClosed(SessionId id, long nowNs) {
    ClientSession session = sessions.remove(id);
    if (session == null) {
      return;
    }
    log.info("session {} closed", id.shortForm());
    sessionDeadlines.remove(session);
    cluster.closed(id);
    TeamId team = session.team().uid();
    for (Call call : List.copyOf(calls.of(team, session.contact()))) {
      handIn(call, new CallInput.SessionLost(id), nowNs);
    }
    presence.changed(team, nowNs);
  }

  private void onFrame(SessionId id, Decoded frame, long nowNs) {
    ClientSession session = sessions.get(id);
    if (session == null) {
      return; // it was closed while the frame waited
    }
    String confirmId = frame.confirmId();
    boolean isNew = confirmId == null || session.isNew(confirmId);
    if (confirmId != null) {
      send(session, new ServerEvent.Confirm(confirmId), nowNs);
    }
    switch (frame) {
      case Decoded.Rejected rejected -> send(session, rejected.warning(), nowNs);
      case Decoded.Accepted accepted when isNew -> onEvent(session, accepted, nowNs);
      case Decoded.Accepted repeated -> log.debug("{} repeated", repeated.event().name());
    }
  }

  private void onEvent(ClientSession session, Decoded.Accepted accepted, long nowNs) {
    switch (accepted.event()) {
      case ClientEvent.Ping ping when accepted.confirmId() == null ->
          send(session, new ServerEvent.Confirm(""), nowNs);
      case ClientEvent.Ping ping -> log.trace("{} confirmed already", ping.name());
      case ClientEvent.Confirm confirm -> onConfirm(session, confirm);
      case ClientEvent.Activity activity -> onActivity(session, activity, nowNs);
      case ClientEvent.OfCall ofCall -> onCallEvent(session, ofCall, accepted.orig(), nowNs);
    }
  }

  private void onConfirm(ClientSession session, ClientEvent.Confirm confirm) {
    session.confirmed(confirm.confirmId());
    sessionDeadlines.set(session, session.nextDeadlineNs());
  }

  private void onActivity(ClientSession session, ClientEvent.Activity activity, long nowNs) {
    if (session.afk(activity.afk())) {
      cluster.away(session);
      presence.changed(session.team().uid(), nowNs);
    }
  }

  private void onCallEvent(
      ClientSession session, ClientEvent.OfCall event, JsonNode text, long nowNs) {
    CallPlace place = session.team().place(session.contact(), event.jid());
    if (place == null) {
      // The same words whether the chat exists or not: who is not in it learns nothing of it.
      send(session, ServerEvent.Warning.about(event, "access denied"), nowNs);
      return;
    }
    session.onSaid(event);
    Caller caller = session.caller();
    cluster.said(session, place, event, text, () -> serve(caller, place, event, moment.nowNs()));
  }

  @Override
  public void serve(Caller caller, CallPlace place, ClientEvent.OfCall event, long nowNs) {
    var input = new CallInput.FromClient(caller.person(), caller.device(), event);
    Call running = calls.at(place.key());
    if (event instanceof ClientEvent.CallOffer && !mayEnter(caller, place, running, event, nowNs)) {
      return;
    }
    if (running != null) {
      handIn(running, input, nowNs);
      return;
    }
    if (event instanceof ClientEvent.CallOffer
        && !caller.team().mayBegin(caller.contact(), event.jid())) {
      turnAway(caller, place, event, "you may not begin a call here", nowNs);
      return;
    }
    if (event instanceof ClientEvent.CallOffer && !mayBeRecorded(caller, place, event, nowNs)) {
      return;
    }
    open(caller.team(), place, input, nowNs);
  }

  /** Whether a call may begin as far as recording goes. */
  private boolean mayBeRecorded(
      Caller caller, CallPlace place, ClientEvent.OfCall event, long nowNs) {
    RecordingRefusal refusal = consents.refusal(caller.team(), place);
    if (refusal != null) {
      CallId uid = turnAway(caller, place, event, refusal.sentence(), nowNs);
      report.refused(uid, place, refusal);
    }
    return refusal == null;
  }

  /** Whether somebody may come into a call as far as recording goes; it learns what he said. */
  private boolean mayEnter(
      Caller caller,
      CallPlace place,
      @Nullable Call running,
      ClientEvent.OfCall event,
      long nowNs) {
    if (running != null && running.participants().contains(caller.contact())) {
      return true; // he is in it; what he has to agree to since then keeps him out of the recording
    }
    RecordingPolicy policy = consents.policy(caller.team(), place);
    String refusal = consents.refusal(policy, place, caller.contact());
    if (refusal != null) {
      turnAway(caller, place, event, refusal, nowNs);
      return false;
    }
    CallInput.Agreed entry = consents.entry(policy, place, caller.contact());
    if (running != null && entry != null) {
      handIn(running, entry, nowNs);
    }
    return true;
  }

  private CallId turnAway(
      Caller caller, CallPlace place, ClientEvent.OfCall event, String why, long nowNs) {
    Call running = calls.at(place.key());
    CallId uid = running == null ? cluster.claims.uid(place.key()) : running.uid();
    var voice = new Audience.Voice(caller.team().uid(), uid, cluster.claims.revision(place.key()));
    List<SessionId> whom = List.of(caller.session());
    Audience audience = cluster.audience;
    audience.toSessions(voice, whom, ServerEvent.Warning.about(event, why), nowNs);
    audience.toSessions(voice, whom, new ServerEvent.CallLeave(event.jid(), uid), nowNs);
    return uid;
  }

  @Override
  public Call open(Team team, CallPlace place, CallInput first, long nowNs) {
    CallPolicy policy = settings.callsAt(team, place);
    var call = new Call(cluster.claims.uid(place.key()), place, policy, clock.instant(), nowNs);
    if (first instanceof CallInput.FromClient said) {
      CallInput.Agreed entry = consents.entry(call.recordingPolicy(), place, said.contact());
      if (entry != null) {
        call.on(entry, nowNs);
      }
    }
    handIn(call, first, nowNs);
    if (call.state() != State.NEW && !call.finished()) {
      calls.add(call); // only an offer or a server begins one; all else is answered
      legs.begun(call.uid(), team.uid());
      cluster.happened(call, first);
    }
    return call;
  }

  private void onServer(ServerCommand command, CompletableFuture<ServerReply> reply, long nowNs) {
    CallId uid = command.call();
    FarCalls.FarCall far = uid == null ? null : cluster.elsewhere(command.teamId(), uid);
    if (uid != null && far != null) {
      reply.complete(new ServerReply.Elsewhere(uid, far.owner().value()));
      return;
    }
    switch (command) {
      case ServerCommand.Legs asked -> legs.on(asked, reply, nowNs);
      case ServerCommand.Past _ -> reply.complete(new ServerReply.PastCalls(legs.past()));
      case ServerCommand.OwnLegs asked -> {
        Call call = calls.get(asked.uid());
        boolean member = call != null && calls.members(call).contains(asked.contact());
        legs.on(asked, member, reply, nowNs);
      }
      case ServerCommand.Start start -> onStart(start, reply);
      case ServerCommand other -> desk.on(other, reply, nowNs);
    }
  }

  /** A call that a server starts belongs to whoever owns its place already. */
  private void onStart(ServerCommand.Start start, CompletableFuture<ServerReply> reply) {
    Team team = changedTeams.latest(start.team());
    CallPlace place = team.place(start.caller(), start.jid());
    if (place == null) {
      desk.on(start, reply, moment.nowNs());
      return;
    }
    cluster.claims.want(
        place.key(),
        new Claims.Waiting() {
          @Override
          public void here() {
            desk.on(start, reply, moment.nowNs());
          }

          @Override
          public void there(NodeId owner) {
            CallId uid = runningAt(place.key());
            reply.complete(
                uid == null
                    ? new ServerReply.NoCall()
                    : new ServerReply.Elsewhere(uid, owner.value()));
          }

          @Override
          public void nowhere(String why) {
            reply.completeExceptionally(new RejectedExecutionException(why));
          }
        });
  }

  private void onRelay(RelayEvent event, long nowNs) {
    if (legs.on(event, nowNs)) {
      return;
    }
    report.onRelay(event);
    if (event instanceof RelayEvent.RecordingFound) {
      return; // of an earlier process, whatever runs under this uid now
    }
    Call call = calls.get(event.call());
    if (call != null) {
      handIn(call, new CallInput.FromRelay(event), nowNs);
    } else if (event instanceof RelayEvent.RecordingReady ready) {
      try (var _ = LogContext.of(ready.call())) {
        log.info("call {} recorded", ready.call().shortForm());
      }
    }
  }

  @Override
  public void handIn(Call call, CallInput input, long nowNs) {
    boolean hadStarted = call.start() != null;
    try (var _ = LogContext.of(call.uid())) {
      call.on(input, nowNs);
      IsoTime start = call.start();
      if (start != null && !hadStarted) {
        report.started(call, start);
      }
      carryOut(call, nowNs);
      if (calls.get(call.uid()) == call && !call.finished()) {
        cluster.happened(call, input);
      }
    } catch (RuntimeException e) {
      giveUp(call, e, nowNs);
      return;
    }
    if (call.finished()) {
      drop(call, nowNs);
    } else if (call.state() != State.NEW) {
      callDeadlines.set(call, call.nextDeadlineNs());
    }
  }

  private void carryOut(Call call, long nowNs) {
    TeamId team = Calls.team(call);
    Audience audience = cluster.audience;
    Audience.Voice voice = cluster.voice(call);
    boolean overloaded = false;
    for (CallOutput output = call.poll(); output != null; output = call.poll()) {
      switch (output) {
        case CallOutput.ToSessions to ->
            audience.toSessions(voice, to.sessions(), to.event(), nowNs);
        case CallOutput.ToContacts to -> {
          audience.toContacts(voice, to.contacts(), to.except(), to.event(), nowNs);
          report.told(call, to);
          if (to.event() instanceof ServerEvent.CallState) {
            presence.changed(team, nowNs); // it may show in server.online
          }
        }
        case CallOutput.ToRelay to -> {
          report.asked(call, to.command());
          if (to.command() instanceof RelayCommand.Open) {
            legs.relayed(call.uid(), team);
          }
          boolean taken = relay.submit(to.command());
          if (!taken && !overloaded) {
            overloaded = true; // said once: what the call does about it may be refused as well
            var failed = new RelayEvent.Failed(call.uid(), "the relay is overloaded");
            call.on(new CallInput.FromRelay(failed), nowNs);
          }
        }
        case CallOutput.Decided decided ->
            report.decided(
                call.uid(), call.place(), decided.policy(), decided.decision(), decided.reason());
        case CallOutput.Finished finished -> onFinished(call, finished.summary());
      }
    }
  }

  private void onFinished(Call call, CallSummary summary) {
    log.info("call {} finished: {}", summary.uid().shortForm(), summary.reason());
    if (calls.get(call.uid()) != null) { // else its first offer was refused: nobody knew of it
      report.finished(call.place(), summary);
      legs.finished(call.place(), summary);
    }
  }

  /** A call that was handed to us is one of ours before it says its first word. */
  @Override
  public void adopt(Call call) {
    calls.add(call);
    legs.begun(call.uid(), Calls.team(call));
    report.moved(call, true, moment.nowNs());
    handIn(call, new CallInput.Tick(), moment.nowNs());
  }

  @Override
  public void handedOver(Call call) {
    report.moved(call, false, moment.nowNs());
    remove(call, moment.nowNs());
    leaving.set(call.uid(), moment.nowNs() + HANDED_OVER_NS);
  }

  @Override
  public void abandon(Call call, boolean goesOn) {
    long nowNs = moment.nowNs();
    if (!goesOn) {
      handIn(call, new CallInput.FromServer(new CallOrder.End()), nowNs);
      return;
    }
    relay.submit(new RelayCommand.Close(call.uid(), "it goes on elsewhere"));
    for (CallHandover.HeldSeat seat : call.handover(nowNs).seats()) {
      ClientSession session = sessions.get(seat.session());
      if (session != null) {
        Jid jid = call.place().seenBy(seat.contact()).jid();
        send(session, new ServerEvent.CallRestart(jid, call.uid(), Calls.team(call)), nowNs);
      }
    }
    report.moved(call, false, moment.nowNs());
    remove(call, nowNs);
  }

  @Override
  public void askedToCarry(NodeId owner, NodeMessage.ToRelay asked) {
    relay.asked(owner, asked);
  }

  @Override
  public void carrierSaid(NodeId node, NodeMessage.FromRelay told) {
    relay.answered(node, told);
  }

  @Override
  public void carrierDied(NodeId node) {
    relay.died(node);
  }

  @Override
  public void carrierAnew(NodeId node) {
    relay.anew(node);
  }

  @Override
  public int moreDevices() {
    return relay.moreDevices();
  }

  /** By what right a call of ours speaks; 0: it is none of ours, or there is no claim yet. */
  private long claim(CallId uid) {
    Call call = calls.get(uid);
    return call == null ? 0 : cluster.claims.revision(call.place().key());
  }

  @Override
  public void agreed(CallKey place, Jid contact, Consents.Given given) {
    consents.agreed(place, contact, given, moment.nowNs());
  }

  @Override
  public void tellAgreed(CallKey place, Jid contact, Consents.Given given) {
    cluster.agreed(place, contact, given);
  }

  /**
   * The loop ends: whoever was told of a call is told that it is over, unless other nodes go on
   * with it.
   */
  void stop(long nowNs) {
    moment.is(nowNs);
    if (!cluster.isAlone()) {
      calls.all().forEach(call -> report.moved(call, false, nowNs));
      cluster.leave();
      return;
    }
    cluster.leave();
    calls
        .all()
        .forEach(call -> report.finished(call.place(), call.summary("the server stopped", nowNs)));
  }

  private void drop(Call call, long nowNs) {
    consents.over(call);
    boolean wasKnown = calls.get(call.uid()) == call;
    remove(call, nowNs);
    if (wasKnown) {
      cluster.over(call);
    }
  }

  private void remove(Call call, long nowNs) {
    calls.remove(call);
    legs.over(call.uid());
    callDeadlines.remove(call);
    presence.changed(Calls.team(call), nowNs);
  }

  /** A defect of ours in one call ends that call, and no other. */
  private void giveUp(Call call, RuntimeException defect, long nowNs) {
    try (var _ = LogContext.of(call.uid())) {
      log.error("call {} is given up", call.uid().shortForm(), defect);
    }
    TeamId team = Calls.team(call);
    Set<Jid> members = calls.members(call).isEmpty() ? call.place().members() : calls.members(call);
    Audience.Voice voice = cluster.voice(call);
    onFinished(call, call.summary("a defect in signalling", nowNs));
    drop(call, nowNs);
    relay.submit(new RelayCommand.Close(call.uid(), "a defect in signalling"));
    for (Jid contact : members) {
      Jid jid = call.place().seenBy(contact).jid();
      var leave = new ServerEvent.CallLeave(jid, call.uid());
      cluster.audience.toContacts(voice, List.of(contact), null, leave, nowNs);
    }
  }

  private void send(ClientSession session, ServerEvent event, long nowNs) {
    cluster.audience.sending(event).to(session, nowNs);
  }
}
