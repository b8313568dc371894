package parley.signalling.call;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;
import org.jspecify.annotations.Nullable;
import parley.relay.api.RelayCommand;
import parley.relay.api.RelayEvent;
import parley.signalling.wire.CallOnliner;
import parley.signalling.wire.ChatShort;
import parley.signalling.wire.ChatType;
import parley.signalling.wire.ClientEvent;
import parley.signalling.wire.Jid;
import parley.signalling.wire.ServerEvent;

/**
 * Whatever people, sockets, the chat and the relay do, in whatever order: the promises of a call
 * hold. A failure prints the seed that repeats it.
 */
class CallPropertyTest {

  private static final int STEPS = 400;

  /** How long a call that is over is still bothered. */
  private static final int LATE_STEPS = 30;

  @Property(tries = 1000, shrinking = ShrinkingMode.OFF)
  void directCallsKeepTheirPromises(@ForAll long seed) {
    new World(seed, true).live();
  }

  @Property(tries = 1000, shrinking = ShrinkingMode.OFF)
  void groupCallsKeepTheirPromises(@ForAll long seed) {
    new World(seed, false).live();
  }

  /** People with several sockets each, a relay, and what everybody has been told. */
  private static final class World {
    private final Random random;
    private final CallPlace place;
    private final Call call;
    private final SimulatedRelay relay;
    private final List<Jid> people = new ArrayList<>();
    private final Map<SessionId, Jid> sockets = new HashMap<>();
    private Set<Jid> members;
    private Set<Jid> membersBefore;
    private int lastSocket;
    private long nowNs = 5_000_000_000L;

    // what has been told
    private final Set<Jid> rung = new TreeSet<>();
    private final Map<SessionId, Set<Jid>> talking = new HashMap<>();
    private long gentime;
    private ServerEvent.@Nullable CallState state;
    private int finishes;
    private int finishStates;
    private @Nullable SessionId sender;
    private @Nullable CallInput again;

    World(long seed, boolean direct) {
      random = new Random(seed);
      for (String name : Scene.NAMES) {
        people.add(Scene.jid(name));
      }
      Set<Jid> all = new TreeSet<>(people.subList(0, direct ? 2 : 4));
      place =
          direct
              ? new CallPlace.Direct(
                  Scene.TEAM, Scene.person("Alice", false), Scene.person("Bob", true), true)
              : new CallPlace.Chat(
                  Scene.TEAM, new ChatShort(Scene.CHAT, ChatType.GROUP, "All", null), all, true);
      members = all;
      membersBefore = all;
      CallPolicy defaults = CallPolicy.defaults();
      var policy =
          new CallPolicy(
              defaults.buzzTimeout(),
              defaults.grace(),
              defaults.restartTimeout(),
              defaults.stateInterval(),
              random.nextBoolean(),
              random.nextInt(4) == 0 ? 3 : 0,
              random.nextBoolean() ? CallPolicy.MuteAll.ADMINS : CallPolicy.MuteAll.PARTICIPANTS);
      call = new Call(Scene.UID, place, policy, Scene.CREATED, nowNs);
      relay = new SimulatedRelay(Scene.UID, random);
      people.forEach(this::connect);
    }

    void live() {
      int late = 0;
      for (int step = 0; step < STEPS && late < LATE_STEPS; step++) {
        late += call.finished() ? 1 : 0;
        nowNs +=
            random.nextInt(20) == 0 ? Duration.ofSeconds(random.nextInt(20)).toNanos() : 50_000_000;
        step();
      }
      everybodyGoesHome();
    }

    private void step() {
      sender = null;
      CallInput input =
          switch (random.nextInt(12)) {
            case 0 -> lose();
            case 1 -> connect(anyone());
            case 2, 3 -> new CallInput.Tick();
            case 4, 5, 6 -> said(relay.poll());
            case 7 -> random.nextInt(20) == 0 ? membersChange() : new CallInput.Tick();
            case 8 -> again == null ? new CallInput.Tick() : again;
            default -> random.nextInt(25) == 0 ? order() : speak();
          };
      if (input instanceof CallInput.FromClient in) {
        again = in; // clients say things twice
        sender = in.session();
      }
      tell(input);
    }

    private void tell(CallInput input) {
      boolean finishedBefore = call.finished();
      call.on(input, nowNs);
      for (CallOutput output = call.poll(); output != null; output = call.poll()) {
        check(output, finishedBefore);
      }
      membersBefore = members;
      checkStanding();
    }

    private void check(CallOutput output, boolean finishedBefore) {
      switch (output) {
        case CallOutput.ToRelay to -> {
          assertThat(finishedBefore).isFalse();
          relay.submit(to.command());
          if (to.command() instanceof RelayCommand.Offer offer) {
            rung.remove(Jid.of(offer.info().contact()));
          }
        }
        case CallOutput.Decided decided -> {}
        case CallOutput.Finished end -> finishes++;
        case CallOutput.ToSessions to -> {
          for (SessionId session : to.sessions()) {
            Jid contact = sockets.get(session);
            if (contact == null) {
              throw new AssertionError("told to a socket that is dead: " + to);
            }
            assertThat(mayHear(contact) || session.equals(sender)).as(to + "").isTrue();
            assertThat(!finishedBefore || session.equals(sender))
                .as("after the end: " + to)
                .isTrue();
            heard(contact, to.event(), false);
            listen(session, contact, to.event());
          }
          note(to.event());
        }
        case CallOutput.ToContacts to -> {
          assertThat(finishedBefore).as("after the end: " + to).isFalse();
          assertThat(to.contacts()).doesNotHaveDuplicates().isNotEmpty();
          for (Jid contact : to.contacts()) {
            assertThat(mayHear(contact)).as(to + "").isTrue();
            heard(contact, to.event(), true);
          }
          note(to.event());
        }
      }
    }

    private boolean mayHear(Jid contact) {
      return members.contains(contact) || membersBefore.contains(contact);
    }

    /** What one recipient makes of an event. */
    private void heard(Jid contact, ServerEvent event, boolean onAllSessions) {
      Jid chat = place.seenBy(contact).jid();
      switch (event) {
        case ServerEvent.CallAnswer it -> assertThat(it.jid()).isEqualTo(chat);
        case ServerEvent.CallBuzz it -> {
          assertThat(it.jid()).isEqualTo(chat);
          assertThat(it.chat().jid()).isEqualTo(chat);
          assertThat(it.actor().jid()).isNotEqualTo(contact);
          assertThat(it.buzzTimeout()).isBetween(1, 45);
          if (onAllSessions) {
            assertThat(rung.add(contact)).as("rung twice").isTrue();
          }
        }
        case ServerEvent.CallBuzzCancel it -> {
          assertThat(it.jid()).isEqualTo(chat);
          if (onAllSessions) {
            assertThat(rung.remove(contact)).as("cancelled without being rung").isTrue();
          }
        }
        case ServerEvent.CallLeave it -> {
          boolean someoneElse = it.jid().isContact() && !it.jid().equals(contact);
          assertThat(it.jid().equals(chat) || someoneElse).isTrue();
        }
        case ServerEvent.CallReject it -> assertThat(it.jid()).isEqualTo(chat);
        case ServerEvent.CallRestart it -> assertThat(it.jid()).isEqualTo(chat);
        case ServerEvent.CallSound it -> assertThat(it.jid()).isEqualTo(chat);
        case ServerEvent.CallMuteAll it -> assertThat(it.jid()).isEqualTo(chat);
        case ServerEvent.CallState it -> assertThat(it.jid()).isEqualTo(chat);
        case ServerEvent.CallTalking it -> {
          assertThat(it.jid()).isEqualTo(chat);
          assertThat(call.finished() || members.contains(it.actor()) || mayHear(it.actor()))
              .isTrue();
        }
        case ServerEvent.CallCheckFingerprint it -> {}
        case ServerEvent.Warning it -> assertThat(it.message()).isNotBlank();
        case ServerEvent.Debug it -> assertThat(it.text()).startsWith("call ");
        case ServerEvent.Confirm it -> unexpected(it);
        case ServerEvent.Login it -> unexpected(it);
        case ServerEvent.Online it -> unexpected(it);
        case ServerEvent.Panic it -> unexpected(it);
        case ServerEvent.Time it -> unexpected(it);
      }
    }

    private static void unexpected(ServerEvent event) {
      throw new AssertionError("a call never says " + event);
    }

    /** What is true of an event, whoever hears it. */
    private void note(ServerEvent event) {
      if (event instanceof ServerEvent.CallState it) {
        assertThat(it.gentime()).isGreaterThanOrEqualTo(gentime);
        gentime = it.gentime();
        boolean other = state == null || state.gentime() != it.gentime();
        if (other && it.finish() != null) {
          finishStates++;
        }
        assertThat(it.buzz() && it.start() != null).isFalse();
        assertThat(it.finish() == null || it.onliners().isEmpty()).isTrue();
        state = it;
      }
    }

    /** Whom a device believes to be talking. */
    private void listen(SessionId session, Jid contact, ServerEvent event) {
      Set<Jid> heard = talking.computeIfAbsent(session, it -> new TreeSet<>());
      if (event instanceof ServerEvent.CallTalking it && it.talking()) {
        assertThat(heard.add(it.actor())).as("talks twice").isTrue();
      } else if (event instanceof ServerEvent.CallTalking it) {
        heard.remove(it.actor());
      } else if (event instanceof ServerEvent.CallLeave it
          && it.jid().equals(place.seenBy(contact).jid())) {
        heard.clear(); // it is out itself
      }
    }

    /** What holds between any two inputs. */
    private void checkStanding() {
      Set<Jid> in = new HashSet<>(call.participants());
      assertThat(members).containsAll(in);
      assertThat(Collections.disjoint(in, rung)).as("rung although in it").isTrue();
      assertThat(call.finished()).isEqualTo(finishes == 1);
      if (call.finished()) {
        assertThat(rung).isEmpty();
        assertThat(in).isEmpty();
        assertThat(relay.isQuiet()).isTrue();
        assertThat(call.nextDeadlineNs()).isEqualTo(Long.MAX_VALUE);
      } else {
        talking.values().forEach(heard -> assertThat(in).containsAll(heard));
      }
    }

    /** All sockets die; the call has to find its end by itself, and to have told the truth. */
    private void everybodyGoesHome() {
      if (!call.finished() && call.nextDeadlineNs() < Long.MAX_VALUE) {
        nowNs = Math.max(nowNs, nowNs + Duration.ofSeconds(3).toNanos());
        tell(new CallInput.Tick());
      }
      if (!call.finished() && state != null) {
        assertThat(state.onliners().stream().map(CallOnliner::jid).toList())
            .isEqualTo(call.participants());
      }
      for (SessionId session : List.copyOf(sockets.keySet())) {
        sockets.remove(session);
        talking.remove(session);
        tell(new CallInput.SessionLost(session));
      }
      for (int i = 0; i < 1000 && call.nextDeadlineNs() < Long.MAX_VALUE; i++) {
        nowNs = Math.max(nowNs, call.nextDeadlineNs());
        tell(new CallInput.Tick());
      }
      assertThat(call.nextDeadlineNs()).isEqualTo(Long.MAX_VALUE);
      assertThat(call.finished() || call.state() == State.NEW).isTrue();
      assertThat(rung).isEmpty();
      assertThat(relay.isQuiet()).isTrue();
      assertThat(finishes).isLessThanOrEqualTo(1);
      assertThat(finishStates).isEqualTo(state == null ? 0 : 1);
    }

    // --- what people do

    private CallInput connect(Jid contact) {
      var session = new SessionId("s" + ++lastSocket);
      sockets.put(session, contact);
      return new CallInput.SessionOpened(contact, session);
    }

    private CallInput lose() {
      SessionId session = anySocket();
      if (session == null) {
        return connect(anyone());
      }
      sockets.remove(session);
      talking.remove(session);
      if (again instanceof CallInput.FromClient in && in.session().equals(session)) {
        again = null; // the dead say nothing
      }
      return new CallInput.SessionLost(session);
    }

    private CallInput membersChange() {
      Set<Jid> now = new TreeSet<>(place.members());
      if (random.nextBoolean()) {
        now.remove(anyone());
      }
      members = now;
      return new CallInput.MembersChanged(now);
    }

    private CallInput said(@Nullable RelayEvent event) {
      return event == null ? new CallInput.Tick() : new CallInput.FromRelay(event);
    }

    private CallInput speak() {
      SessionId session = anySocket();
      if (session == null) {
        return connect(anyone());
      }
      Jid contact = Objects.requireNonNull(sockets.get(session));
      Jid chat = place.seenBy(contact).jid();
      ClientEvent.OfCall event =
          switch (random.nextInt(14)) {
            case 0 -> new ClientEvent.CallTrickle(chat, "candidate:1", "", 0);
            case 1 -> new ClientEvent.CallBuzz(chat, List.of());
            case 2 -> new ClientEvent.CallBuzz(chat, List.of(anyone(), anyone()));
            case 3 -> new ClientEvent.CallBuzzCancel(chat);
            case 4 -> new ClientEvent.CallLeave(chat, "");
            case 5 -> new ClientEvent.CallReject(chat, "");
            case 6 -> new ClientEvent.CallSound(chat, random.nextBoolean());
            case 7 -> new ClientEvent.CallMuteAll(chat);
            case 8 -> new ClientEvent.CallOffer(chat, false, false, "");
            default ->
                new ClientEvent.CallOffer(chat, random.nextBoolean(), random.nextBoolean(), "v=0");
          };
      int name = people.indexOf(contact);
      var person = Scene.person(Scene.NAMES.get(name), random.nextInt(3) == 0);
      String instance = random.nextInt(3) == 0 ? "client" + random.nextInt(2) : "";
      return new CallInput.FromClient(person, new Device(session, "Browser", instance), event);
    }

    private CallInput order() {
      List<Jid> some = random.nextBoolean() ? List.of() : List.of(anyone(), anyone());
      int ringer = random.nextInt(members.size());
      String name = Scene.nameOf(List.copyOf(members).get(ringer));
      Person by = Scene.person(name, false);
      return new CallInput.FromServer(
          switch (random.nextInt(12)) {
            case 0 -> new CallOrder.End();
            case 1, 2 -> new CallOrder.Ring(by, some);
            case 3 -> new CallOrder.Mute(null);
            case 4, 5 -> new CallOrder.Mute(anyone());
            case 6, 7 -> new CallOrder.Remove(anyone());
            default -> new CallOrder.Start(by, some);
          });
    }

    private Jid anyone() {
      return people.get(random.nextInt(people.size()));
    }

    private @Nullable SessionId anySocket() {
      List<SessionId> all = sockets.keySet().stream().sorted(World::bySession).toList();
      return all.isEmpty() ? null : all.get(random.nextInt(all.size()));
    }

    private static int bySession(SessionId one, SessionId other) {
      return one.value().compareTo(other.value());
    }
  }
}
