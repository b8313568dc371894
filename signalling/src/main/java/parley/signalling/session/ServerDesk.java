package parley.signalling.session;

import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import parley.relay.api.CallId;
import parley.relay.api.RecordingPolicy;
import parley.signalling.call.Call;
import parley.signalling.call.CallInput;
import parley.signalling.call.CallOrder;
import parley.signalling.call.CallPlace;
import parley.signalling.call.CallView;
import parley.signalling.directory.Contact;
import parley.signalling.directory.Team;
import parley.signalling.wire.Jid;
import parley.signalling.wire.TeamId;

/** Carries out what servers ask of calls. Owned by the {@link CallLoop}. */
final class ServerDesk {

  private final Calls calls;
  private final ChangedTeams changed;
  private final Floor floor;
  private final ConsentDesk consents;

  ServerDesk(Calls calls, ChangedTeams changed, Floor floor, ConsentDesk consents) {
    this.consents = consents;
    this.calls = calls;
    this.changed = changed;
    this.floor = floor;
  }

  void on(ServerCommand command, CompletableFuture<ServerReply> reply, long nowNs) {
    try {
      reply.complete(on(command, nowNs));
    } catch (RuntimeException e) {
      reply.completeExceptionally(e);
      throw e;
    }
  }

  private ServerReply on(ServerCommand command, long nowNs) {
    return switch (command) {
      case ServerCommand.ListCalls list ->
          new ServerReply.Calls(calls.of(list.team()).stream().map(Call::view).toList());
      case ServerCommand.Look look -> {
        Call call = call(look.team(), look.uid());
        yield call == null ? new ServerReply.NoCall() : new ServerReply.OneCall(call.view());
      }
      case ServerCommand.Survey _ ->
          new ServerReply.Calls(calls.all().stream().map(Call::view).toList());
      case ServerCommand.Past past -> throw new IllegalArgumentException("not the desk's: " + past);
      case ServerCommand.Legs legs -> throw new IllegalArgumentException("not the desk's: " + legs);
      case ServerCommand.OwnLegs legs ->
          throw new IllegalArgumentException("not the desk's: " + legs);
      case ServerCommand.Start start -> start(start, nowNs);
      case ServerCommand.End end ->
          order(end.team(), end.uid(), view -> true, new CallOrder.End(), nowNs);
      case ServerCommand.Ring ring -> ring(ring, nowNs);
      case ServerCommand.Mute mute ->
          order(
              mute.team(),
              mute.uid(),
              view -> mute.contact() == null || isIn(view, mute.contact()),
              new CallOrder.Mute(mute.contact()),
              nowNs);
      case ServerCommand.Remove remove ->
          order(
              remove.team(),
              remove.uid(),
              view -> isIn(view, remove.contact()) || view.ringing().contains(remove.contact()),
              new CallOrder.Remove(remove.contact()),
              nowNs);
      case ServerCommand.SetRecording wish -> record(wish, nowNs);
      case ServerCommand.MaskRecording wish -> mask(wish, nowNs);
      case ServerCommand.LookAtRecording look ->
          consents.look(look.team(), look.contact(), look.jid());
      case ServerCommand.Agree agree -> consents.agree(agree, nowNs);
    };
  }

  private ServerReply start(ServerCommand.Start start, long nowNs) {
    Team team = changed.latest(start.team());
    Contact caller = team.contact(start.caller());
    CallPlace place = team.place(start.caller(), start.jid());
    if (caller == null || place == null) {
      return new ServerReply.NoChat();
    }
    Call running = calls.at(place.key());
    if (running != null) {
      return new ServerReply.Running(running.view());
    }
    String wrong = wrong(start.members(), place.members());
    if (wrong != null) {
      return new ServerReply.Wrong(wrong);
    }
    RecordingRefusal refusal = consents.refusal(team, place);
    if (refusal != null) {
      return new ServerReply.MustBeRecorded(refusal.sentence());
    }
    var order = new CallOrder.Start(caller.person(), start.members());
    Call call = floor.open(team, place, new CallInput.FromServer(order), nowNs);
    return call.finished()
        ? new ServerReply.Wrong("members: there is nobody to ring")
        : new ServerReply.OneCall(call.view());
  }

  private ServerReply ring(ServerCommand.Ring ring, long nowNs) {
    Team team = changed.latest(ring.team());
    Call call = call(team.uid(), ring.uid());
    if (call == null) {
      return new ServerReply.NoCall();
    }
    Set<Jid> members = calls.members(call);
    String wrong = wrong(ring.members(), members);
    if (wrong != null) {
      return new ServerReply.Wrong(wrong);
    }
    Jid by = ring.caller();
    if (by == null && !call.participants().isEmpty()) {
      by = call.participants().getFirst();
    }
    Contact caller = by == null ? null : team.contact(by);
    if (caller == null || !members.contains(caller.jid())) {
      return new ServerReply.Wrong(
          by == null
              ? "caller: nobody is in the call yet; right would be the member who rings"
              : "caller: " + by + " is not in this chat");
    }
    floor.handIn(
        call, new CallInput.FromServer(new CallOrder.Ring(caller.person(), ring.members())), nowNs);
    return new ServerReply.Done();
  }

  private ServerReply record(ServerCommand.SetRecording wish, long nowNs) {
    Call call = call(wish.team(), wish.uid());
    if (call == null || !isAt(call.place(), wish.jid())) {
      return new ServerReply.NoCall();
    }
    RecordingPolicy policy = call.recordingPolicy();
    if (!wish.on() && policy.required()) {
      return new ServerReply.MustBeRecorded(
          "calls here must be recorded, by the policy " + policy.title());
    }
    if (!policy.maySwitch().includes(wish.by().who())) {
      return new ServerReply.MayNot(
          "the policy " + policy.title() + " leaves it to others to switch recording");
    }
    if (isElsewhere(call, wish.by())) {
      return new ServerReply.NotInCall();
    }
    floor.handIn(call, new CallInput.RecordingAsked(wish.on()), nowNs);
    return new ServerReply.OneCall(call.view());
  }

  private ServerReply mask(ServerCommand.MaskRecording wish, long nowNs) {
    Call call = call(wish.team(), wish.uid());
    if (call == null) {
      return new ServerReply.NoCall();
    }
    RecordingPolicy policy = call.recordingPolicy();
    if (!policy.mayMask().includes(wish.by().who())) {
      return new ServerReply.MayNot(
          "the policy " + policy.title() + " leaves it to others to mask recordings");
    }
    Jid contact = wish.contact();
    if (isElsewhere(call, wish.by())
        || (contact != null && !calls.members(call).contains(contact))) {
      return new ServerReply.NotInCall();
    }
    floor.handIn(
        call, new CallInput.MaskAsked(contact, wish.on(), wish.by().name(), wish.why()), nowNs);
    return new ServerReply.Done();
  }

  private static boolean isElsewhere(Call call, ServerCommand.Asker by) {
    return by.contact() != null && !call.participants().contains(by.contact());
  }

  private ServerReply order(
      TeamId team, CallId uid, Predicate<CallView> condition, CallOrder order, long nowNs) {
    Call call = call(team, uid);
    if (call == null) {
      return new ServerReply.NoCall();
    }
    if (!condition.test(call.view())) {
      return new ServerReply.NotInCall();
    }
    floor.handIn(call, new CallInput.FromServer(order), nowNs);
    return new ServerReply.Done();
  }

  private @Nullable Call call(TeamId team, CallId uid) {
    Call call = calls.get(uid);
    return call == null || !Calls.team(call).equals(team) ? null : call;
  }

  private static boolean isIn(CallView view, Jid contact) {
    return view.onliners().stream().anyMatch(onliner -> onliner.jid().equals(contact));
  }

  private static boolean isAt(CallPlace place, Jid jid) {
    return switch (place) {
      case CallPlace.Direct direct -> direct.members().contains(jid);
      case CallPlace.Chat chat -> chat.chat().jid().equals(jid);
    };
  }

  private static @Nullable String wrong(List<Jid> named, Set<Jid> members) {
    for (Jid jid : named) {
      if (!members.contains(jid)) {
        return "members: " + jid + " is not in this chat";
      }
    }
    return null;
  }
}
