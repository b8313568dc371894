package parley.signalling.server;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.vertx.core.Future;
import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import parley.relay.api.CallId;
import parley.signalling.audit.AccessLog;
import parley.signalling.directory.Account;
import parley.signalling.directory.Contact;
import parley.signalling.directory.IconUrls;
import parley.signalling.directory.Team;
import parley.signalling.directory.Teams;
import parley.signalling.server.Bodies.ChatBody;
import parley.signalling.server.Bodies.ContactBody;
import parley.signalling.server.Bodies.Envelope;
import parley.signalling.server.Bodies.TeamBody;
import parley.signalling.servers.CallAsker;
import parley.signalling.session.ServerCommand;
import parley.signalling.session.ServerReply;
import parley.signalling.wire.Jid;
import parley.signalling.wire.TeamId;

/** The part of the chat server's HTTP API that clients call before they open a socket. */
final class ApiDoor {

  private static final Logger log = LoggerFactory.getLogger(ApiDoor.class);

  static final ObjectMapper JSON =
      JsonMapper.builder().propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE).build();

  /** Some more requests are allowed by then. */
  static final String RETRY_AFTER_S = "5";

  /** The calls' thread and the relay answer in milliseconds. */
  private static final long PATIENCE_S = 5;

  private final ServerSettings settings;
  private final Teams teams;
  private final OwnFeatures features;
  private final SignIn signIn;
  private final CallAsker calls;
  private final AccessLog accesses;

  /**
   * @param calls answers questions about calls
   */
  ApiDoor(
      ServerSettings settings,
      Teams teams,
      OwnFeatures features,
      SignIn signIn,
      CallAsker calls,
      AccessLog accesses) {
    this.accesses = accesses;
    this.calls = calls;
    this.settings = settings;
    this.teams = teams;
    this.features = features;
    this.signIn = signIn;
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
    router.get("/api/v4/teams/:team/calls/:uid/connection").handler(this::connection);
    var proxies = settings.limits().trustedProxies();
    new RecordingDoor(
            this, calls, accesses, context -> ClientNetwork.shown(context.request(), proxies))
        .mount(router);
  }

  static void answer(RoutingContext context, Object result) {
    send(context, 200, Envelope.of(result));
  }

  static void refuse(RoutingContext context, ApiError error) {
    if (error == ApiError.RATE_LIMIT) {
      context.response().putHeader("Retry-After", RETRY_AFTER_S);
    }
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

  /** For everyone, but credentials for TURN only for those who have signed in. */
  private void features(RoutingContext context) {
    whenDone(
        context,
        whoSends(context),
        outcome -> {
          switch (outcome) {
            case Authenticator.Outcome.Known known ->
                send(context, 200, features.of(context.request(), known.account().name()));
            case Authenticator.Outcome.Refused refused when refused.error().isPassing() ->
                refuse(context, refused.error());
            case Authenticator.Outcome.Refused refused ->
                send(context, 200, features.of(context.request(), null));
          }
        });
  }

  private CompletableFuture<Authenticator.Outcome> whoSends(RoutingContext context) {
    return signIn.whoSends(context.request(), TeamId.tryParse(context.pathParam("team")));
  }

  /** How the caller is connected to a call of his. */
  private void connection(RoutingContext context) {
    whenIn(
        context,
        (team, me) ->
            calls
                .ask(new ServerCommand.OwnLegs(team.uid(), uid(context), me.jid()))
                .orTimeout(PATIENCE_S, TimeUnit.SECONDS)
                .handle((reply, failure) -> reply)
                .thenAccept(
                    reply -> context.vertx().runOnContext(_ -> tell(context, reply, me.jid()))));
  }

  private static CallId uid(RoutingContext context) {
    String uid = context.pathParam("uid");
    return new CallId(uid == null || uid.isBlank() ? "none" : uid);
  }

  private static void tell(RoutingContext context, @Nullable ServerReply reply, Jid me) {
    if (context.response().closed()) {
      return;
    }
    if (reply instanceof ServerReply.Legs legs) {
      answer(context, ConnectionBody.of(legs, me));
    } else {
      refuse(context, reply == null ? ApiError.UNAVAILABLE : ApiError.NOT_FOUND);
    }
  }

  private void inTeam(RoutingContext context, BiFunction<Team, Contact, Object> result) {
    whenIn(context, (team, me) -> answer(context, result.apply(team, me)));
  }

  /** Goes on with a signed-in contact of the path's team; refuses everybody else. */
  void whenIn(RoutingContext context, BiConsumer<Team, Contact> then) {
    whenDone(
        context,
        whoSends(context),
        outcome -> {
          switch (outcome) {
            case Authenticator.Outcome.Refused refused -> refuse(context, refused.error());
            case Authenticator.Outcome.Known known -> whenIn(context, known.account(), then);
          }
        });
  }

  private void whenIn(RoutingContext context, Account account, BiConsumer<Team, Contact> then) {
    whenFound(
        context,
        teams,
        account,
        (team, me) -> {
          if (team == null || me == null) {
            refuse(context, ApiError.NOT_FOUND);
          } else {
            then.accept(team, me);
          }
        });
  }

  /** A team, and whom somebody is in it; both null when it is not there, or not for him. */
  interface InTeam {
    void accept(@Nullable Team team, @Nullable Contact me);
  }

  /** Goes on with the path's team; refuses when nobody can say which there is. */
  static void whenFound(RoutingContext context, Teams teams, Account account, InTeam then) {
    TeamId uid = TeamId.tryParse(context.pathParam("team"));
    Jid jid = uid == null ? null : account.in(uid);
    if (uid == null || jid == null) {
      then.accept(null, null);
      return;
    }
    Future.fromCompletionStage(teams.find(uid), context.vertx().getOrCreateContext())
        .onComplete(
            answer -> {
              if (context.response().closed()) {
                return;
              }
              switch (answer.failed() ? null : answer.result()) {
                case null -> {
                  log.warn("a team cannot be looked up: {}", String.valueOf(answer.cause()));
                  context.request().resume();
                  refuse(context, ApiError.UNAVAILABLE);
                }
                case Teams.NoTeam none -> then.accept(null, null);
                case Teams.TheTeam the -> {
                  Contact me = the.team().contact(jid);
                  then.accept(me == null ? null : the.team(), me);
                }
              }
            });
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
