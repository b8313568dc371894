package parley.signalling.server;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.vertx.core.Future;
import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.UUID;
import java.util.concurrent.CompletionStage;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import parley.signalling.directory.Account;
import parley.signalling.directory.Contact;
import parley.signalling.directory.Directory;
import parley.signalling.directory.IconUrls;
import parley.signalling.directory.Team;
import parley.signalling.server.Bodies.ChatBody;
import parley.signalling.server.Bodies.ContactBody;
import parley.signalling.server.Bodies.Envelope;
import parley.signalling.server.Bodies.TeamBody;
import parley.signalling.wire.Jid;
import parley.signalling.wire.TeamId;
import parley.stun.IceServers;

/** The part of the chat server's HTTP API that clients call before they open a socket. */
final class ApiDoor {

  static final ObjectMapper JSON =
      JsonMapper.builder().propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE).build();

  private final ServerSettings settings;
  private final Directory directory;
  private final Authenticator authenticator;

  ApiDoor(ServerSettings settings, Directory directory, Authenticator authenticator) {
    this.settings = settings;
    this.directory = directory;
    this.authenticator = authenticator;
  }

  void mount(Router router) {
    router.get("/api/v4/ping").handler(context -> answer(context, "pong"));
    router.get("/features.json").handler(this::features);
    router.get("/api/v4/teams/:team").handler(context -> inTeam(context, TeamBody::of));
    router
        .get("/api/v4/teams/:team/contacts")
        .handler(context -> inTeam(context, ApiDoor::contacts));
    router
        .get("/api/v4/teams/:team/groups")
        .handler(context -> inTeam(context, (team, me) -> chats(team, me, Jid.Kind.GROUP)));
    router
        .get("/api/v4/teams/:team/tasks")
        .handler(context -> inTeam(context, (team, me) -> chats(team, me, Jid.Kind.TASK)));
  }

  /** A team's uid as a client wrote it; null when it is none. */
  static @Nullable TeamId teamId(@Nullable String text) {
    try {
      return text == null ? null : new TeamId(UUID.fromString(text).toString());
    } catch (IllegalArgumentException e) {
      return null;
    }
  }

  static void answer(RoutingContext context, Object result) {
    send(context, 200, Envelope.of(result));
  }

  static void refuse(RoutingContext context, ApiError error) {
    send(context, error.status(), Envelope.of(error));
  }

  private static void send(RoutingContext context, int status, Object body) {
    String base = ClientAddress.of(context.request()).base();
    context
        .response()
        .setStatusCode(status)
        .putHeader(HttpHeaders.CONTENT_TYPE, "application/json; charset=utf-8")
        .putHeader(HttpHeaders.CACHE_CONTROL, "no-store")
        .end(IconUrls.resolve(json(body), base));
  }

  static String json(Object body) {
    try {
      return JSON.writeValueAsString(body);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("our own records are always JSON", e);
    }
  }

  /** Bare, without the envelope, as clients know it. */
  private void features(RoutingContext context) {
    ServerSettings.Features features = settings.features();
    String host = ClientAddress.of(context.request()).host();
    IceServers ice = features.iceServers().orNode(host, features.mediaPort());
    send(
        context,
        200,
        new Bodies.Features(
            true,
            true,
            true,
            features.allowAdminMute() || directory.hasChatsThatOnlyAdminsMute(),
            features.onlyOneDevicePerCall(),
            features.maxParticipants(),
            ice.servers().stream().map(Bodies.Ice::of).toList(),
            (int) features.resend().toSeconds(),
            (int) features.afkAge().toSeconds()));
  }

  private void inTeam(RoutingContext context, BiFunction<Team, Contact, Object> result) {
    whenDone(
        context,
        authenticator.authenticate(context.request().headers()),
        outcome -> {
          switch (outcome) {
            case Authenticator.Outcome.Refused refused -> refuse(context, refused.error());
            case Authenticator.Outcome.Known known -> inTeam(context, known.account(), result);
          }
        });
  }

  private void inTeam(
      RoutingContext context, Account account, BiFunction<Team, Contact, Object> result) {
    TeamId uid = teamId(context.pathParam("team"));
    Jid jid = uid == null ? null : account.in(uid);
    Team team = uid == null ? null : directory.team(uid);
    Contact me = team == null || jid == null ? null : team.contact(jid);
    if (team == null || me == null) {
      refuse(context, ApiError.NOT_FOUND);
    } else {
      answer(context, result.apply(team, me));
    }
  }

  /** Goes on with what was asked elsewhere, on the request's own thread. */
  static <T> void whenDone(RoutingContext context, CompletionStage<T> asked, Consumer<T> then) {
    Future.fromCompletionStage(asked, context.vertx().getOrCreateContext())
        .onComplete(
            result -> {
              if (result.failed()) {
                context.fail(result.cause());
              } else if (!context.response().closed()) {
                then.accept(result.result());
              }
            });
  }

  private static Object contacts(Team team, Contact me) {
    return team.contacts().stream().map(contact -> ContactBody.of(contact, me.jid())).toList();
  }

  private static Object chats(Team team, Contact me, Jid.Kind kind) {
    return team.chatsOf(me.jid()).stream()
        .filter(chat -> chat.jid().kind() == kind)
        .map(ChatBody::of)
        .toList();
  }
}
