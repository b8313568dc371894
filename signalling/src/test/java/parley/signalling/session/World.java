package parley.signalling.session;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import parley.relay.api.CallId;
import parley.relay.api.MediaRelay;
import parley.relay.api.RecordingHealth;
import parley.relay.api.RelayCommand;
import parley.relay.api.RelayEvent;
import parley.signalling.call.CallPolicy;
import parley.signalling.call.Device;
import parley.signalling.call.SessionId;
import parley.signalling.directory.Contact;
import parley.signalling.directory.DemoTeam;
import parley.signalling.directory.Directory;
import parley.signalling.directory.Team;
import parley.signalling.settings.SettingsException;
import parley.signalling.wire.EventCodec;
import parley.signalling.wire.Jid;
import parley.signalling.wire.OnlineCall;

/** The demo team on a switchboard, in virtual time, with a relay that answers at once. */
final class World {

  static final Jid MEETING = Jid.of("g-3f7e2a85-49f5-4586-8229-d9c52813dcb2");

  private static final ObjectMapper JSON = new ObjectMapper();

  final EventCodec codec = new EventCodec();
  final Team team = DemoTeam.load().team();
  final AnsweringRelay relay = new AnsweringRelay();
  final Switchboard switchboard;
  final List<CallEvent> told = new ArrayList<>();
  private final Instant began = Instant.parse("2026-01-02T03:04:05.678901Z");
  private long nowNs = 1_000_000_000L;
  private int lastCall;
  private int lastSession;

  World() {
    this(RecordingPolicies.builtIn());
  }

  World(RecordingPolicies recording) {
    switchboard =
        new Switchboard(
            codec,
            new SessionSettings(Duration.ofSeconds(5), CallPolicy.defaults(), recording),
            relay,
            () -> began.plusNanos(nowNs),
            () -> new CallId("00000000-0000-4000-8000-%012d".formatted(++lastCall)),
            told::add);
  }

  /** The team changes; its file is the demo's, in which a text is replaced. */
  void changes(String text, String by) {
    try (InputStream in = requireNonNull(World.class.getResourceAsStream("/demo-directory.yaml"))) {
      String yaml = new String(in.readAllBytes(), StandardCharsets.UTF_8);
      assertThat(yaml).contains(text);
      Path file = Files.createTempFile("directory", ".yaml");
      Files.writeString(file, yaml.replace(text, by));
      Team changed = requireNonNull(Directory.read(file).team(team.uid()));
      Files.delete(file);
      switchboard.on(new LoopInput.TeamChanged(changed), nowNs);
      relay.deliver();
    } catch (IOException | SettingsException e) {
      throw new AssertionError(e);
    }
  }

  /** A relay that accepts every offer, or refuses every command. */
  final class AnsweringRelay implements MediaRelay {
    final List<RelayCommand> commands = new ArrayList<>();
    boolean overloaded;
    RecordingHealth health = RecordingHealth.GOOD;
    private final List<RelayEvent> events = new ArrayList<>();

    @Override
    public boolean submit(RelayCommand command) {
      if (overloaded) {
        return false;
      }
      commands.add(command);
      if (command instanceof RelayCommand.Offer offer) {
        events.add(new RelayEvent.Answered(offer.call(), offer.peer(), "v=0 answer", List.of()));
      }
      return true;
    }

    @Override
    public RecordingHealth recordingHealth() {
      return health;
    }

    @Override
    public void close() {}

    /** The media of a contact's last offer is gone. */
    void givesUp(Jid contact, String why) {
      RelayCommand.Offer last =
          commands.stream()
              .filter(RelayCommand.Offer.class::isInstance)
              .map(RelayCommand.Offer.class::cast)
              .filter(offer -> offer.info().contact().equals(contact.toString()))
              .reduce((first, second) -> second)
              .orElseThrow();
      events.add(new RelayEvent.Gone(last.call(), last.peer(), why));
      deliver();
    }

    private void deliver() {
      while (!events.isEmpty()) {
        switchboard.on(new LoopInput.FromRelay(events.removeFirst()), nowNs);
      }
    }
  }

  /** A client's socket: what it got, and what it says. */
  final class Client implements Link {
    final SessionId session = new SessionId("session-" + ++lastSession);
    final Jid jid;
    final List<String> texts = new ArrayList<>();

    /** What {@link Link#calls} told, in its order. */
    final List<List<OnlineCall>> calls = new ArrayList<>();

    int closed;
    boolean slow;

    private Client(Jid jid) {
      this.jid = jid;
    }

    @Override
    public boolean send(String text) {
      if (slow) {
        return false;
      }
      texts.add(text);
      return true;
    }

    @Override
    public void close(int code, String reason) {
      closed = code;
    }

    @Override
    public void calls(List<OnlineCall> running) {
      calls.add(running);
    }

    void says(String json) {
      byte[] utf8 = json.replace('\'', '"').getBytes(StandardCharsets.UTF_8);
      var frame = codec.decode(utf8);
      switchboard.on(new LoopInput.FromClient(session, frame, utf8.length), nowNs);
      relay.deliver();
    }

    void offers(Jid to) {
      says("{'event':'client.call.offer','params':{'jid':'" + to + "','sdp':'v=0'}}");
    }

    void leaves() {
      switchboard.on(new LoopInput.Closed(session), nowNs);
    }

    /** Everything since the last look. */
    List<JsonNode> hears() {
      List<JsonNode> events = texts.stream().map(World::json).toList();
      texts.clear();
      return events;
    }

    List<String> hearsNames() {
      return hears().stream().map(event -> event.get("event").textValue()).toList();
    }

    /** The events of this name since the last look. */
    List<JsonNode> hears(String name) {
      return hears().stream().filter(event -> event.get("event").textValue().equals(name)).toList();
    }
  }

  /** Signs somebody in: "Alice". */
  Client signIn(String shortName) {
    return signIn(shortName, "Mozilla/5.0 (X11; Linux x86_64; rv:153.0) Gecko Firefox/153.0");
  }

  Jid jid(String shortName) {
    return contact(shortName).jid();
  }

  private Contact contact(String shortName) {
    return team.contacts().stream()
        .filter(each -> each.shortName().equals(shortName))
        .findFirst()
        .orElseThrow();
  }

  Client signIn(String shortName, String useragent) {
    return signIn(shortName, useragent, Reach.EVERYTHING);
  }

  /** Signs somebody in whose chat server speaks for itself. */
  Client signInBehindAChatServer(String shortName) {
    return signIn(shortName, "Chat/1.0", Reach.CALLS);
  }

  private Client signIn(String shortName, String useragent, Reach reach) {
    Contact contact = contact(shortName);
    var client = new Client(contact.jid());
    var device = new Device(client.session, useragent, "");
    var arrival = new Arrival(team, contact.jid(), device, "http://here:1", client, reach);
    switchboard.on(new LoopInput.Opened(arrival), nowNs);
    return client;
  }

  /** A server asks; the reply, which comes at once. */
  ServerReply asks(ServerCommand command) {
    var reply = new CompletableFuture<ServerReply>();
    switchboard.on(new LoopInput.FromServer(command, reply), nowNs);
    relay.deliver();
    return reply.join();
  }

  void fromRelay(RelayEvent event) {
    switchboard.on(new LoopInput.FromRelay(event), nowNs);
  }

  void stop() {
    switchboard.stop(nowNs);
  }

  /** Lets time pass; whatever is due happens when it is due. */
  void pass(Duration time) {
    long untilNs = nowNs + time.toNanos();
    while (switchboard.nextDeadlineNs() <= untilNs) {
      nowNs = Math.max(nowNs, switchboard.nextDeadlineNs());
      switchboard.onTime(nowNs);
      relay.deliver();
    }
    nowNs = untilNs;
    switchboard.onTime(nowNs);
  }

  static JsonNode json(String text) {
    try {
      return requireNonNull(JSON.readTree(text));
    } catch (JsonProcessingException e) {
      throw new AssertionError(text, e);
    }
  }
}
