package parley.signalling.servers;

import com.fasterxml.jackson.databind.JsonNode;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import parley.relay.api.CallId;
import parley.signalling.audit.Access;
import parley.signalling.session.ServerCommand;
import parley.signalling.session.ServerReply;
import parley.signalling.wire.Jid;
import parley.signalling.wire.TeamId;

/** What an operator does: each is in the audit log, with a reason, before it is done. */
final class OperatorActs {

  private final CallAsker calls;
  private final Ending ending;
  private final Audited audited;
  private final Replies replies;
  private final Function<HttpServerRequest, String> from;

  OperatorActs(
      Services services,
      CallAsker calls,
      Replies replies,
      Function<HttpServerRequest, String> from) {
    this.calls = calls;
    this.ending = services.ending();
    this.audited = replies.audited(services.accesses());
    this.replies = replies;
    this.from = from;
  }

  /** Something that is done. */
  @FunctionalInterface
  private interface Act {
    CompletableFuture<Answer> run(Asked asked);
  }

  /** What is done to which call, by whom and why. */
  private record Asked(
      TeamId team, CallId uid, @Nullable Jid contact, String who, String why, String from) {

    Access access(String what) {
      String on = contact == null ? uid.value() : uid.value() + " " + contact;
      return Access.allowed(who, what, on, why, from);
    }
  }

  void end(RoutingContext context) {
    run(context, this::end);
  }

  void mute(RoutingContext context) {
    run(context, this::mute);
  }

  void remove(RoutingContext context) {
    run(context, this::remove);
  }

  private void run(RoutingContext context, Act act) {
    TeamId team = OperatorDoor.team(context);
    Operator who = OperatorEntry.operator(context);
    if (team == null || !who.reaches(team)) {
      replies.refuse(context, Problem.Code.NOT_FOUND, "there is no such call");
      return;
    }
    JsonNode body = replies.body(context);
    String why = why(context, body);
    if (why == null) {
      return;
    }
    String contact = body == null ? "" : body.path("contact").asText("");
    Jid on = Jid.tryParse(contact);
    if (on == null && !contact.isEmpty()) { // nobody named is everybody: no typing error is
      replies.refuse(context, Problem.Code.INVALID, "contact: a jid like d- and a UUID");
      return;
    }
    replies.reply(
        context,
        act.run(
            new Asked(
                team,
                OperatorDoor.uid(context),
                on,
                who.who(),
                why,
                from.apply(context.request()))));
  }

  /** The reason that is given; null: there is none, and that is answered. */
  private @Nullable String why(RoutingContext context, @Nullable JsonNode body) {
    String why = body == null ? "" : body.path("why").asText("");
    if (why.isBlank() || why.length() > Access.MAX_REASON) {
      replies.refuse(
          context, Problem.Code.INVALID, "why: a reason of at most " + Access.MAX_REASON);
      return null;
    }
    return why;
  }

  void drain(RoutingContext context) {
    Operator who = OperatorEntry.operator(context);
    if (!who.mayDrain()) {
      replies.refuse(context, Problem.Code.MISSING_SCOPE, "this takes an operator of all teams");
      return;
    }
    String why = why(context, replies.body(context));
    if (why == null) {
      return;
    }
    Access access = Access.allowed(who.who(), "node.drain", "", why, from.apply(context.request()));
    replies.reply(
        context,
        audited.run(access, () -> CompletableFuture.completedFuture(Answer.begun())),
        _ -> {},
        done -> {
          if (done.status() == Answer.BEGUN) {
            ending.begin().run(); // when that is said: soon nobody can be told anything
          }
        });
  }

  private CompletableFuture<Answer> end(Asked asked) {
    return audited.run(
        asked.access("call.end"), () -> order(new ServerCommand.End(asked.team(), asked.uid())));
  }

  private CompletableFuture<Answer> mute(Asked asked) {
    return audited.run(
        asked.access("call.mute"),
        () -> order(new ServerCommand.Mute(asked.team(), asked.uid(), asked.contact())));
  }

  private CompletableFuture<Answer> remove(Asked asked) {
    Jid contact = asked.contact();
    if (contact == null) {
      return CompletableFuture.completedFuture(
          replies.problem(Problem.Code.INVALID, "contact: who is to be put out"));
    }
    return audited.run(
        asked.access("call.remove"),
        () -> order(new ServerCommand.Remove(asked.team(), asked.uid(), contact)));
  }

  private CompletableFuture<Answer> order(ServerCommand command) {
    return calls
        .ask(command)
        .orTimeout(OperatorDoor.PATIENCE_S, TimeUnit.SECONDS)
        .thenApply(
            reply ->
                reply instanceof ServerReply.Done
                    ? Answer.done()
                    : replies.problem(Problem.Code.NOT_FOUND, "that is over, or has left"));
  }
}
