package parley.signalling.server;

import io.vertx.core.http.HttpServerRequest;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import parley.signalling.directory.Account;
import parley.signalling.wire.TeamId;

/** Tells who sends a request that concerns a team. Any thread. */
@FunctionalInterface
interface SignIn {

  /**
   * @param team null: the request names none
   * @return may complete on another thread, and never fails
   */
  CompletableFuture<Authenticator.Outcome> whoSends(
      HttpServerRequest request, @Nullable TeamId team);

  /** By what the door in front of us knows of its clients. */
  static SignIn by(FrontDoor front) {
    return (request, team) ->
        team == null
            ? CompletableFuture.completedFuture(refused(ApiError.NOT_FOUND))
            : front.sender(request, team).thenApply(sender -> outcome(sender, team));
  }

  private static Authenticator.Outcome outcome(FrontDoor.Sender sender, TeamId team) {
    return switch (sender) {
      case FrontDoor.Sender.Known known ->
          new Authenticator.Outcome.Known(new Account(Map.of(team, known.jid())), false);
      case FrontDoor.Sender.Unknown _ -> refused(ApiError.INVALID_TOKEN);
      case FrontDoor.Sender.Foreign _ -> refused(ApiError.ACCESS_DENIED);
      case FrontDoor.Sender.Undecided _ -> refused(ApiError.UNAVAILABLE);
    };
  }

  private static Authenticator.Outcome refused(ApiError error) {
    return new Authenticator.Outcome.Refused(error);
  }
}
