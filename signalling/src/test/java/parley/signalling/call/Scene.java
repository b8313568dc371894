package parley.signalling.call;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import parley.relay.api.CallId;
import parley.relay.api.IceCandidate;
import parley.relay.api.PeerId;
import parley.relay.api.RecordingPolicy;
import parley.relay.api.RelayCommand;
import parley.relay.api.RelayEvent;
import parley.signalling.wire.ChatShort;
import parley.signalling.wire.ChatType;
import parley.signalling.wire.ClientEvent;
import parley.signalling.wire.IconData;
import parley.signalling.wire.Jid;
import parley.signalling.wire.ServerEvent;
import parley.signalling.wire.TeamId;
import parley.signalling.wire.TeamShort;

/**
 * A call with people around it, spoken to in words: {@code offer a1} is Alice's first device
 * offering. Sessions are a letter and a number; Eve is nobody's colleague. The relay answers only
 * when told to.
 */
final class Scene {

  static final TeamShort TEAM =
      new TeamShort(new TeamId("6aefcf3b-e61c-4f35-8b5b-9d762a6a6cf9"), "Demo", null);
  static final Jid CHAT = Jid.of("g-3f7e2a85-49f5-4586-8229-d9c52813dcb2");
  static final CallId UID = new CallId("0b1ba0a5-5a9a-4fd1-8d38-90a0f6b2d3f1");
  static final Instant CREATED = Instant.parse("2026-01-02T03:04:05.000006Z");
  static final List<String> NAMES = List.of("Alice", "Bob", "Carol", "Dave", "Eve");

  final Call call;
  final CallPlace place;
  final List<CallOutput> last = new ArrayList<>();
  long nowNs = 1_000_000_000L;
  boolean admins;
  private final Map<String, PeerId> peers = new HashMap<>();

  private Scene(CallPlace place, CallPolicy policy) {
    this.place = place;
    this.call = new Call(UID, place, policy, CREATED, nowNs);
  }

  static Scene direct() {
    return direct(CallPolicy.defaults());
  }

  static Scene direct(CallPolicy policy) {
    return new Scene(
        new CallPlace.Direct(TEAM, person("Alice", false), person("Bob", false), true), policy);
  }

  static Scene group() {
    return group(CallPolicy.defaults());
  }

  static Scene group(CallPolicy policy) {
    Set<Jid> members = jids("Alice", "Bob", "Carol", "Dave");
    var chat = new ChatShort(CHAT, ChatType.GROUP, "All", null);
    return new Scene(new CallPlace.Chat(TEAM, chat, members, true), policy);
  }

  static Person person(String name, boolean admin) {
    return new Person(jid(name), name + " A.", name, "", IconData.letters(name, "#000"), admin);
  }

  static Jid jid(String name) {
    return Jid.of("d-%08d-0000-4000-8000-000000000000".formatted(NAMES.indexOf(name) + 1));
  }

  static Set<Jid> jids(String... names) {
    return Arrays.stream(names).map(Scene::jid).collect(Collectors.toCollection(TreeSet::new));
  }

  static String nameOf(Jid jid) {
    return NAMES.stream().filter(name -> jid(name).equals(jid)).findFirst().orElse("chat");
  }

  static String nameOfSession(SessionId session) {
    char letter = session.value().charAt(0);
    return NAMES.get(letter - 'a');
  }

  PeerId peer(String session) {
    return peers.getOrDefault(session, new PeerId("nobody"));
  }

  Scene after(Duration time) {
    nowNs += time.toNanos();
    return this;
  }

  /** Does several things, then lets all that is merged be told. */
  Scene given(String... inputs) {
    for (String input : inputs) {
      does(input);
    }
    after(Duration.ofSeconds(1)).does("tick");
    after(Duration.ofSeconds(1));
    last.clear();
    return this;
  }

  /** Does one thing; what the call wants done about it, in words. */
  List<String> does(String input) {
    last.clear();
    call.on(parse(input), nowNs);
    for (CallOutput output = call.poll(); output != null; output = call.poll()) {
      last.add(output);
      if (output instanceof CallOutput.ToRelay(RelayCommand.Offer offer)) {
        peers.put(input.split(" ", -1)[1], offer.peer());
      }
    }
    return words(last);
  }

  /** What was just decided about the recording: {@code refused: The disk is full.}. */
  List<String> decisions() {
    return last.stream()
        .filter(CallOutput.Decided.class::isInstance)
        .map(CallOutput.Decided.class::cast)
        .map(d -> d.decision().word() + (d.reason().isEmpty() ? "" : ": " + d.reason()))
        .toList();
  }

  /** The last of the events of this type that were just sent. */
  <T extends ServerEvent> T event(Class<T> type) {
    return last.stream()
        .map(Scene::eventOf)
        .filter(type::isInstance)
        .map(type::cast)
        .reduce((first, second) -> second)
        .orElseThrow(() -> new AssertionError("no " + type.getSimpleName() + " in " + last));
  }

  <T extends RelayCommand> T command(Class<T> type) {
    return last.stream()
        .map(output -> output instanceof CallOutput.ToRelay to ? to.command() : null)
        .filter(type::isInstance)
        .map(type::cast)
        .reduce((first, second) -> second)
        .orElseThrow(() -> new AssertionError("no " + type.getSimpleName() + " in " + last));
  }

  private static @Nullable ServerEvent eventOf(CallOutput output) {
    return switch (output) {
      case CallOutput.ToSessions to -> to.event();
      case CallOutput.ToContacts to -> to.event();
      case CallOutput.ToRelay to -> null;
      case CallOutput.Decided decided -> null;
      case CallOutput.Finished end -> null;
    };
  }

  CallInput parse(String input) {
    String[] words = input.split(" ", -1);
    String arg = words.length > 1 ? words[1] : "";
    List<String> rest = Arrays.asList(words).subList(Math.min(2, words.length), words.length);
    return switch (words[0]) {
      case "offer" ->
          from(
              arg,
              new ClientEvent.CallOffer(
                  jidFrom(arg),
                  rest.contains("muted"),
                  rest.contains("trickle"),
                  rest.contains("empty") ? " " : "v=0"));
      case "trickle" -> from(arg, new ClientEvent.CallTrickle(jidFrom(arg), "candidate:1", "0", 0));
      case "buzz" ->
          from(arg, new ClientEvent.CallBuzz(jidFrom(arg), rest.stream().map(Scene::jid).toList()));
      case "buzzcancel" -> from(arg, new ClientEvent.CallBuzzCancel(jidFrom(arg)));
      case "leave" -> from(arg, new ClientEvent.CallLeave(jidFrom(arg), ""));
      case "reject" -> from(arg, new ClientEvent.CallReject(jidFrom(arg), "busy"));
      case "mute" -> from(arg, new ClientEvent.CallSound(jidFrom(arg), true));
      case "unmute" -> from(arg, new ClientEvent.CallSound(jidFrom(arg), false));
      case "muteall" -> from(arg, new ClientEvent.CallMuteAll(jidFrom(arg)));
      case "answered" ->
          relay(
              new RelayEvent.Answered(
                  UID, peer(arg), "v=0 answer", List.of(new IceCandidate("candidate:2", 0))));
      case "refused" -> relay(new RelayEvent.Refused(UID, peer(arg), "no audio in it"));
      case "connected" -> relay(new RelayEvent.Connected(UID, peer(arg), "sha-256 AB"));
      case "talking" -> relay(new RelayEvent.Talking(UID, peer(arg), true));
      case "silent" -> relay(new RelayEvent.Talking(UID, peer(arg), false));
      case "gone" -> relay(new RelayEvent.Gone(UID, peer(arg), "consent lapsed"));
      case "stranded" -> relay(new RelayEvent.Lost(UID, peer(arg)));
      case "recording" ->
          relay(new RelayEvent.Recording(UID, arg.equals("on"), String.join(" ", rest)));
      case "ready" -> relay(new RelayEvent.RecordingReady(UID, Path.of("somewhere")));
      case "failed" -> relay(new RelayEvent.Failed(UID, "defect"));
      case "opened" -> new CallInput.SessionOpened(jidOf(arg), new SessionId(arg));
      case "lost" -> new CallInput.SessionLost(new SessionId(arg));
      case "without" -> new CallInput.MembersChanged(membersWithout(arg));
      case "rule" ->
          new CallInput.RecordingRuled(
              RecordingPolicy.plain(
                  RecordingPolicy.Mode.valueOf(arg.toUpperCase(Locale.ROOT)), true));
      case "mask" ->
          new CallInput.MaskAsked(arg.equals("all") ? null : jid(arg), true, "token chat", "card");
      case "unmask" ->
          new CallInput.MaskAsked(arg.equals("all") ? null : jid(arg), false, "token chat", "");
      case "agreed" -> new CallInput.Agreed(jid(arg), rest.isEmpty(), "agreed at noon");
      case "record" -> new CallInput.RecordingAsked(arg.equals("on"));
      case "start" -> order(new CallOrder.Start(person(arg, false), names(rest)));
      case "end" -> order(new CallOrder.End());
      case "ring" -> order(new CallOrder.Ring(person(arg, false), names(rest)));
      case "silence" -> order(new CallOrder.Mute(arg.isEmpty() ? null : jid(arg)));
      case "remove" -> order(new CallOrder.Remove(jid(arg)));
      case "tick" -> {
        after(Duration.ofSeconds(arg.isEmpty() ? 0 : Integer.parseInt(arg)));
        yield new CallInput.Tick();
      }
      default -> throw new IllegalArgumentException("no such input: " + input);
    };
  }

  private CallInput from(String session, ClientEvent.OfCall event) {
    String name = nameOfSession(new SessionId(session));
    String[] parts = session.split("@", -1); // a1@phone: the client that calls itself phone
    String instance = parts.length > 1 ? parts[1] : "";
    String useragent = session.contains("'") ? "Other" : "Browser";
    return new CallInput.FromClient(
        person(name, admins), new Device(new SessionId(session), useragent, instance), event);
  }

  private static CallInput order(CallOrder order) {
    return new CallInput.FromServer(order);
  }

  private static List<Jid> names(List<String> names) {
    return names.stream().map(Scene::jid).toList();
  }

  private static CallInput relay(RelayEvent event) {
    return new CallInput.FromRelay(event);
  }

  private Set<Jid> membersWithout(String name) {
    Set<Jid> members = new LinkedHashSet<>(place.members());
    members.remove(jid(name));
    return members;
  }

  private static Jid jidOf(String session) {
    return jid(nameOfSession(new SessionId(session)));
  }

  private Jid jidFrom(String session) {
    return place.seenBy(jidOf(session)).jid();
  }

  /** Outputs in words: {@code relay Open}, {@code answer→a1}, {@code state→Alice,Bob}. */
  static List<String> words(List<CallOutput> outputs) {
    List<String> words = new ArrayList<>();
    for (CallOutput output : outputs) {
      if (output instanceof CallOutput.Decided) {
        continue; // nobody hears of it: see decisions()
      }
      String word = word(output);
      String lastWord = words.isEmpty() ? "" : words.getLast();
      String kind = word.substring(0, word.indexOf('→') + 1);
      if (!kind.isEmpty() && lastWord.startsWith(kind)) {
        words.set(words.size() - 1, lastWord + "," + word.substring(kind.length()));
      } else {
        words.add(word);
      }
    }
    return words;
  }

  private static String word(CallOutput output) {
    return switch (output) {
      case CallOutput.ToRelay to -> "relay " + to.command().getClass().getSimpleName();
      case CallOutput.Decided decided -> "";
      case CallOutput.Finished end -> "finished";
      case CallOutput.ToSessions to ->
          kind(to.event())
              + "→"
              + to.sessions().stream().map(SessionId::value).collect(Collectors.joining(","));
      case CallOutput.ToContacts to ->
          kind(to.event())
              + "→"
              + to.contacts().stream().map(Scene::nameOf).collect(Collectors.joining(","))
              + (to.except() == null ? "" : " but " + to.except());
    };
  }

  private static String kind(ServerEvent event) {
    String name = event.name();
    return name.substring(name.lastIndexOf('.') + 1);
  }
}
