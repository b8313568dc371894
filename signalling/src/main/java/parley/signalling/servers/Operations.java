package parley.signalling.servers;

import io.vertx.core.http.HttpServerRequest;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;
import parley.relay.api.CallId;
import parley.signalling.audit.Access;
import parley.signalling.directory.Team;
import parley.signalling.session.ServerCommand;
import parley.signalling.session.ServerReply;
import parley.signalling.wire.Jid;
import parley.stun.IceServer;

/** What servers can ask for: each reads its fields, asks the calls, and words their reply. */
final class Operations {

  /** One of them. */
  @FunctionalInterface
  interface Operation {
    CompletableFuture<Answer> run(Team team, Asked asked);
  }

  /**
   * A request by somebody who may.
   *
   * @param who the token's name, for what is written down
   * @param from where he asks from
   * @param uid of the call in the path
   * @param contact in the path
   */
  record Asked(
      HttpServerRequest request,
      String who,
      String from,
      @Nullable String uid,
      @Nullable String contact,
      Wish wish) {}

  private final CallAsker calls;
  private final Audited audited;
  private final BiFunction<HttpServerRequest, Jid, List<IceServer>> ice;
  private final Json json;

  Operations(
      CallAsker calls,
      Audited audited,
      BiFunction<HttpServerRequest, Jid, List<IceServer>> ice,
      Json json) {
    this.audited = audited;
    this.calls = calls;
    this.ice = ice;
    this.json = json;
  }

  CompletableFuture<Answer> list(Team team, Asked asked) {
    return ask(asked, new ServerCommand.ListCalls(team.uid()));
  }

  CompletableFuture<Answer> look(Team team, Asked asked) {
    return ask(asked, new ServerCommand.Look(team.uid(), uid(asked)));
  }

  CompletableFuture<Answer> legs(Team team, Asked asked) {
    return ask(asked, new ServerCommand.Legs(team.uid(), uid(asked)));
  }

  CompletableFuture<Answer> start(Team team, Asked asked) {
    Jid caller = asked.wish().contact("caller");
    Jid jid = asked.wish().jid("jid");
    List<Jid> members = asked.wish().contacts("members");
    Problem problem = asked.wish().problem();
    return problem != null
        ? refused(problem)
        : calls.ask(new ServerCommand.Start(team, caller, jid, members)).thenApply(this::started);
  }

  private Answer started(ServerReply reply) {
    if (reply instanceof ServerReply.Elsewhere there) {
      return Problem.of(
              Problem.Code.CALL_RUNNING,
              "there is a call in this chat already",
              there.uid().value())
          .answer(json);
    }
    if (!(reply instanceof ServerReply.OneCall one)) {
      return answer(reply);
    }
    CallBody call = CallBody.of(one.call());
    String location = "/parley/v1/teams/" + call.team() + "/calls/" + call.uid().value();
    return new Answer(201, Answer.JSON, json.write(call), location);
  }

  CompletableFuture<Answer> end(Team team, Asked asked) {
    return ask(asked, new ServerCommand.End(team.uid(), uid(asked)));
  }

  CompletableFuture<Answer> ring(Team team, Asked asked) {
    Jid caller = asked.wish().optionalContact("caller");
    List<Jid> members = asked.wish().contacts("members");
    return ask(asked, new ServerCommand.Ring(team, uid(asked), caller, members));
  }

  CompletableFuture<Answer> mute(Team team, Asked asked) {
    Jid contact = asked.wish().optionalContact("contact");
    return ask(asked, new ServerCommand.Mute(team.uid(), uid(asked), contact));
  }

  CompletableFuture<Answer> remove(Team team, Asked asked) {
    Jid contact = contact(asked);
    return contact == null
        ? refused(notInCall())
        : ask(asked, new ServerCommand.Remove(team.uid(), uid(asked), contact));
  }

  CompletableFuture<Answer> record(Team team, Asked asked) {
    Jid jid = asked.wish().jid("jid");
    CallId uid = asked.wish().call("uid");
    boolean on = asked.wish().bool("audiorecord");
    String why = asked.wish().optionalText("why", Access.MAX_REASON);
    Access access =
        Access.allowed(
            asked.who(), on ? "recording.on" : "recording.off", uid.value(), why, asked.from());
    var command = new ServerCommand.SetRecording(team.uid(), uid, jid, on, asker(asked));
    return asked.wish().problem() == null
        ? audited.run(access, () -> ask(asked, command))
        : ask(asked, command);
  }

  private static ServerCommand.Asker asker(Asked asked) {
    return ServerCommand.Asker.server(asked.who());
  }

  CompletableFuture<Answer> mask(Team team, Asked asked) {
    Jid contact = asked.wish().optionalContact("contact");
    boolean on = asked.wish().bool("mask");
    String why = asked.wish().optionalText("why", Access.MAX_REASON);
    CallId uid = uid(asked);
    Access access =
        Access.allowed(
            asked.who(),
            on ? "recording.mask" : "recording.unmask",
            contact == null ? uid.value() : uid.value() + " " + contact,
            why,
            asked.from());
    var command = new ServerCommand.MaskRecording(team.uid(), uid, contact, on, why, asker(asked));
    return asked.wish().problem() == null
        ? audited.run(access, () -> ask(asked, command))
        : ask(asked, command);
  }

  CompletableFuture<Answer> ice(Team team, Asked asked) {
    Jid contact = contact(asked);
    if (contact == null || team.contact(contact) == null) {
      return refused(Problem.of(Problem.Code.NOT_FOUND, "there is no such contact in this team"));
    }
    List<IceServer> servers = ice.apply(asked.request(), contact);
    return CompletableFuture.completedFuture(Answer.ok(json.write(CallBody.Ice.of(servers))));
  }

  /** Unless a field was wrong. */
  private CompletableFuture<Answer> ask(Asked asked, ServerCommand command) {
    Problem problem = asked.wish().problem();
    return problem == null ? calls.ask(command).thenApply(this::answer) : refused(problem);
  }

  private Answer answer(ServerReply reply) {
    return switch (reply) {
      case ServerReply.Calls all ->
          Answer.ok(
              json.write(new CallBody.Calls(all.calls().stream().map(CallBody::of).toList())));
      case ServerReply.OneCall one -> Answer.ok(json.write(CallBody.of(one.call())));
      case ServerReply.Legs legs -> Answer.ok(json.write(LegBody.Legs.of(legs)));
      case ServerReply.Done done -> Answer.done();
      case ServerReply.Elsewhere there ->
          Problem.of(
                  Problem.Code.ELSEWHERE,
                  "the call is on the node " + there.node() + ": ask that one",
                  there.uid().value())
              .answer(json);
      case ServerReply.NoCall none ->
          Problem.of(Problem.Code.NOT_FOUND, "there is no such call in this team").answer(json);
      case ServerReply.NoChat none ->
          Problem.of(Problem.Code.NOT_FOUND, "there is no such chat that the caller is in")
              .answer(json);
      case ServerReply.NotInCall none -> notInCall().answer(json);
      case ServerReply.Running running ->
          Problem.of(
                  Problem.Code.CALL_RUNNING,
                  "there is a call in this chat already",
                  running.call().uid().value())
              .answer(json);
      case ServerReply.PastCalls past ->
          throw new IllegalStateException("nobody here asks for " + past);
      case ServerReply.RecordingState state ->
          throw new IllegalStateException("nobody here asks for " + state);
      case ServerReply.MustBeRecorded must ->
          Problem.of(Problem.Code.RECORDING_REQUIRED, must.why()).answer(json);
      case ServerReply.MayNot not -> Problem.of(Problem.Code.NOT_BY_POLICY, not.why()).answer(json);
      case ServerReply.Wrong wrong -> Problem.of(Problem.Code.INVALID, wrong.why()).answer(json);
    };
  }

  private CompletableFuture<Answer> refused(Problem problem) {
    return CompletableFuture.completedFuture(problem.answer(json));
  }

  private static Problem notInCall() {
    return Problem.of(Problem.Code.NOT_FOUND, "this contact is neither in the call nor rung");
  }

  private static CallId uid(Asked asked) {
    String uid = asked.uid();
    return new CallId(uid == null || uid.isBlank() ? "none" : uid);
  }

  private static @Nullable Jid contact(Asked asked) {
    return asked.contact() == null ? null : Jid.tryParse(asked.contact());
  }
}
