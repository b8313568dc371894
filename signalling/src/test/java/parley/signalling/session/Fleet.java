package parley.signalling.session;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import parley.relay.api.CallId;
import parley.relay.api.LegReport;
import parley.relay.api.MediaRelay;
import parley.relay.api.RelayCommand;
import parley.relay.api.RelayEvent;
import parley.relay.api.TrunkLine;
import parley.signalling.call.CallPolicy;
import parley.signalling.call.Device;
import parley.signalling.call.SessionId;
import parley.signalling.cluster.LocalBus;
import parley.signalling.cluster.NodeId;
import parley.signalling.directory.Contact;
import parley.signalling.directory.DemoTeam;
import parley.signalling.directory.Team;
import parley.signalling.wire.EventCodec;
import parley.signalling.wire.Jid;

/** Several nodes of the demo team on one bus, in virtual time, each with a relay of its own. */
final class Fleet {

  static final Jid MEETING = World.MEETING;
  static final Duration LEASE = Duration.ofSeconds(3);

  final EventCodec codec = new EventCodec();
  final Team team = DemoTeam.load().team();
  private final ArrayDeque<Runnable> tasks = new ArrayDeque<>();
  private final PriorityQueue<Later> later = new PriorityQueue<>();
  final LocalBus.Hub hub = new LocalBus.Hub(tasks::add, this::later);
  final Map<String, Node> nodes = new TreeMap<>();
  private final Instant began = Instant.parse("2026-01-02T03:04:05.678901Z");
  private long nowNs = 1_000_000_000L;
  private int lastCall;
  private int lastSession;
  private long lastLater;

  /** What waits for its time. */
  private record Later(long atNs, long number, Runnable step) implements Comparable<Later> {
    @Override
    public int compareTo(Later other) {
      int byTime = Long.compare(atNs, other.atNs);
      return byTime == 0 ? Long.compare(number, other.number) : byTime;
    }
  }

  private void later(Duration delay, Runnable step) {
    later.add(new Later(nowNs + delay.toNanos(), ++lastLater, step));
  }

  private final int share;

  Fleet(String... names) {
    this(Cluster.ALL, names);
  }

  /**
   * @param share how many devices of a call one node carries
   */
  Fleet(int share, String... names) {
    this.share = share;
    for (String name : names) {
      nodes.put(name, new Node(name));
    }
    pass(Duration.ofSeconds(4)); // all know each other, and of each lease
  }

  Node node(String name) {
    return requireNonNull(nodes.get(name));
  }

  Node start(String name) {
    var node = new Node(name);
    nodes.put(name, node);
    settle();
    return node;
  }

  /** One that only holds sockets. */
  Node startWithoutRelay(String name) {
    var node = new Node(name, false);
    nodes.put(name, node);
    settle();
    return node;
  }

  /** A process with its relay. */
  final class Node implements MediaRelay {
    final NodeId id;
    final LocalBus bus = new LocalBus(hub);
    final Switchboard switchboard;
    final List<CallEvent> told = new ArrayList<>();

    /** Calls that the relay has, with the contacts whose media runs in each. */
    final Map<CallId, Map<String, String>> media = new LinkedHashMap<>();

    /** Lines to other relays, whatever call they are of. */
    final Map<String, TrunkLine> links = new TreeMap<>();

    /** What the relay says of legs, whatever call they are of. */
    List<LegReport> reports = List.of();

    /** Peers that the relay was told to mute, or not to. */
    final List<String> muted = new ArrayList<>();

    private final ArrayDeque<Runnable> steps = new ArrayDeque<>();
    private final List<RelayEvent> events = new ArrayList<>();
    boolean alive = true;

    Node(String name) {
      this(name, true);
    }

    /**
     * @param relay whether calls run on it
     */
    Node(String name, boolean relay) {
      id = new NodeId(name);
      switchboard =
          new Switchboard(
              codec,
              new SessionSettings(Duration.ofSeconds(5), CallPolicy.defaults()),
              this,
              () -> began.plusNanos(nowNs),
              () -> new CallId("00000000-0000-4000-8000-%012d".formatted(++lastCall)),
              told::add,
              new Cluster(
                  id,
                  bus,
                  "test",
                  LEASE,
                  "",
                  relay,
                  share,
                  () -> -1,
                  uid -> CompletableFuture.completedFuture(team),
                  uid -> {}),
              steps::add);
      switchboard.begin(nowNs);
    }

    @Override
    public boolean submit(RelayCommand command) {
      switch (command) {
        case RelayCommand.Open open ->
            assertThat(media.put(open.call(), new HashMap<>())).as("opened before").isNull();
        case RelayCommand.Close close -> media.remove(close.call());
        case RelayCommand.Offer offer -> {
          Map<String, String> peers =
              requireNonNull(media.get(offer.call()), "an offer before the call was opened");
          peers.put(offer.peer().value(), offer.info().contact());
          events.add(
              new RelayEvent.Answered(
                  offer.call(), offer.peer(), "v=0 answer of " + id, List.of()));
        }
        case RelayCommand.Leave leave -> {
          Map<String, String> peers = media.get(leave.call());
          if (peers != null) {
            peers.remove(leave.peer().value());
          }
        }
        case RelayCommand.Reach reach ->
            events.add(
                new RelayEvent.Reachable(
                    reach.call(),
                    List.of(new TrunkLine.Address("127.0.0.1", 1 + id.hashCode() & 0xFFFF))));
        case RelayCommand.Link link -> links.put(link.line().far(), link.line());
        case RelayCommand.Unlink link -> links.remove(link.far());
        case RelayCommand.Report report ->
            events.add(new RelayEvent.Reported(report.call(), reports));
        case RelayCommand.Mute mute -> muted.add(mute.peer().value());
        default -> {}
      }
      return true;
    }

    @Override
    public void close() {}

    void on(LoopInput input) {
      if (alive) {
        switchboard.on(input, nowNs);
      }
    }

    private boolean work() {
      boolean some = false;
      while (alive && (!steps.isEmpty() || !events.isEmpty())) {
        some = true;
        on(
            steps.isEmpty()
                ? new LoopInput.FromRelay(events.removeFirst())
                : new LoopInput.Step(steps.removeFirst()));
      }
      return some;
    }

    /** The process is gone, and every socket with it. */
    void kill() {
      alive = false;
      bus.close();
      steps.clear();
      media.clear();
    }

    /** Whether it can be reached, and reaches others. */
    void connected(boolean is) {
      bus.up(is);
      settle();
    }

    CompletableFuture<Void> drain() {
      var done = new CompletableFuture<Void>();
      on(new LoopInput.Drain(done));
      settle();
      return done;
    }

    void stop() {
      switchboard.stop(nowNs);
      settle();
      kill();
    }

    Client signIn(String shortName) {
      return signIn(shortName, "device of " + shortName);
    }

    Client signIn(String shortName, String instance) {
      Contact contact =
          team.contacts().stream()
              .filter(each -> each.shortName().equals(shortName))
              .findFirst()
              .orElseThrow();
      var client = new Client(this, contact.jid());
      var device = new Device(client.session, "Test/1.0 " + shortName, instance);
      var base = "http://" + id + ":1";
      on(
          new LoopInput.Opened(
              new Arrival(team, contact.jid(), device, base, client, Reach.EVERYTHING)));
      settle();
      return client;
    }
  }

  /** A client's socket: what it got, and what it says. */
  final class Client implements Link {
    final Node node;
    final SessionId session = new SessionId("session-" + ++lastSession);
    final Jid jid;
    private final List<JsonNode> heard = new ArrayList<>();

    /** The last {@code server.online}, for whoever keeps it. */
    @Nullable JsonNode online;

    /** What was confirmed, for whoever confirms. */
    final Set<String> confirmed = new HashSet<>();

    private Client(Node node, Jid jid) {
      this.node = node;
      this.jid = jid;
    }

    @Override
    public boolean send(String text) {
      if (node.alive) {
        heard.add(World.json(text));
      }
      return true;
    }

    @Override
    public void close(int code, String reason) {}

    void says(String event, Jid to) {
      String sdp = event.equals("offer") ? ",\"sdp\":\"v=0\"" : "";
      byte[] utf8 =
          ("{\"event\":\"client.call."
                  + event
                  + "\",\"params\":{\"jid\":\""
                  + to
                  + "\""
                  + sdp
                  + "}}")
              .getBytes(StandardCharsets.UTF_8);
      node.on(new LoopInput.FromClient(session, codec.decode(utf8), utf8.length));
    }

    void confirms(String confirmId) {
      byte[] utf8 =
          ("{\"event\":\"client.confirm\",\"params\":{\"confirm_id\":\"" + confirmId + "\"}}")
              .getBytes(StandardCharsets.UTF_8);
      node.on(new LoopInput.FromClient(session, codec.decode(utf8), utf8.length));
    }

    void offers(Jid to) {
      says("offer", to);
      settle();
    }

    void closes() {
      node.on(new LoopInput.Closed(session));
      settle();
    }

    /** The names of everything since the last look, but for who is online. */
    List<String> hears() {
      return take().stream()
          .map(event -> event.get("event").textValue())
          .filter(name -> !name.equals("server.online") && !name.equals("server.time"))
          .toList();
    }

    /** Everything since the last look. */
    List<JsonNode> hearsAll() {
      return take();
    }

    /** The events of this name since the last look. */
    List<JsonNode> hears(String name) {
      return take().stream().filter(event -> event.get("event").textValue().equals(name)).toList();
    }

    JsonNode hearsLast(String name) {
      List<JsonNode> all = hears(name);
      assertThat(all).as("%s to %s", name, jid).isNotEmpty();
      return all.getLast();
    }

    private List<JsonNode> take() {
      List<JsonNode> all = List.copyOf(heard);
      heard.clear();
      return all;
    }
  }

  Jid jid(String shortName) {
    return team.contacts().stream()
        .filter(each -> each.shortName().equals(shortName))
        .findFirst()
        .orElseThrow()
        .jid();
  }

  /** Whatever is on its way arrives. */
  void settle() {
    boolean some = true;
    while (some) {
      some = false;
      while (!tasks.isEmpty()) {
        tasks.removeFirst().run();
        some = true;
      }
      for (Node node : nodes.values()) {
        some |= node.work();
      }
    }
  }

  /** Lets time pass; whatever is due happens when it is due. */
  void pass(Duration time) {
    long untilNs = nowNs + time.toNanos();
    settle();
    while (nextNs() <= untilNs) {
      nowNs = Math.max(nowNs, nextNs());
      tick();
    }
    nowNs = untilNs;
    tick();
  }

  private void tick() {
    while (!later.isEmpty() && later.peek().atNs() <= nowNs) {
      later.remove().step().run();
    }
    for (Node node : nodes.values()) {
      if (node.alive) {
        node.switchboard.onTime(nowNs);
      }
    }
    settle();
  }

  private long nextNs() {
    long next = later.isEmpty() ? Long.MAX_VALUE : later.peek().atNs();
    for (Node node : nodes.values()) {
      if (node.alive) {
        next = Math.min(next, node.switchboard.nextDeadlineNs());
      }
    }
    return next;
  }

  /** A relay tells something. */
  void tells(Node node, RelayEvent event) {
    node.on(new LoopInput.FromRelay(event));
    settle();
  }

  /** Whether any relay, of whichever node, forwards this contact's sound. */
  boolean isHeard(Jid contact) {
    return nodes.values().stream()
        .filter(node -> node.alive)
        .flatMap(node -> node.media.values().stream())
        .anyMatch(media -> media.containsValue(contact.toString()));
  }

  /** Those whose relay has a call. */
  List<Node> owners() {
    return nodes.values().stream().filter(node -> node.alive && !node.media.isEmpty()).toList();
  }
}
