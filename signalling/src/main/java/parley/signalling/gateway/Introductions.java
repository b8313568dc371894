package parley.signalling.gateway;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import parley.signalling.wire.Jid;
import parley.signalling.wire.TeamId;

/**
 * Asks the chat server who somebody is, whom he knows and which chats he is in, in his own name:
 * with the credentials he brought, so he learns nothing here that he would not learn there.
 */
final class Introductions {

  private static final Logger log = LoggerFactory.getLogger(Introductions.class);

  private static final int OK = 200;

  /** What he may call is told in three lists. */
  private static final int LISTS = 3;

  /**
   * Somebody whom the chat server knows.
   *
   * @param team its answer about the team and him
   * @param credentials those that it knew him by
   */
  record Introduced(Jid jid, byte[] team, Credentials credentials) {
    @Override
    public String toString() {
      return "Introduced[" + jid.shortForm() + "]";
    }
  }

  private final Vertx vertx;
  private final Upstream upstream;
  private final LearnedTeams teams;

  Introductions(Vertx vertx, Upstream upstream, LearnedTeams teams) {
    this.vertx = vertx;
    this.upstream = upstream;
    this.teams = teams;
  }

  /**
   * Asks who somebody is, and learns his chats unless they are known. From then on one socket of
   * his counts as here: {@link LearnedTeams#left} ends that.
   *
   * @return null when the chat server does not say; fails when it cannot be asked
   */
  Future<@Nullable Introduced> introduce(TeamId team, Credentials credentials) {
    return answered(team, credentials.forAsking())
        .compose(
            answered ->
                answered == null
                    ? Future.succeededFuture(null)
                    : met(team, answered.credentials(), answered.body()));
  }

  /**
   * Asks who somebody is, and no more.
   *
   * @return null when the chat server does not say; fails when it cannot be asked
   */
  Future<@Nullable Jid> whoIs(TeamId team, Credentials credentials) {
    return answered(team, credentials.forAsking())
        .map(answered -> answered == null ? null : user(answered.body()));
  }

  private static @Nullable Jid user(byte[] body) {
    try {
      return Told.team(body).user();
    } catch (IOException e) {
      return null; // no answer of a chat server: it does not say
    }
  }

  /** Whether the chat server knows these credentials in a team. Never fails. */
  Future<Boolean> isKnown(TeamId team, Credentials credentials) {
    return upstream
        .ask(path(team, ""), credentials.forAsking().getFirst())
        .map(answer -> answer.status() == OK)
        .otherwise(false);
  }

  /** The chat server's answer about a team, and what it was asked with. */
  private record Answered(Credentials credentials, byte[] body) {}

  private Future<@Nullable Answered> answered(TeamId team, List<Credentials> tried) {
    if (tried.isEmpty()) {
      return Future.succeededFuture(null);
    }
    Credentials one = tried.getFirst();
    return upstream
        .ask(path(team, ""), one)
        .compose(
            answer -> {
              if (answer.status() >= 500) {
                return Future.failedFuture("the chat server answers " + answer.status());
              }
              return answer.status() == OK
                  ? Future.succeededFuture(new Answered(one, answer.body()))
                  : answered(team, tried.subList(1, tried.size()));
            });
  }

  private Future<@Nullable Introduced> met(TeamId team, Credentials used, byte[] body) {
    return here(teams.met(team, body))
        .compose(
            met -> {
              if (met == null) {
                return Future.succeededFuture(null);
              }
              var introduced = new Introduced(met.jid(), body, used);
              return met.fresh()
                  ? Future.succeededFuture(introduced)
                  : lists(team, met.jid(), used).map(introduced);
            });
  }

  /**
   * Learns what somebody may call, as of now. Never fails: a list that cannot be had tells nothing.
   */
  Future<Void> lists(TeamId team, Jid jid, Credentials credentials) {
    if (!teams.awaits(team, jid, LISTS)) {
      return Future.succeededFuture();
    }
    return Future.join(
            list(team, "/contacts", credentials, body -> teams.contacts(team, jid, body)),
            list(
                team, "/groups", credentials, body -> teams.chats(team, jid, Jid.Kind.GROUP, body)),
            list(team, "/tasks", credentials, body -> teams.chats(team, jid, Jid.Kind.TASK, body)))
        .<Void>mapEmpty()
        .otherwiseEmpty();
  }

  /** Completes when all is learned that was told until now; at once when there is too much. */
  Future<Void> settled(TeamId team) {
    return here(teams.settled(team));
  }

  private Future<Void> list(
      TeamId team,
      String what,
      Credentials credentials,
      Function<byte @Nullable [], CompletableFuture<Void>> learn) {
    return upstream
        .ask(path(team, what), credentials)
        .map(answer -> answer.status() == OK ? answer.body() : null)
        .recover(
            e -> {
              log.debug("no {} of team {}: {}", what, team, e.toString());
              return Future.succeededFuture(null);
            })
        .compose(body -> here(learn.apply(body)));
  }

  private <T extends @Nullable Object> Future<T> here(CompletableFuture<T> learned) {
    Context context = vertx.getOrCreateContext();
    return Future.fromCompletionStage(learned, context);
  }

  private static String path(TeamId team, String what) {
    return "/api/v4/teams/" + team + what;
  }
}
