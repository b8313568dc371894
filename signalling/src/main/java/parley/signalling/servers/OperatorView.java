package parley.signalling.servers;

import io.vertx.ext.web.RoutingContext;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import parley.relay.api.CallId;
import parley.signalling.call.CallView;
import parley.signalling.health.HealthBody;
import parley.signalling.session.ServerCommand;
import parley.signalling.session.ServerReply;
import parley.signalling.wire.IsoTime;
import parley.signalling.wire.TeamId;

/** What the operator's page shows. */
final class OperatorView {

  /** A page does not show more; a node with more has other ways to be looked at. */
  private static final int MAX_CALLS = 200;

  /** All windows of all operators together ask the relay so often. */
  private static final long FRESH_NS = TimeUnit.SECONDS.toNanos(1);

  private final CallAsker calls;
  private final Watch watch;
  private final Ending ending;
  private final Examination examination;
  private final Replies replies;
  private @Nullable CompletableFuture<OperatorBody.Overview> latest;
  private long latestNs;

  OperatorView(Services services, CallAsker calls, Replies replies) {
    this.calls = calls;
    this.watch = services.watch();
    this.ending = services.ending();
    this.examination = services.examination();
    this.replies = replies;
  }

  void overview(RoutingContext context) {
    Operator who = OperatorEntry.operator(context);
    replies.reply(
        context, overview(System.nanoTime()).thenApply(all -> replies.ok(visible(all, who))));
  }

  /** Without the calls of teams that are not his. */
  private static OperatorBody.Overview visible(OperatorBody.Overview all, Operator who) {
    return who.teams().isEmpty()
        ? all
        : new OperatorBody.Overview(
            all.now(),
            all.node(),
            all.health(),
            all.ending(),
            all.calls().stream().filter(each -> who.reaches(each.call().team())).toList(),
            0);
  }

  private synchronized CompletableFuture<OperatorBody.Overview> overview(long nowNs) {
    CompletableFuture<OperatorBody.Overview> known = latest;
    if (known == null || nowNs - latestNs > FRESH_NS) {
      known =
          calls
              .ask(new ServerCommand.Survey())
              .orTimeout(OperatorDoor.PATIENCE_S, TimeUnit.SECONDS)
              .thenCompose(reply -> overview(((ServerReply.Calls) reply).calls()));
      latest = known;
      latestNs = nowNs;
    }
    return known;
  }

  private CompletableFuture<OperatorBody.Overview> overview(List<CallView> running) {
    List<CompletableFuture<OperatorBody.Call>> each = new ArrayList<>();
    for (CallView call : running.subList(0, Math.min(MAX_CALLS, running.size()))) {
      each.add(
          legs(call.place().team().uid(), call.uid())
              .thenApply(
                  legs ->
                      new OperatorBody.Call(
                          CallBody.of(call),
                          legs.legs().stream()
                              .filter(leg -> leg.report().live())
                              .map(leg -> LegBody.of(leg, leg.report().sentence()))
                              .toList())));
    }
    return CompletableFuture.allOf(each.toArray(CompletableFuture[]::new))
        .thenApplyAsync(
            _ ->
                new OperatorBody.Overview(
                    new IsoTime(Instant.now()),
                    watch.state().get(),
                    HealthBody.whole(watch.health().now()),
                    new OperatorBody.Ending(ending.others().getAsInt(), ending.handoverS()),
                    each.stream().map(CompletableFuture::join).toList(),
                    Math.max(0, running.size() - MAX_CALLS)));
  }

  /** None, when the relay does not answer: the rest is worth showing. */
  private CompletableFuture<ServerReply.Legs> legs(TeamId team, CallId uid) {
    return calls
        .ask(new ServerCommand.Legs(team, uid))
        .orTimeout(OperatorDoor.PATIENCE_S, TimeUnit.SECONDS)
        .exceptionally(_ -> new ServerReply.NoCall())
        .thenApply(
            reply ->
                reply instanceof ServerReply.Legs legs
                    ? legs
                    : new ServerReply.Legs(uid, false, List.of()));
  }

  void past(RoutingContext context) {
    Operator who = OperatorEntry.operator(context);
    replies.reply(
        context,
        pastCalls()
            .thenApply(
                all ->
                    replies.ok(
                        new OperatorBody.PastCalls(
                            all.stream()
                                .filter(call -> who.reaches(call.place().team().uid()))
                                .map(OperatorBody.Past::of)
                                .toList()))));
  }

  private CompletableFuture<List<ServerReply.PastCall>> pastCalls() {
    return calls
        .ask(new ServerCommand.Past())
        .orTimeout(OperatorDoor.PATIENCE_S, TimeUnit.SECONDS)
        .thenApply(reply -> ((ServerReply.PastCalls) reply).calls());
  }

  void look(RoutingContext context) {
    TeamId team = OperatorDoor.team(context);
    CallId uid = OperatorDoor.uid(context);
    if (team == null || !OperatorEntry.operator(context).reaches(team)) {
      replies.refuse(context, Problem.Code.NOT_FOUND, "there is no such call");
      return;
    }
    CompletableFuture<ServerReply> call =
        calls
            .ask(new ServerCommand.Look(team, uid))
            .orTimeout(OperatorDoor.PATIENCE_S, TimeUnit.SECONDS);
    CompletableFuture<OperatorBody.@Nullable Past> past =
        pastCalls().thenApply(all -> past(uid, all));
    replies.reply(
        context,
        legs(team, uid)
            .thenCombine(call, (legs, one) -> past.thenApply(ended -> details(legs, one, ended)))
            .thenCompose(details -> details)
            .thenApply(
                details ->
                    details.call() == null && details.past() == null
                        ? replies.problem(Problem.Code.NOT_FOUND, "there is no such call")
                        : replies.ok(details)));
  }

  private static OperatorBody.Details details(
      ServerReply.Legs legs, ServerReply reply, OperatorBody.@Nullable Past past) {
    return new OperatorBody.Details(
        reply instanceof ServerReply.OneCall,
        reply instanceof ServerReply.OneCall one ? CallBody.of(one.call()) : null,
        past,
        new IsoTime(Instant.now()),
        legs.legs().stream().map(OperatorBody.Leg::of).toList());
  }

  /** Null: it is not over. */
  private static OperatorBody.@Nullable Past past(CallId uid, List<ServerReply.PastCall> all) {
    for (ServerReply.PastCall each : all) {
      if (each.summary().uid().equals(uid)) {
        return OperatorBody.Past.of(each);
      }
    }
    return null;
  }

  void doctor(RoutingContext context) {
    replies.reply(context, examination.findings(System.nanoTime()).thenApply(replies::ok));
  }
}
