package parley.signalling.recordings;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.BodyHandler;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.BiPredicate;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import parley.relay.archive.Archive;
import parley.relay.archive.NotNow;
import parley.relay.index.Indexing;
import parley.signalling.audit.Access;
import parley.signalling.audit.AccessLog;
import parley.signalling.servers.Services;

/**
 * {@code /parley/v1/recordings…}: who asks, whether he may, that it is written down before it is
 * done, and that it came to nothing when it did. What is asked is the business of {@link
 * Operations}. Event loops take requests in, virtual threads carry them out.
 */
public final class RecordingsDoor implements Services.Door, AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(RecordingsDoor.class);

  static final String ROOT = "/parley/v1/recordings";
  private static final String ONE = ROOT + "/:day/:name";
  private static final String SESSION = ROOT + "/session";
  private static final String JOBS = ROOT + "/exports";
  private static final String JOB = JOBS + "/:last";

  /** A reason and a date. */
  private static final int MAX_BODY_BYTES = 16 << 10;

  /** Requests carried out at a time: what they wait for, disk and database, serves no more. */
  private static final int AT_A_TIME = 16;

  private static final long PATIENCE_S = 5;

  private static final String GUEST = "parley.recordings-guest";

  /** One that can be asked for. */
  @FunctionalInterface
  interface Operation {
    Reply run(Asked asked) throws Refusal, IOException, SQLException;
  }

  private final Visitors visitors;
  private final AccessLog accesses;
  private final InstantSource clock;
  private final Operations operations;
  private final Scratch scratch;
  private final Playing playing;
  private final Exports exports;
  private final Semaphore permits = new Semaphore(AT_A_TIME, true);

  /**
   * Where files lie.
   *
   * @param scratch for what is made of recordings when somebody asks; its own
   * @param audit of the audit log, for bundles
   */
  public record Places(Path scratch, Path audit) {}

  /**
   * @param visitors who may ask
   * @param indexing how the index stands
   * @throws IOException when the place for what is made cannot be had
   */
  public RecordingsDoor(
      Visitors visitors,
      Archive archive,
      Supplier<Indexing.Status> indexing,
      AccessLog accesses,
      Places places,
      InstantSource clock)
      throws IOException {
    this.visitors = visitors;
    this.accesses = accesses;
    this.clock = clock;
    this.operations = new Operations(archive, indexing);
    this.scratch = new Scratch(places.scratch, clock);
    this.playing = new Playing(archive, operations, new Plays(clock), scratch, this::write);
    this.exports = new Exports(archive, operations, scratch, places.audit);
  }

  /** What was made of recordings goes. */
  @Override
  public void close() {
    scratch.close();
  }

  @Override
  public void mount(
      Router router,
      Function<HttpServerRequest, String> from,
      BiPredicate<HttpServerRequest, String> ours) {
    new Mounted(router, from, new Admission(visitors, accesses, ours, clock)).mount();
  }

  /**
   * What every request is met with.
   *
   * @param verb in the audit log; empty: of this it has nothing
   * @param reasoned whether a reason is needed
   * @param told whether it is written down each time; else only when it is refused
   */
  private record Way(String verb, @Nullable Right right, boolean reasoned, boolean told) {}

  /** The door, in its place. */
  private final class Mounted {

    private final Router router;
    private final Function<HttpServerRequest, String> from;
    private final Admission admission;
    private final Sessions sessions;

    Mounted(Router router, Function<HttpServerRequest, String> from, Admission admission) {
      this.router = router;
      this.from = from;
      this.admission = admission;
      this.sessions = new Sessions(admission);
    }

    void mount() {
      router
          .route(HttpMethod.POST, SESSION)
          .handler(BodyHandler.create(false).setBodyLimit(MAX_BODY_BYTES))
          .handler(this::signIn);
      way(HttpMethod.GET, SESSION, new Way("", null, false, false), sessions::look);
      way(
          HttpMethod.PUT,
          SESSION,
          new Way("recordings.reason", null, false, true),
          sessions::reason);
      way(
          HttpMethod.DELETE,
          SESSION,
          new Way("recordings.sign_out", null, false, true),
          sessions::end);
      only(SESSION, HttpMethod.POST, HttpMethod.GET, HttpMethod.PUT, HttpMethod.DELETE);
      way(HttpMethod.GET, ROOT, to("search", Right.LIST), operations::search);
      only(ROOT, HttpMethod.GET);
      way(HttpMethod.GET, JOBS, quiet("exports", Right.EXPORT), exports::list);
      only(JOBS, HttpMethod.GET);
      way(HttpMethod.GET, JOB, quiet("exports", Right.EXPORT), exports::look);
      way(HttpMethod.DELETE, JOB, to("export_delete", Right.EXPORT), exports::remove);
      only(JOB, HttpMethod.GET, HttpMethod.DELETE);
      way(HttpMethod.GET, JOB + "/bundle", to("download", Right.EXPORT), exports::bundle);
      way(HttpMethod.HEAD, JOB + "/bundle", quiet("download", Right.EXPORT), exports::bundle);
      only(JOB + "/bundle", HttpMethod.GET, HttpMethod.HEAD);
      way(HttpMethod.GET, ONE, to("look", Right.LIST), operations::look);
      way(HttpMethod.DELETE, ONE, why("delete", Right.DELETE), operations::delete);
      only(ONE, HttpMethod.GET, HttpMethod.DELETE);
      post("/verify", to("verify", Right.LIST), operations::verify);
      post("/hold", why("hold", Right.HOLD), operations::hold);
      post("/release", why("release", Right.HOLD), operations::release);
      post("/retain", why("retain", Right.HOLD), operations::retain);
      post("/fetch", why("fetch", Right.PLAY), operations::fetch);
      sound("/timeline", to("timeline", Right.LIST), operations::timeline);
      post("/plays", why("play", Right.PLAY), playing::begin);
      sound("/tracks/:last", quiet("hear", Right.PLAY), playing::track);
      sound("/mix", quiet("hear", Right.PLAY), playing::mix);
      sound("/waveform", quiet("hear", Right.PLAY), playing::waveform);
      post("/exports", why("export", Right.EXPORT), exports::begin);
      router.route(ROOT + "/*").handler(context -> refuse(context, nothingHere()));
      router.route(ROOT + "*").failureHandler(this::onFailure);
    }

    private static Way to(String verb, Right right) {
      return new Way("recordings." + verb, right, false, true);
    }

    private static Way quiet(String verb, Right right) {
      return new Way("recordings." + verb, right, false, false);
    }

    private static Way why(String verb, Right right) {
      return new Way("recordings." + verb, right, true, true);
    }

    private void post(String path, Way way, Operation operation) {
      way(HttpMethod.POST, ONE + path, way, operation);
      only(ONE + path, HttpMethod.POST);
    }

    private void sound(String path, Way way, Operation operation) {
      way(HttpMethod.GET, ONE + path, way, operation);
      way(HttpMethod.HEAD, ONE + path, way, operation);
      only(ONE + path, HttpMethod.GET, HttpMethod.HEAD);
    }

    private void way(HttpMethod method, String path, Way way, Operation operation) {
      // A route of its own: no body is taken in for those who may not send one.
      router.route(method, path).handler(context -> admit(context, way));
      router
          .route(method, path)
          .handler(BodyHandler.create(false).setBodyLimit(MAX_BODY_BYTES))
          .handler(context -> carryOut(context, way, operation));
    }

    private void only(String path, HttpMethod... methods) {
      String allowed =
          Arrays.stream(methods).map(HttpMethod::name).collect(Collectors.joining(", "));
      router
          .route(path)
          .handler(
              context -> {
                context.response().putHeader(HttpHeaders.ALLOW, allowed);
                String right = "right would be " + allowed;
                refuse(context, new Refusal(Refusal.Code.METHOD_NOT_ALLOWED, right));
              });
    }

    /** Before the body is read. */
    private void admit(RoutingContext context, Way way) {
      String address = from.apply(context.request());
      try {
        Admission.Guest guest = admission.admit(context.request(), address);
        Right right = way.right;
        if (right != null && !guest.visitor().may(right)) {
          var refusal =
              new Refusal(Refusal.Code.MISSING_SCOPE, "this takes the right " + right.scope());
          String on = on(context);
          Access access = Access.allowed(guest.visitor().who(), way.verb, on, guest.why(), address);
          later(context, () -> refused(access, refusal));
          return;
        }
        context.put(GUEST, guest);
        context.next();
      } catch (Refusal refusal) {
        String on = on(context);
        later(
            context,
            () -> {
              admission
                  .strangers()
                  .write(
                      way.verb.isEmpty() ? "recordings.look" : way.verb,
                      on,
                      address,
                      refusal.detail);
              return Reply.refused(refusal);
            });
      }
    }

    /** What it is about, for the audit log. */
    private String on(RoutingContext context) {
      String id = id(context);
      String query = context.request().query();
      String last = context.pathParam("last");
      String other = last == null ? Objects.requireNonNullElse(query, "") : last;
      String about = id.isEmpty() ? other : last == null ? id : id + " " + last;
      return about.length() <= Access.MAX_REASON ? about : about.substring(0, Access.MAX_REASON);
    }

    private String id(RoutingContext context) {
      String day = context.pathParam("day");
      String name = context.pathParam("name");
      return day == null || name == null ? "" : day + "/" + name;
    }

    private void signIn(RoutingContext context) {
      String address = from.apply(context.request());
      byte[] bytes = bytes(context);
      HttpServerRequest request = context.request();
      later(
          context,
          () -> {
            try {
              return sessions.begin(request, bytes, address, accesses);
            } catch (Refusal refusal) {
              admission.strangers().write("recordings.sign_in", "", address, refusal.detail);
              return Reply.refused(refusal);
            }
          });
    }

    private void carryOut(RoutingContext context, Way way, Operation operation) {
      Admission.Guest guest = Objects.requireNonNull(context.get(GUEST), "nobody was admitted");
      String address = from.apply(context.request());
      String last = Objects.requireNonNullElse(context.pathParam("last"), "");
      String on = on(context);
      String id = id(context);
      byte[] bytes = bytes(context);
      MultiMap query = context.queryParams();
      var bare = new Asked(guest, context.request(), query, id, last, Asked.NOTHING, address);
      later(context, () -> carryOut(bare, bytes, on, way, operation));
    }

    private Reply carryOut(Asked bare, byte[] bytes, String on, Way way, Operation operation) {
      Admission.Guest guest = bare.guest();
      String address = bare.from();
      Access access = Access.allowed(guest.visitor().who(), way.verb, on, guest.why(), address);
      try {
        Asked asked = bare.with(Asked.body(bytes));
        String why = asked.why();
        access = Access.allowed(guest.visitor().who(), way.verb, on, why, address);
        if (way.reasoned && why.isEmpty()) {
          throw Refusal.invalid("why: a reason is needed");
        }
        if (way.told) {
          write(access);
        }
        return work(asked, operation);
      } catch (Refusal refusal) {
        return refused(access, refusal);
      }
    }

    private Reply work(Asked asked, Operation operation) throws Refusal {
      boolean in = false;
      try {
        in = permits.tryAcquire(PATIENCE_S, TimeUnit.SECONDS);
        if (!in) {
          throw new Refusal(Refusal.Code.BUSY, "too much is asked of the recordings");
        }
        return operation.run(asked);
      } catch (NotNow e) {
        throw new Refusal(Refusal.Code.NOT_NOW, String.valueOf(e.getMessage()), e);
      } catch (SQLException e) {
        log.error("the index of recordings does not answer: {}", e.toString());
        throw new Refusal(Refusal.Code.BUSY, "the index of recordings does not answer", e);
      } catch (IOException | RuntimeException e) {
        log.error("a recording cannot be read", e);
        throw new Refusal(Refusal.Code.INTERNAL, "it cannot be read; the log says more", e);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new Refusal(Refusal.Code.BUSY, "the process ends", e);
      } finally {
        if (in) {
          permits.release();
        }
      }
    }

    private Reply refused(Access access, Refusal refusal) {
      try {
        if (!access.what().isEmpty() && refusal.code != Refusal.Code.NOT_AUDITED) {
          accesses.write(access.refused(refusal.detail));
        }
      } catch (IOException e) {
        log.error("what is refused is not in the audit log: {}", e.getMessage());
      }
      return Reply.refused(refusal);
    }

    /** Carries it out on a thread that may wait. */
    private void later(RoutingContext context, Supplier<Reply> work) {
      Context loop = context.vertx().getOrCreateContext();
      Future.fromCompletionStage(
              CompletableFuture.supplyAsync(work, Thread::startVirtualThread), loop)
          .onSuccess(reply -> send(context, reply))
          .onFailure(context::fail);
    }

    private void onFailure(RoutingContext context) {
      switch (context.statusCode()) {
        case 413 -> refuse(context, new Refusal(Refusal.Code.TOO_LARGE, "the body is too large"));
        case 429 ->
            refuse(context, new Refusal(Refusal.Code.RATE_LIMIT, "too many requests from there"));
        case 400 ->
            refuse(context, new Refusal(Refusal.Code.BAD_REQUEST, "the path or its encoding"));
        default -> {
          log.error("a defect while answering {}", context.request().path(), context.failure());
          refuse(context, new Refusal(Refusal.Code.INTERNAL, "a defect of ours"));
        }
      }
    }

    private void refuse(RoutingContext context, Refusal refusal) {
      send(context, Reply.refused(refusal));
    }
  }

  private void write(Access access) throws Refusal {
    try {
      accesses.write(access);
    } catch (IOException e) {
      log.error("{} by {} is refused: {}", access.what(), access.who(), e.getMessage());
      String why = "it cannot be written into the audit log, so it is not done; the log says why";
      throw new Refusal(Refusal.Code.NOT_AUDITED, why, e);
    }
  }

  private static byte[] bytes(RoutingContext context) {
    Buffer body = context.body().buffer();
    return body == null ? new byte[0] : body.getBytes();
  }

  private static void send(RoutingContext context, Reply reply) {
    HttpServerResponse response = context.response();
    if (response.ended() || response.closed()) {
      return; // the asker has gone
    }
    response.putHeader(HttpHeaders.CACHE_CONTROL, "no-store");
    reply.headers().forEach(response::putHeader);
    if (!reply.type().isEmpty()) {
      response.putHeader(HttpHeaders.CONTENT_TYPE, reply.type());
    }
    Sound sound = reply.sound();
    if (sound != null) {
      SoundSending.begin(context, sound);
    } else if (reply.type().isEmpty()) {
      response.setStatusCode(reply.status()).end();
    } else if (HttpMethod.HEAD.equals(context.request().method())) {
      String length = String.valueOf(reply.body().length);
      response.setStatusCode(reply.status()).putHeader(HttpHeaders.CONTENT_LENGTH, length).end();
    } else {
      response.setStatusCode(reply.status()).end(Buffer.buffer(reply.body()));
    }
  }

  private static Refusal nothingHere() {
    return new Refusal(Refusal.Code.NOT_FOUND, "there is nothing at this address");
  }
}
