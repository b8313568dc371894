package parley.signalling.server;

import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.List;
import parley.signalling.directory.TeamChanges;
import parley.signalling.wire.TeamId;

/** {@code POST /directory/teams/{team}/changed}: for the chat server, with its secret. */
final class ChangesDoor {

  private static final int ACCEPTED = 202;

  private final TeamChanges changes;
  private final RequestLimits limits;

  ChangesDoor(TeamChanges changes, RequestLimits limits) {
    this.changes = changes;
    this.limits = limits;
  }

  void mount(Router router) {
    router.post("/directory/teams/:team/changed").handler(this::onChange);
  }

  private void onChange(RoutingContext context) {
    String header = context.request().getHeader(HttpHeaders.AUTHORIZATION);
    TeamId team = TeamId.tryParse(context.pathParam("team"));
    if (header == null) {
      ApiDoor.refuse(context, ApiError.EMPTY_TOKEN);
      return;
    }
    if (team == null) {
      ApiDoor.refuse(context, ApiError.NOT_FOUND);
      return;
    }
    String network = limits.network(context.request());
    RequestLimits.Attempt attempt = limits.attempt(network, List.of(header));
    if (attempt == null) {
      ApiDoor.refuse(context, ApiError.RATE_LIMIT);
    } else if (changes.onChange(header, team)) {
      attempt.right();
      context.response().setStatusCode(ACCEPTED).end();
    } else {
      ApiDoor.refuse(context, ApiError.INVALID_TOKEN);
    }
  }
}
