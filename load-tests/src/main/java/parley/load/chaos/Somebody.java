package parley.load.chaos;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.SocketException;
import java.net.http.HttpClient;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import parley.load.bench.media.Leg;
import parley.load.bench.media.RemoteEnd;
import parley.load.bench.media.Swarm;
import parley.load.bench.server.ClientOffer;

/**
 * A person with a client that does what the client library does: it connects again to whichever
 * node takes it, offers again when it is told to, when its media is dead and when nobody answers,
 * and keeps the old way for its sound until the new one is there and the others have had the time
 * to come, too. A thread of its own.
 */
final class Somebody {

  private static final long STEP_NS = TimeUnit.MILLISECONDS.toNanos(10);

  /** Between two attempts to reach a node. */
  private static final long RETRY_NS = TimeUnit.MILLISECONDS.toNanos(100);

  /** As the client library waits. */
  private static final long ANSWER_NS = TimeUnit.SECONDS.toNanos(10);

  /** An answer leads to a connection in so much time, or never. */
  private static final long CONNECT_NS = TimeUnit.SECONDS.toNanos(5);

  /** Checks follow each other in five seconds: one was not answered. */
  private static final long DEAD_NS = TimeUnit.SECONDS.toNanos(7);

  /** As the client library goes on sending by the old way. */
  private static final long LINGER_NS = TimeUnit.SECONDS.toNanos(2);

  private static final long PING_NS = TimeUnit.SECONDS.toNanos(15);

  final int number;
  final Place home;
  private final Cluster cluster;
  private final ChaosTeam team;
  private final Swarm swarm;
  private final Silences silences;
  private final HttpClient http;
  private final Random random;
  private final Thread thread;

  /** Offers on a living socket that nobody answered, and restarts nobody told of. */
  final AtomicInteger lost = new AtomicInteger();

  private volatile boolean ended;
  private volatile boolean wants;
  private volatile boolean goHome;
  private volatile Place place;
  private volatile String uid = "";
  private volatile String mediaAddress = "";
  private @Nullable Line line;
  private @Nullable Leg current;
  private @Nullable Leg next;
  private @Nullable Leg last;
  private long lastUntilNs;
  private @Nullable CompletableFuture<Leg> connecting;
  private String nextAddress = "";
  private boolean waiting;
  private long offeredNs;
  private long answeredNs;
  private long pauseUntilNs;
  private long pingNs;

  Somebody(
      int number,
      Place home,
      Cluster cluster,
      ChaosTeam team,
      Swarm swarm,
      Silences silences,
      HttpClient http,
      long seed) {
    this.number = number;
    this.home = home;
    this.place = home;
    this.cluster = cluster;
    this.team = team;
    this.swarm = swarm;
    this.silences = silences;
    this.http = http;
    this.random = new Random(seed);
    this.thread = Thread.ofVirtual().name("person-" + number).unstarted(this::live);
  }

  void begin() {
    goHome = true;
    thread.start();
  }

  int group() {
    return team.groupOf(number);
  }

  boolean wants() {
    return wants;
  }

  /** Comes into the call of the group, or goes. */
  void wants(boolean now) {
    wants = now;
  }

  /** Connects again to the first node, if it was at another one. */
  void goHome() {
    goHome = true;
  }

  boolean isGoingHome() {
    return goHome;
  }

  /** The node that holds the socket. */
  Place place() {
    return place;
  }

  /** The call that this client believes to be in; empty: none. */
  String uid() {
    return uid;
  }

  /** Where the media goes; empty: nowhere. */
  String mediaAddress() {
    return mediaAddress;
  }

  void end() throws InterruptedException {
    ended = true;
    thread.join();
  }

  private void live() {
    while (!ended) {
      try {
        step(System.nanoTime());
      } catch (SocketException e) {
        throw new IllegalStateException("no more sockets", e);
      }
      LockSupport.parkNanos(STEP_NS);
    }
    hangUp();
    Line open = line;
    if (open != null) {
      open.close();
    }
  }

  private void step(long nowNs) throws SocketException {
    Line open = line;
    if (goHome && place != home && open != null) {
      open.close();
    }
    if (open == null || open.isDown()) {
      connect(nowNs);
      return;
    }
    goHome = false;
    for (JsonNode event = open.poll(); event != null; event = open.poll()) {
      on(event, nowNs);
    }
    adopt(nowNs);
    if (nowNs > lastUntilNs) {
      drop(last);
      last = null;
    }
    if (nowNs - pingNs > PING_NS) {
      pingNs = nowNs;
      open.say("client.ping");
    }
    if (nowNs < pauseUntilNs) {
      return;
    }
    if (wants) {
      stay(open, nowNs);
    } else if (current != null || next != null) {
      open.say("client.call.leave", "jid", chat());
      hangUp();
    }
  }

  private void stay(Line open, long nowNs) throws SocketException {
    Leg talks = current;
    if (waiting && nowNs - offeredNs > ANSWER_NS) {
      lost.incrementAndGet();
      offer(open, nowNs);
    } else if (!waiting && next != null && nowNs - answeredNs > CONNECT_NS) {
      offer(open, nowNs); // that node has gone meanwhile
    } else if (talks == null && next == null) {
      offer(open, nowNs);
    } else if (talks != null && next == null && nowNs - talks.confirmedNs() > DEAD_NS) {
      lost.incrementAndGet(); // nobody has told of a restart
      offer(open, nowNs);
    }
  }

  private String chat() {
    return team.group(group());
  }

  private void connect(long nowNs) throws SocketException {
    Line before = line;
    if (before != null) {
      before.close();
      line = null;
    }
    if (nowNs < pauseUntilNs) {
      return;
    }
    List<Place> places = cluster.living();
    Place to =
        goHome && home.isUp() || places.isEmpty()
            ? home
            : places.get(random.nextInt(places.size()));
    Line open = to.isUp() ? Line.open(http, to.url(), team.token(number)) : null;
    if (open == null) {
      pauseUntilNs = System.nanoTime() + RETRY_NS;
      return;
    }
    line = open;
    place = to;
    waiting = false;
    if (wants && (current != null || next != null)) {
      offer(open, nowNs); // the seat is kept for whoever comes back soon
    }
  }

  private void offer(Line open, long nowNs) throws SocketException {
    drop(next);
    Leg leg = swarm.newLeg();
    silences.is(leg.index(), number);
    next = leg;
    connecting = null;
    waiting = true;
    offeredNs = nowNs;
    open.say("client.call.offer", "jid", chat(), "sdp", ClientOffer.sdp(leg, team.each() - 1));
  }

  private void on(JsonNode event, long nowNs) throws SocketException {
    JsonNode params = event.path("params");
    Line open = line;
    if (!params.path("jid").asText().equals(chat()) || open == null) {
      return;
    }
    switch (event.path("event").asText()) {
      case "server.call.answer" -> onAnswer(params, open, nowNs);
      case "server.call.restart" -> {
        if (wants) {
          offer(open, nowNs);
        }
      }
      case "server.call.leave" -> {
        if (params.path("uid").asText().equals(uid)) {
          hangUp(); // who still wants to be in it comes again
        }
      }
      default -> {}
    }
  }

  private void onAnswer(JsonNode params, Line open, long nowNs) {
    Leg leg = next;
    if (!wants) {
      open.say("client.call.leave", "jid", chat()); // he has thought better of it meanwhile
    } else if (leg != null && waiting) {
      waiting = false;
      answeredNs = nowNs;
      uid = params.path("uid").asText();
      RemoteEnd end = RemoteEnd.of(params.path("jsep").path("sdp").asText());
      nextAddress = RemoteEnd.text(end.address());
      connecting = leg.connect(end);
    }
  }

  /** The new way is there: the old one is needed no more. */
  private void adopt(long nowNs) {
    CompletableFuture<Leg> coming = connecting;
    Leg leg = next;
    if (coming == null || leg == null || !coming.isDone()) {
      return;
    }
    connecting = null;
    if (coming.isCompletedExceptionally()) {
      answeredNs = nowNs - CONNECT_NS - 1;
      return;
    }
    drop(last);
    last = current;
    lastUntilNs = nowNs + LINGER_NS;
    current = leg;
    next = null;
    mediaAddress = nextAddress;
    swarm.murmur(leg);
  }

  private void drop(@Nullable Leg leg) {
    if (leg != null) {
      leg.close();
      silences.isNobodys(leg.index());
    }
  }

  private void hangUp() {
    drop(next);
    drop(current);
    drop(last);
    next = null;
    current = null;
    last = null;
    connecting = null;
    waiting = false;
    uid = "";
    mediaAddress = "";
    silences.left(number);
  }
}
