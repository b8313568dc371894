package parley.signalling.server;

import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import parley.signalling.directory.TeamChanges;
import parley.signalling.wire.TeamId;

/** {@code POST /directory/teams/{team}/changed}: for the chat server, with its secret. */
final class ChangesDoor {

  private static final int ACCEPTED = 202;

  private final TeamChanges changes;

  ChangesDoor(TeamChanges changes) {
    this.changes = changes;
  }

  void mount(Router router) {
    router.post("/directory/teams/:team/changed").handler(this::onChange);
  }

  private void onChange(RoutingContext context) {
    String header = context.request().getHeader(HttpHeaders.AUTHORIZATION);
    TeamId team = ApiDoor.teamId(context.pathParam("team"));
    if (header == null) {
      ApiDoor.refuse(context, ApiError.EMPTY_TOKEN);
    } else if (team == null) {
      ApiDoor.refuse(context, ApiError.NOT_FOUND);
    } else if (changes.onChange(header, team)) {
      context.response().setStatusCode(ACCEPTED).end();
    } else {
      ApiDoor.refuse(context, ApiError.INVALID_TOKEN);
    }
  }
}
