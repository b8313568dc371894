package parley.signalling.server;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.BodyHandler;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import parley.signalling.directory.Account;
import parley.signalling.directory.Contact;
import parley.signalling.directory.DemoTeam;
import parley.signalling.directory.Team;
import parley.signalling.server.Bodies.ContactBody;
import parley.signalling.server.Bodies.TeamBody;
import parley.signalling.wire.Jid;

/** Signing in by a click: there only while the demo team is served. */
final class DemoDoor {

  /** {@code {"jid": "d-…"}} and some air. */
  private static final int MAX_BODY_BYTES = 1024;

  private final ServerSettings settings;
  private final DemoTeam demo;
  private final LoginSessions logins;

  DemoDoor(ServerSettings settings, DemoTeam demo, LoginSessions logins) {
    this.settings = settings;
    this.demo = demo;
    this.logins = logins;
  }

  void mount(Router router) {
    router.get("/demo/people").handler(this::people);
    router
        .post("/demo/login")
        .handler(BodyHandler.create(false).setBodyLimit(MAX_BODY_BYTES))
        .handler(this::login);
    router.post("/demo/logout").handler(this::logout);
  }

  private void people(RoutingContext context) {
    Team team = demo.team();
    JsonNode small = ApiDoor.JSON.valueToTree(team.toShort());
    var people = team.contacts().stream().map(c -> ContactBody.of(c, c.jid())).toList();
    ApiDoor.answer(context, new Bodies.DemoPeople(small, people));
  }

  private void login(RoutingContext context) {
    String origin = context.request().getHeader(HttpHeaders.ORIGIN);
    ClientAddress address = ClientAddress.of(context.request());
    if (!address.trusts(origin, settings.allowedOrigins())) {
      ApiDoor.refuse(context, ApiError.ACCESS_DENIED);
      return;
    }
    Jid jid = jid(context.body().buffer());
    String token = jid == null ? null : demo.token(jid);
    Account account = token == null ? null : demo.directory().account(token);
    Contact me = jid == null ? null : demo.team().contact(jid);
    if (token == null || account == null || me == null) {
      ApiDoor.refuse(context, ApiError.INVALID_DATA);
      return;
    }
    setCookie(context, logins.begin(account), "");
    ApiDoor.answer(context, new Bodies.DemoLogin(token, TeamBody.of(demo.team(), me)));
  }

  private void logout(RoutingContext context) {
    String cookie = LoginSessions.cookie(context.request().getHeader(HttpHeaders.COOKIE));
    if (cookie != null) {
      logins.end(cookie);
    }
    setCookie(context, "", "; Max-Age=0");
    ApiDoor.answer(context, true);
  }

  private static void setCookie(RoutingContext context, String value, String more) {
    boolean secure = ClientAddress.of(context.request()).scheme().equals("https");
    context
        .response()
        .putHeader(
            HttpHeaders.SET_COOKIE,
            LoginSessions.COOKIE
                + "="
                + value
                + "; Path=/; HttpOnly; SameSite=Strict"
                + (secure ? "; Secure" : "")
                + more);
  }

  private static @Nullable Jid jid(@Nullable Buffer body) {
    try {
      JsonNode json =
          body == null ? null : ApiDoor.JSON.readTree(body.toString(StandardCharsets.UTF_8));
      JsonNode jid = json == null ? null : json.get("jid");
      return jid == null || !jid.isTextual() ? null : Jid.tryParse(jid.textValue());
    } catch (JsonProcessingException e) {
      return null;
    }
  }
}
