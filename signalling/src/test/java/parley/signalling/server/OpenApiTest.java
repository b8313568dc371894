package parley.signalling.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.Route;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import parley.relay.api.MediaRelay;
import parley.relay.api.RelayCommand;
import parley.signalling.access.DirectoryTokens;
import parley.signalling.access.TokenCheck;
import parley.signalling.access.Verdict;
import parley.signalling.audit.Access;
import parley.signalling.call.CallPolicy;
import parley.signalling.directory.DemoTeam;
import parley.signalling.directory.TeamChanges;
import parley.signalling.link.LinkDoor;
import parley.signalling.link.LinkSettings;
import parley.signalling.oidc.OidcProvider;
import parley.signalling.oidc.OidcSettings;
import parley.signalling.servers.Examination;
import parley.signalling.servers.Scope;
import parley.signalling.servers.ServiceToken;
import parley.signalling.servers.ServiceTokens;
import parley.signalling.servers.Services;
import parley.signalling.servers.WatchDoor;
import parley.signalling.session.CallEvents;
import parley.signalling.session.CallLoop;
import parley.signalling.session.SessionSettings;
import parley.signalling.wire.EventCodec;
import parley.stun.IceServers;
import parley.stun.doctor.Finding;

/** The OpenAPI document names the routes there are, and what they really answer. */
@Timeout(120)
class OpenApiTest {

  private static final LinkSettings NO_LINK =
      new LinkSettings(List.of(), Duration.ofMinutes(1), Duration.ofSeconds(9));

  private static final String TEAM = "6aefcf3b-e61c-4f35-8b5b-9d762a6a6cf9";
  private static final String ALICE = "d-565a1d31-3605-4c99-8581-c2d19fb27405";
  private static final String BOB = "d-1edad8ac-88ff-4655-89cb-d4cf031eef08";
  private static final String MEETING = "g-3f7e2a85-49f5-4586-8229-d9c52813dcb2";
  private static final String SERVERS = "/parley/v1/teams/{team}";
  private static final String AUTHORIZATION = "Authorization";
  private static final String SERVICE = "Bearer service-service-service-service-1";
  private static final String READER = "Bearer reader-reader-reader-reader-reader";
  private static final String RECORDER = "Bearer recorder-recorder-recorder-record";
  private static final ObjectMapper JSON = new ObjectMapper();

  private final HttpClient http = HttpClient.newHttpClient();
  private final SchemaRegistry registry =
      SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12);
  private final EventCodec codec = new EventCodec();
  private final DemoTeam demo = DemoTeam.load();
  private final SimpleMeterRegistry metrics = new SimpleMeterRegistry();
  private final TokenCheck tokens =
      token ->
          token.equals("unknowable")
              ? CompletableFuture.completedFuture(new Verdict.Unavailable("tried"))
              : new DirectoryTokens(demo.directory()).check(token);
  private final TeamChanges changes = new TeamChanges("Bearer right", team -> {});
  private final OidcProvider provider =
      new OidcProvider(
          new OidcSettings(
              URI.create("https://id.example"),
              "parley",
              "",
              List.of(),
              "email",
              "groups",
              Set.of(),
              Set.of("operators"),
              false,
              Duration.ZERO));
  private final Set<String> seen = new TreeSet<>();
  private JsonNode document;
  private ServerSettings settings;
  private CallLoop loop;
  private HttpDoor door;

  private static final class NoRelay implements MediaRelay {
    @Override
    public boolean submit(RelayCommand command) {
      return true;
    }

    @Override
    public void close() {}
  }

  @BeforeEach
  void open() throws Exception {
    try (InputStream in = OpenApiTest.class.getResourceAsStream("/openapi.yaml")) {
      document = new YAMLMapper().readTree(in);
    }
    var policy = new SessionSettings(Duration.ofSeconds(5), CallPolicy.defaults());
    loop = new CallLoop(codec, policy, Clock.systemUTC(), metrics, CallEvents.NONE);
    loop.start(new NoRelay());
    settings =
        new ServerSettings(
            "127.0.0.1",
            0,
            List.of(),
            true,
            Duration.ofSeconds(9),
            new ServerSettings.Features(
                false,
                0,
                false,
                new IceServers(List.of()),
                20_000,
                Duration.ofSeconds(5),
                Duration.ofMinutes(5)));
    door =
        HttpDoor.open(
            settings,
            demo.directory(),
            changes,
            tokens,
            services(),
            demo,
            NO_LINK,
            loop,
            codec,
            metrics);
  }

  @AfterEach
  void close() throws Exception {
    door.close();
    loop.close();
    provider.close();
  }

  @Test
  void describesEveryRouteAndNoOther() throws Exception {
    Vertx vertx = Vertx.vertx();
    try {
      var logins = new LoginSessions();
      var limits = new RequestLimits(LimitSettings.defaults(), metrics);
      var directory = demo.directory();
      var authenticator = new Authenticator(tokens, logins, limits, metrics);
      Set<String> routes = new TreeSet<>();
      for (Route route :
          HttpDoor.router(
                  vertx,
                  new HttpGuard(settings, limits),
                  new MessagingDoor(
                      vertx, settings, directory, authenticator, loop, codec, metrics),
                  new ApiDoor(
                      settings,
                      directory,
                      new OwnFeatures(settings, directory),
                      (request, _) -> authenticator.authenticate(request),
                      loop::fromServer,
                      this::audit),
                  new ChangesDoor(changes, limits),
                  new WatchDoor(services()),
                  HttpDoor.operator(settings, services(), loop),
                  HttpDoor.servers(settings, directory, services(), loop),
                  further -> {},
                  new DemoDoor(settings, demo, logins),
                  new LinkDoor(
                      vertx, NO_LINK, directory, loop, codec, metrics, request -> "http://here"),
                  new WebPages(directory))
              .getRoutes()) {
        String path = route.getName();
        if (path != null && route.methods() != null) { // else the guard's, or that of all pages
          for (HttpMethod method : route.methods()) {
            routes.add(method.name() + " " + path.replaceAll(":(\\w+)", "{$1}"));
          }
        }
      }
      routes.removeIf(route -> route.startsWith("HEAD ")); // HTTP has it wherever GET is
      assertThat(described()).isEqualTo(routes);
    } finally {
      vertx.close().toCompletionStage().toCompletableFuture().join();
    }
  }

  @Test
  void knowsEveryErrorCode() {
    List<String> codes = new ArrayList<>();
    document
        .at("/components/schemas/Error/properties/error/enum")
        .forEach(c -> codes.add(c.asText()));
    List<String> known = new ArrayList<>();
    for (ApiError error : ApiError.values()) {
      known.add(error.name());
    }
    assertThat(codes).containsExactlyInAnyOrderElementsOf(known);
  }

  @Test
  void everyReferenceLeadsSomewhere() throws Exception {
    for (JsonNode reference : document.findValues("$ref")) {
      String[] at = reference.asText().split("#", 2);
      JsonNode in = at[0].isEmpty() ? document : resource("/" + at[0]);
      assertThat(in.at(at[1]).isMissingNode()).as(reference.asText()).isFalse();
    }
  }

  @Test
  void answersAsDescribed() throws Exception {
    String team = "/api/v4/teams/{team}";
    tries("GET", "/api/v4/ping", "/api/v4/ping", 200);
    tries("GET", "/health/live", "/health/live", 200);
    tries("GET", "/health/ready", "/health/ready", 200);
    tries("GET", "/health", "/health", 200, AUTHORIZATION, SERVICE);
    tries("GET", "/health", "/health", 401);
    tries("GET", "/health", "/health", 403, AUTHORIZATION, READER);
    tries("GET", "/metrics", "/metrics", 401);
    tries("GET", "/metrics", "/metrics", 200, AUTHORIZATION, SERVICE);
    tries("GET", "/metrics", "/metrics", 403, AUTHORIZATION, READER);
    tries("GET", "/features.json", "/features.json", 200);
    tries("GET", "/features.json", "/features.json", 200, "token", "alice");
    tries("GET", "/features.json", "/features.json", 503, "token", "unknowable");
    for (String path : List.of(team, team + "/contacts", team + "/groups", team + "/tasks")) {
      String real = path.replace("{team}", TEAM);
      tries("GET", path, real, 200, "token", "alice");
      tries("GET", path, real, 200, "Authorization", "Bearer bob");
      tries("GET", path, real, 401);
      tries("GET", path, real, 401, "token", "nobody");
      tries("GET", path, real, 503, "token", "unknowable");
      tries("GET", path, real.replace("6aef", "0000"), 404, "token", "alice");
    }
    String messaging = "/messaging/" + TEAM;
    tries("GET", "/messaging/{team}", messaging, 422, "token", "alice");
    String changed = "/directory/teams/{team}/changed";
    String here = changed.replace("{team}", TEAM);
    tries("POST ", changed, here, 202, "Authorization", "Bearer right");
    tries("POST ", changed, here, 401, "Authorization", "Bearer wrong");
    tries("POST ", changed, here, 401);
    String nowhere = changed.replace("{team}", "none");
    tries("POST ", changed, nowhere, 404, "Authorization", "Bearer right");
    tries("GET", "/demo/people", "/demo/people", 200);
    tries("POST {\"jid\":\"" + ALICE + "\"}", "/demo/login", "/demo/login", 200);
    tries("POST {}", "/demo/login", "/demo/login", 422);
    tries("POST {}", "/demo/login", "/demo/login", 403, "Origin", "https://other.example");
    tries("POST ", "/demo/logout", "/demo/logout", 200);
    String icon = "/icons/" + ALICE + ".svg";
    String tag =
        tries("GET", "/icons/{name}", icon, 200).headers().firstValue("etag").orElseThrow();
    tries("GET", "/icons/{name}", icon, 304, "If-None-Match", tag);
    tries("GET", "/icons/{name}", "/icons/nothing.svg", 404);
    tries("GET", "/schema/{name}", "/schema/server.call.state.json", 200);
    tries("GET", "/schema/{name}", "/schema/nothing.json", 404);
    tries("GET", "/asyncapi.yaml", "/asyncapi.yaml", 200);
    tries("GET", "/asyncapi-link.yaml", "/asyncapi-link.yaml", 200);
    tries("GET", "/openapi.yaml", "/openapi.yaml", 200);
    String callback = "/openapi/directory-callback.yaml";
    tries("GET", callback, callback, 200);
    tries("GET", "/openapi/recordings.yaml", "/openapi/recordings.yaml", 200);

    triesServers();
    String doctor = "/parley/v1/doctor";
    tries("GET", doctor, doctor, 200, AUTHORIZATION, SERVICE);
    tries("GET", doctor, doctor, 401);
    tries("GET", doctor, doctor, 403, AUTHORIZATION, READER);

    Set<String> rest = new TreeSet<>();
    document
        .path("paths")
        .properties()
        .forEach(
            path ->
                List.of("get", "post", "delete")
                    .forEach(
                        method ->
                            path.getValue()
                                .path(method)
                                .path("responses")
                                .fieldNames()
                                .forEachRemaining(s -> rest.add(method + path.getKey() + s))));
    rest.removeAll(seen);
    rest.removeIf(answer -> answer.endsWith("default")); // ServersApiTest tries some of them
    rest.removeIf(response -> response.endsWith("429")); // tried where the limits are
    rest.removeIf(response -> response.contains("/operate/")); // OperatorApiTest tries them
    rest.removeIf(response -> response.matches("get/health.*503")); // of a node in trouble
    // Upgrades are tried with the door itself.
    assertThat(rest)
        .containsExactly(
            "get/messaging/{team}101",
            "get/messaging/{team}401",
            "get/messaging/{team}403",
            "get/messaging/{team}503");
  }

  private void triesServers() throws Exception {
    String team = "/parley/v1/teams/" + TEAM;
    String wish = "{\"caller\":\"" + ALICE + "\",\"jid\":\"" + MEETING + "\"}";
    String start = "POST " + wish;
    String calls = SERVERS + "/calls";
    var started = tries(start, calls, team + "/calls", 201, AUTHORIZATION, SERVICE);
    String uid = JSON.readTree(started.body()).path("uid").asText();
    assertThat(started.headers().firstValue("location")).hasValue(team + "/calls/" + uid);
    String nobody = wish.replace(MEETING, "g-00000000-0000-4000-8000-000000000000");
    tries("POST " + nobody, calls, team + "/calls", 404, AUTHORIZATION, SERVICE);
    tries(start, calls, team + "/calls", 409, AUTHORIZATION, SERVICE);
    tries("GET", calls, team + "/calls", 200, AUTHORIZATION, SERVICE);

    String call = calls + "/{uid}";
    String real = team + "/calls/" + uid;
    String none = team + "/calls/none";
    tries("GET", call, real, 200, AUTHORIZATION, SERVICE);
    tries("GET", call, none, 404, AUTHORIZATION, SERVICE);
    tries("GET", call + "/legs", real + "/legs", 200, AUTHORIZATION, SERVICE);
    tries("GET", call + "/legs", none + "/legs", 404, AUTHORIZATION, SERVICE);
    String connection = "/api/v4/teams/{team}/calls/{uid}/connection";
    String own = "/api/v4/teams/" + TEAM + "/calls/" + uid + "/connection";
    tries("GET", connection, own, 200, "token", "alice");
    tries("GET", connection, own.replace(uid, "none"), 404, "token", "alice");
    tries("GET", connection, own, 401);
    tries("GET", connection, own, 503, "token", "unknowable");
    triesRecording("/api/v4/teams/" + TEAM + "/chats/" + MEETING + "/recording");
    tries("POST {}", call + "/ring", real + "/ring", 422, AUTHORIZATION, SERVICE);
    String by = "POST {\"caller\":\"" + ALICE + "\"}";
    tries(by, call + "/ring", real + "/ring", 204, AUTHORIZATION, SERVICE);
    tries("POST ", call + "/mute", real + "/mute", 204, AUTHORIZATION, SERVICE);
    String participant = call + "/participants/{contact}";
    tries("DELETE", participant, real + "/participants/" + BOB, 204, AUTHORIZATION, SERVICE);
    tries("DELETE", participant, real + "/participants/" + BOB, 404, AUTHORIZATION, SERVICE);
    String record = "{\"jid\":\"%s\",\"uid\":\"%s\",\"audiorecord\":true}".formatted(MEETING, uid);
    String recording = SERVERS + "/recording";
    tries("POST " + record, recording, team + "/recording", 200, AUTHORIZATION, SERVICE);
    String unwritable = record.replace("}", ",\"why\":\"unwritable\"}");
    tries("POST " + unwritable, recording, team + "/recording", 503, AUTHORIZATION, SERVICE);
    String other = record.replace(uid, "none");
    tries("POST " + other, recording, team + "/recording", 404, AUTHORIZATION, SERVICE);
    String mask = call + "/mask";
    tries("POST {\"mask\":true}", mask, real + "/mask", 204, AUTHORIZATION, SERVICE);
    tries("POST {}", mask, real + "/mask", 422, AUTHORIZATION, SERVICE);
    tries("POST {\"mask\":true}", mask, none + "/mask", 404, AUTHORIZATION, SERVICE);
    String maskedInVain = "POST {\"mask\":true,\"why\":\"unwritable\"}";
    tries(maskedInVain, mask, real + "/mask", 503, AUTHORIZATION, SERVICE);
    String contact = SERVERS + "/contacts/{contact}/ice-servers";
    String ice = team + "/contacts/" + ALICE + "/ice-servers";
    tries("GET", contact, ice, 200, AUTHORIZATION, SERVICE);
    tries("GET", contact, ice.replace(ALICE, "d-none"), 404, AUTHORIZATION, SERVICE);

    String large = "POST {\"x\":\"" + "x".repeat(70_000) + "\"}";
    for (String path :
        List.of(
            "/calls",
            "/calls/{uid}/ring",
            "/calls/{uid}/mute",
            "/calls/{uid}/mask",
            "/recording")) {
      String at = team + path.replace("{uid}", uid);
      tries("POST [", SERVERS + path, at, 400, AUTHORIZATION, SERVICE);
      tries("POST {\"x\":1}", SERVERS + path, at, 422, AUTHORIZATION, SERVICE);
      tries(large, SERVERS + path, at, 413, AUTHORIZATION, SERVICE);
      tries("POST {}", SERVERS + path, at, 401);
      tries("POST {}", SERVERS + path, at, 403, AUTHORIZATION, READER);
    }
    for (String path : List.of("/calls/{uid}/ring", "/calls/{uid}/mute")) {
      String at = team + path.replace("{uid}", "none");
      tries("POST {}", SERVERS + path, at, 404, AUTHORIZATION, SERVICE);
    }
    for (String path :
        List.of("/calls", "/calls/{uid}", "/calls/{uid}/legs", "/contacts/{contact}/ice-servers")) {
      String at = team + path.replace("{uid}", uid).replace("{contact}", ALICE);
      String elsewhere = at.replace("6aef", "0000");
      tries("GET", SERVERS + path, at, 401);
      tries("GET", SERVERS + path, at, 403, AUTHORIZATION, RECORDER);
      tries("GET", SERVERS + path, elsewhere, 404, AUTHORIZATION, SERVICE);
    }
    for (String path : List.of("/calls/{uid}", "/calls/{uid}/participants/{contact}")) {
      String at = team + path.replace("{uid}", uid).replace("{contact}", ALICE);
      tries("DELETE", SERVERS + path, at, 401);
      tries("DELETE", SERVERS + path, at, 403, AUTHORIZATION, READER);
    }
    tries("DELETE", call, real, 204, AUTHORIZATION, SERVICE);
    tries("DELETE", call, real, 404, AUTHORIZATION, SERVICE);
  }

  private void triesRecording(String real) throws Exception {
    String path = "/api/v4/teams/{team}/chats/{chat}/recording";
    String nowhere = real.replace(MEETING, "g-00000000-0000-4000-8000-000000000000");
    tries("GET", path, real, 200, "token", "alice");
    tries("GET", path, nowhere, 404, "token", "alice");
    tries("GET", path, real, 401);
    tries("GET", path, real, 503, "token", "unknowable");
    tries("POST {\"agree\":true}", path, real, 200, "token", "alice");
    tries("POST {\"agree\":true}", path, nowhere, 404, "token", "alice");
    tries("POST {\"agree\":1}", path, real, 422, "token", "alice");
    tries("POST {\"agree\":true}", path, real, 401);
    tries("POST {\"agree\":true}", path, real, 503, "token", "unknowable");
    tries("POST {\"mask\":true}", path, real, 403, "token", "alice");
  }

  /** As when its disk is full, for those who say so. */
  private void audit(Access access) throws IOException {
    if (access.why().equals("unwritable")) {
      throw new IOException("no space left");
    }
  }

  private Services services() {
    return new Services(
            new ServiceTokens(
                List.of(
                    token("service", SERVICE, Set.of(Scope.values())),
                    token("reader", READER, Set.of(Scope.CALLS_READ)),
                    token("recorder", RECORDER, Set.of(Scope.RECORDING_WRITE)))),
            this::audit,
            new Examination(
                () ->
                    List.of(
                        new Finding(
                            "clock",
                            Finding.Verdict.WARNING,
                            "It is late.",
                            "Tokens end.",
                            "Set it."))))
        .with(provider);
  }

  private static ServiceToken token(String name, String bearer, Set<Scope> scopes) {
    return ServiceToken.of(name, bearer.substring("Bearer ".length()), scopes, Set.of());
  }

  /** Asks, and compares the answer with what is described for its status. */
  private HttpResponse<String> tries(
      String how, String path, String real, int status, String... headers) throws Exception {
    String[] methodAndBody = how.split(" ", 2);
    String method = methodAndBody[0];
    var body =
        methodAndBody.length == 1
            ? HttpRequest.BodyPublishers.noBody()
            : HttpRequest.BodyPublishers.ofString(methodAndBody[1]);
    var request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + door.port() + real))
            .method(method, body);
    if (headers.length > 0) {
      request.headers(headers);
    }
    HttpResponse<String> answer = http.send(request.build(), HttpResponse.BodyHandlers.ofString());
    assertThat(answer.statusCode()).as(how + " " + real).isEqualTo(status);
    String operation = method.toLowerCase(Locale.ROOT);
    seen.add(operation + path + status);
    JsonNode response =
        document
            .path("paths")
            .path(path)
            .path(operation)
            .path("responses")
            .path(String.valueOf(status));
    assertThat(response.isObject()).as(path + " describes " + status).isTrue();
    if (response.has("$ref")) {
      response = document.at(response.path("$ref").asText().substring(1));
    }
    JsonNode content = response.path("content");
    if (content.isMissingNode()) {
      assertThat(answer.body()).isEmpty();
      return answer;
    }
    String type = answer.headers().firstValue("content-type").orElseThrow().replaceFirst(";.*", "");
    assertThat(content.has(type)).as(real + " is " + type).isTrue();
    JsonNode schema = content.path(type).path("schema");
    if (!schema.isMissingNode()) {
      ObjectNode whole = schema.deepCopy();
      whole.set("components", document.path("components"));
      SchemaLocation at = SchemaLocation.of("classpath:answer-" + seen.size() + ".json");
      assertThat(registry.getSchema(at, whole).validate(JSON.readTree(answer.body())))
          .as(answer.body())
          .isEmpty();
    }
    return answer;
  }

  private Set<String> described() {
    Set<String> operations = new TreeSet<>();
    document
        .path("paths")
        .properties()
        .forEach(
            path -> {
              for (String method : List.of("get", "post", "put", "delete", "patch")) {
                if (path.getValue().has(method)) {
                  operations.add(method.toUpperCase(Locale.ROOT) + " " + path.getKey());
                }
              }
            });
    return operations;
  }

  private static JsonNode resource(String name) throws Exception {
    try (InputStream in = OpenApiTest.class.getResourceAsStream(name)) {
      return JSON.readTree(in);
    }
  }
}
