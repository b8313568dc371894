import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.BodyHandler;
import io.vertx.ext.web.handler.FileSystemAccess;
import io.vertx.ext.web.handler.StaticHandler;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A small chat server, as a company may have one: people, chats, messages, tokens of its own. It
 * knows nothing of calls but how Parley is attached to it. README.md tells how to start it.
 */
public final class ChatServer extends VerticleBase {

  private static final int MAX_FRAME_BYTES = 1 << 20;
  private static final long REFRESH_MS = 55_000;
  private static final int MOST_WEBHOOKS = 10_000;
  private static final long FEATURES_MS = 60_000;

  private static final Map<String, String> DEFAULTS =
      Map.of(
          "home", "deploy/examples/chat-server",
          "client", "signalling/src/main/resources/web",
          "host", "127.0.0.1",
          "port", "9000",
          "calls", "none",
          "parley", "http://127.0.0.1:8080",
          "secret", "",
          "webhook-secret", "");

  private final Map<String, String> options;
  private final People people;
  private final Tokens tokens;
  private final ForParley forParley;
  private final Map<String, Boolean> webhooks =
      new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Boolean> eldest) {
          return size() > MOST_WEBHOOKS;
        }
      };
  private HttpClient http;
  private JsonObject callFeatures = new JsonObject();
  private long featuresAtMs;
  private Chat chat;

  private ChatServer(Map<String, String> options) throws Exception {
    this.options = options;
    people = new People(Path.of(options.get("home"), "team.json"));
    tokens = new Tokens(options.get("secret") + "for login tokens");
    forParley = new ForParley(people, tokens, options.get("secret"), options.get("webhook-secret"));
  }

  public static void main(String[] args) throws Exception {
    var options = new HashMap<>(DEFAULTS);
    for (String arg : args) {
      String[] parts = arg.replaceFirst("^--", "").split("=", 2);
      if (parts.length < 2 || !options.containsKey(parts[0])) {
        System.err.println(
            "unknown option "
                + arg
                + "; there are --"
                + String.join("=, --", DEFAULTS.keySet().stream().sorted().toList())
                + "=");
        System.exit(2);
      }
      options.put(parts[0], parts[1]);
    }
    if (options.get("secret").isEmpty() && !options.get("calls").equals("none")) {
      System.err.println("--secret= is missing: what this chat server and Parley share");
      System.exit(2);
    }
    var vertx = Vertx.vertx();
    vertx
        .deployVerticle(new ChatServer(options))
        .onSuccess(
            id ->
                System.out.println(
                    "chat: http://" + options.get("host") + ":" + options.get("port")))
        .onFailure(
            e -> {
              System.err.println("chat: " + e.getMessage());
              System.exit(1);
            });
  }

  @Override
  public Future<?> start() {
    http = vertx.createHttpClient();
    Calls calls =
        options.get("calls").equals("link")
            ? new ParleyLink(
                vertx,
                options.get("parley").replaceFirst("^http", "ws") + "/link/v1",
                options.get("secret"),
                client -> chat.tellOnline(client))
            : Calls.NONE;
    chat = new Chat(people, calls);
    vertx.setPeriodic(REFRESH_MS, t -> chat.tellOnline());
    var server = new HttpServerOptions();
    server.setMaxWebSocketFrameSize(MAX_FRAME_BYTES).setMaxWebSocketMessageSize(MAX_FRAME_BYTES);
    server.addWebSocketSubProtocol("*"); // whatever the client offers first
    return vertx
        .createHttpServer(server)
        .requestHandler(router())
        .listen(Integer.parseInt(options.get("port")), options.get("host"));
  }

  private Router router() {
    Router router = Router.router(vertx);
    router.get("/messaging/:team").handler(this::onSocket);
    router.post().handler(BodyHandler.create(false));

    // The chat's own API.
    router.get("/api/v4/ping").handler(context -> answer(context, "pong"));
    router.post("/api/v4/login").handler(this::onLogin);
    router
        .get("/api/v4/people")
        .handler(context -> answer(context, people.team.getJsonArray("contacts")));
    router.get("/api/v4/teams/:team").handler(context -> inTeam(context, people::teamAs));
    router
        .get("/api/v4/teams/:team/contacts")
        .handler(context -> inTeam(context, people::contacts));
    router.get("/api/v4/teams/:team/groups").handler(context -> inTeam(context, people::groups));
    router
        .get("/api/v4/teams/:team/tasks")
        .handler(context -> inTeam(context, jid -> new JsonArray()));
    router
        .get("/api/v4/teams/:team/messages/:chat")
        .handler(context -> inTeam(context, jid -> chat.messages(jid, context.pathParam("chat"))));
    router.get("/features.json").handler(this::onFeatures);

    // For calls.
    router.get("/api/v4/teams/:team/calls").handler(context -> inTeam(context, this::howToCall));
    router.get("/parley/teams/:team").handler(this::onDirectory);
    router.post("/parley/introspect").handler(this::onIntrospection);
    router.post("/parley/webhook").handler(this::onWebhook);

    // The page, and Parley's client library, which it uses.
    String client = options.get("client");
    router
        .get("/parley-client.js")
        .handler(context -> context.response().sendFile(client + "/parley-client.js"));
    router.route("/parley-client/*").handler(files(client + "/parley-client"));
    router.route().handler(files(options.get("home") + "/web"));
    return router;
  }

  private static StaticHandler files(String folder) {
    return StaticHandler.create(FileSystemAccess.ROOT, folder).setCachingEnabled(false);
  }

  private interface Answer {
    Object to(String jid);
  }

  private void inTeam(RoutingContext context, Answer result) {
    String jid = tokens.jid(context.request());
    if (jid == null) {
      refuse(context, 401, "INVALID_TOKEN");
    } else if (!people.uid.equals(context.pathParam("team")) || people.contact(jid) == null) {
      refuse(context, 404, "NOT_FOUND");
    } else {
      answer(context, result.to(jid));
    }
  }

  private static void answer(RoutingContext context, Object result) {
    context.json(new JsonObject().put("ok", true).put("result", result));
  }

  private static void refuse(RoutingContext context, int status, String error) {
    context.response().setStatusCode(status);
    context.json(new JsonObject().put("ok", false).put("error", error));
  }

  /** A company asks for a password here. */
  private void onLogin(RoutingContext context) {
    JsonObject contact = people.byLogin(context.body().asJsonObject().getString("login"));
    if (contact == null) {
      refuse(context, 403, "ACCESS_DENIED");
    } else {
      String token = tokens.of(contact.getString("jid"));
      answer(context, new JsonObject().put("token", token).put("team", people.uid));
    }
  }

  private void onSocket(RoutingContext context) {
    HttpServerRequest request = context.request();
    String jid = tokens.jid(request);
    if (jid == null || !people.uid.equals(context.pathParam("team"))) {
      refuse(context, 401, "INVALID_TOKEN");
      return;
    }
    request
        .toWebSocket()
        .onSuccess(
            socket -> {
              String useragent = request.getHeader("User-Agent");
              var client = new Client(people.uid, jid, useragent, device(request), socket);
              socket.textMessageHandler(frame -> chat.onFrame(client, frame));
              socket.binaryMessageHandler(frame -> chat.onFrame(client, frame.toString()));
              socket.closeHandler(v -> chat.closed(client));
              chat.opened(client);
            });
  }

  /** Parley's client library says so; an app of one's own has an id of its own. */
  private static String device(HttpServerRequest request) {
    String protocols = request.getHeader("Sec-WebSocket-Protocol");
    return protocols != null && protocols.contains("instance.")
        ? protocols.replaceFirst(".*instance\\.([\\w-]{1,64}).*", "$1")
        : "";
  }

  /** Where the page's calls go: to Parley itself with a token for it, or to this very server. */
  private JsonObject howToCall(String jid) {
    return options.get("calls").equals("direct")
        ? new JsonObject().put("url", options.get("parley")).put("token", forParley.callToken(jid))
        : new JsonObject();
  }

  /** This server's features; with a link, what Parley says of calls is among them. */
  private void onFeatures(RoutingContext context) {
    var own = new JsonObject().put("app_title", "Chat").put("calls", false).put("afk_age", 300);
    boolean fresh = System.currentTimeMillis() - featuresAtMs < FEATURES_MS;
    if (fresh || !options.get("calls").equals("link")) {
      context.json(own.mergeIn(callFeatures));
      return;
    }
    http.request(new RequestOptions().setAbsoluteURI(options.get("parley") + "/features.json"))
        .compose(request -> request.send())
        .compose(response -> response.body())
        .onSuccess(
            body -> {
              callFeatures = body.toJsonObject();
              featuresAtMs = System.currentTimeMillis();
            })
        .onComplete(done -> context.json(own.mergeIn(callFeatures)));
  }

  private void onDirectory(RoutingContext context) {
    if (!forParley.isParley(context.request())) {
      refuse(context, 401, "INVALID_TOKEN");
    } else if (!people.uid.equals(context.pathParam("team"))) {
      refuse(context, 404, "NOT_FOUND");
    } else {
      context.json(forParley.team());
    }
  }

  private void onIntrospection(RoutingContext context) {
    if (forParley.isParley(context.request())) {
      context.json(forParley.introspect(context.request().getFormAttribute("token")));
    } else {
      refuse(context, 401, "INVALID_TOKEN");
    }
  }

  /** Parley tells what became of a call; it is written into the chat. */
  private void onWebhook(RoutingContext context) {
    String body = context.body().asString();
    if (!forParley.isSigned(context.request(), body)) {
      refuse(context, 401, "INVALID_TOKEN");
      return;
    }
    context.response().setStatusCode(204).end();
    if (webhooks.put(context.request().getHeader("webhook-id"), true) != null) {
      return; // it comes again when an answer was lost
    }
    var event = new JsonObject(body);
    JsonObject data = event.getJsonObject("data");
    System.out.println("webhook: " + event.getString("type") + " " + data.getString("uid"));
    switch (event.getString("type")) {
      case "call.finished" -> {
        String caller = data.getString("caller");
        if (caller != null) {
          String text =
              data.containsKey("start")
                  ? "Call, " + Math.round(data.getDouble("duration")) + " s"
                  : "Missed call";
          chat.post(caller, place(data.getJsonObject("chat"), caller), text, null);
        }
      }
      case "call.buzz" ->
          System.out.println("to be pushed to the phones of " + data.getJsonArray("members"));
      default -> {}
    }
  }

  /** The chat as the caller calls it. */
  private static String place(JsonObject chat, String caller) {
    if (chat.containsKey("jid")) {
      return chat.getString("jid");
    }
    JsonArray two = chat.getJsonArray("members");
    return two.getString(two.getString(0).equals(caller) ? 1 : 0);
  }
}
