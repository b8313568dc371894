package parley.signalling.call;

import static org.assertj.core.api.Assertions.assertThat;
import static parley.signalling.call.Scene.jid;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import parley.relay.api.PeerId;
import parley.relay.api.RelayCommand;
import parley.signalling.wire.CallDevice;
import parley.signalling.wire.CallOnliner;
import parley.signalling.wire.ChatShort;
import parley.signalling.wire.ChatType;
import parley.signalling.wire.ClientEvent;
import parley.signalling.wire.IsoTime;
import parley.signalling.wire.Jid;
import parley.signalling.wire.ServerEvent;

/** Stories; what each input does in each state stands in {@link TransitionTest}. */
class CallTest {

  @Nested
  class DirectCall {

    @Test
    void ringsTheOtherSideAndBeginsWhenItAccepts() {
      Scene scene = Scene.direct();
      assertThat(scene.does("offer a1"))
          .containsExactly("relay Open", "relay Offer", "buzz→Bob", "state→Alice,Bob");
      ServerEvent.CallState ringing = scene.event(ServerEvent.CallState.class);
      assertThat(ringing.buzz()).isTrue();
      assertThat(ringing.start()).isNull();
      assertThat(ringing.created()).isEqualTo(new IsoTime(Scene.CREATED));
      assertThat(scene.does("answered a1")).containsExactly("answer→a1");

      scene.after(Duration.ofSeconds(5));
      assertThat(scene.does("offer b1"))
          .containsExactly("buzzcancel→Bob but b1", "relay Offer", "state→Alice,Bob");
      ServerEvent.CallState begun = scene.event(ServerEvent.CallState.class);
      assertThat(begun.buzz()).isFalse();
      assertThat(begun.start()).isEqualTo(new IsoTime(Scene.CREATED.plusSeconds(5)));
      assertThat(begun.onliners())
          .extracting(CallOnliner::jid)
          .containsExactly(jid("Alice"), jid("Bob"));
    }

    @Test
    void namesToEachSideTheOther() {
      Scene scene = Scene.direct();
      scene.does("offer a1");
      assertThat(scene.event(ServerEvent.CallBuzz.class))
          .satisfies(
              buzz -> {
                assertThat(buzz.jid()).isEqualTo(jid("Alice"));
                assertThat(buzz.displayName()).isEqualTo("Alice A.");
                assertThat(buzz.chat().jid()).isEqualTo(jid("Alice"));
                assertThat(buzz.chat().chatType()).isEqualTo(ChatType.DIRECT);
                assertThat(buzz.actor().jid()).isEqualTo(jid("Alice"));
                assertThat(buzz.buzzTimeout()).isEqualTo(45);
                assertThat(buzz.team()).isEqualTo(buzz.teaminfo().uid());
              });
      assertThat(statesByRecipient(scene))
          .containsExactly(List.of(jid("Alice"), jid("Bob")), List.of(jid("Bob"), jid("Alice")));
      scene.does("answered a1");
      assertThat(scene.event(ServerEvent.CallAnswer.class).jid()).isEqualTo(jid("Bob"));
      scene.given("offer b1", "answered b1").does("talking a1");
      assertThat(scene.event(ServerEvent.CallTalking.class).actor()).isEqualTo(jid("Alice"));
    }

    @Test
    void isOneCallWhenBothCallAtOnce() {
      Scene scene = Scene.direct();
      scene.does("offer b1");
      scene.does("offer a1");
      assertThat(scene.call.state()).isEqualTo(State.ACTIVE);
      assertThat(scene.does("answered a1")).containsExactly("answer→a1");
      assertThat(scene.does("answered b1")).containsExactly("answer→b1");
      assertThat(CallKey.direct(Scene.TEAM.uid(), jid("Alice"), jid("Bob")))
          .isEqualTo(CallKey.direct(Scene.TEAM.uid(), jid("Bob"), jid("Alice")));
    }

    @Test
    void tellsTheCallerWhyHeWasDeclined() {
      Scene scene = Scene.direct().given("offer a1");
      assertThat(scene.does("reject b2"))
          .containsExactly(
              "buzzcancel→Bob but b2", "reject→a1", "relay Close", "state→Alice,Bob", "finished");
      assertThat(scene.event(ServerEvent.CallReject.class).reason()).isEqualTo("busy");
      assertThat(scene.event(ServerEvent.CallReject.class).jid()).isEqualTo(jid("Bob"));
      assertThat(scene.event(ServerEvent.CallState.class).finish()).isNotNull();
      assertThat(scene.event(ServerEvent.CallState.class).buzz()).isFalse();
    }

    @Test
    void stopsRingingAfterItsTime() {
      Scene scene = Scene.direct().given("offer a1");
      assertThat(scene.does("tick 42")).isEmpty();
      assertThat(scene.call.nextDeadlineNs() - scene.nowNs).isPositive();
      scene.nowNs = scene.call.nextDeadlineNs();
      assertThat(scene.does("tick"))
          .containsExactly("buzzcancel→Bob", "relay Close", "state→Alice,Bob", "finished");
      assertThat(scene.call.nextDeadlineNs()).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void ringsADeviceThatConnectsLaterForTheTimeThatIsLeft() {
      Scene scene = Scene.direct().given("offer a1").after(Duration.ofSeconds(18));
      assertThat(scene.does("opened b3")).containsExactly("state→b3", "buzz→b3");
      assertThat(scene.event(ServerEvent.CallBuzz.class).buzzTimeout()).isEqualTo(25);
    }

    @Test
    void goesOnWhileOneDeviceOfEachSideIsIn() {
      Scene scene = Scene.direct().given("offer a1", "offer a2'", "offer b1");
      assertThat(scene.does("leave a1"))
          .containsExactly("relay Leave", "leave→a1", "state→Alice,Bob");
      assertThat(scene.call.state()).isEqualTo(State.ACTIVE);
      scene.does("leave a2'");
      assertThat(scene.call.finished()).isTrue();
    }

    private static List<List<Jid>> statesByRecipient(Scene scene) {
      return scene.last.stream()
          .filter(CallOutput.ToContacts.class::isInstance)
          .map(CallOutput.ToContacts.class::cast)
          .filter(to -> to.event() instanceof ServerEvent.CallState)
          .map(to -> List.of(to.contacts().getFirst(), ((ServerEvent.CallState) to.event()).jid()))
          .toList();
    }
  }

  @Nested
  class GroupCall {

    @Test
    void beginsAtOnceAndRingsNobodyByItself() {
      Scene scene = Scene.group();
      assertThat(scene.does("offer a1"))
          .containsExactly("relay Open", "relay Offer", "state→Alice,Bob,Carol,Dave");
      ServerEvent.CallState state = scene.event(ServerEvent.CallState.class);
      assertThat(state.jid()).isEqualTo(Scene.CHAT);
      assertThat(state.start()).isEqualTo(state.created());
      assertThat(state.buzz()).isFalse();
    }

    @Test
    void ringsEveryoneWhoIsNotInItAndNotRungAlready() {
      Scene scene = Scene.group().given("offer a1", "offer b1");
      assertThat(scene.does("buzz a1 Carol")).containsExactly("buzz→Carol");
      assertThat(scene.does("buzz b1")).containsExactly("buzz→Dave");
      assertThat(scene.does("buzz b1")).isEmpty();
      assertThat(scene.does("buzz a1 Eve Bob")).containsExactly("warning→a1");
    }

    @Test
    void ringsAgainWhoDeclined() {
      Scene scene = Scene.group().given("offer a1", "buzz a1 Carol", "reject c1");
      assertThat(scene.does("buzz a1 Carol")).containsExactly("buzz→Carol");
    }

    @Test
    void cancelsOnlyWhatTheSenderRang() {
      Scene scene = Scene.group().given("offer a1", "offer b1", "buzz a1 Carol", "buzz b1 Dave");
      assertThat(scene.does("buzzcancel b1")).containsExactly("buzzcancel→Dave");
      assertThat(scene.does("buzzcancel a1")).containsExactly("buzzcancel→Carol");
    }

    @Test
    void stopsRingingEachMemberAfterHisOwnTime() {
      Scene scene = Scene.group().given("offer a1", "buzz a1 Carol");
      scene.after(Duration.ofSeconds(20)).does("buzz a1 Dave");
      assertThat(scene.does("tick 24")).containsExactly("buzzcancel→Carol");
      assertThat(scene.does("tick 21")).containsExactly("buzzcancel→Dave");
      assertThat(scene.call.state()).isEqualTo(State.ACTIVE);
    }

    @Test
    void tellsOthersWhoLeftByHisOwnJid() {
      Scene scene = Scene.group().given("offer a1", "offer b1");
      scene.does("leave a1");
      List<ServerEvent> leaves =
          scene.last.stream()
              .filter(CallOutput.ToSessions.class::isInstance)
              .map(output -> ((CallOutput.ToSessions) output).event())
              .toList();
      assertThat(leaves)
          .containsExactly(
              new ServerEvent.CallLeave(Scene.CHAT, Scene.UID),
              new ServerEvent.CallLeave(jid("Alice"), Scene.UID));
    }

    @Test
    void letsNoMoreInThanThePolicyAllows() {
      Scene scene = Scene.group(policy(false, 2)).given("offer a1", "offer b1");
      assertThat(scene.does("offer c1")).containsExactly("warning→c1", "leave→c1");
      assertThat(scene.event(ServerEvent.Warning.class).message())
          .isEqualTo("the call is full, 2 are in it");
      assertThat(scene.does("offer b2'")).contains("relay Offer");
      scene.does("leave a1");
      assertThat(scene.does("offer c1")).contains("relay Offer");
    }

    @Test
    void mutesEveryoneElseAndLetsThemUnmute() {
      Scene scene = Scene.group().given("offer a1", "offer a2'", "offer b1", "offer c1 muted");
      assertThat(scene.does("muteall a1"))
          .containsExactly("relay Mute", "muteall→b1,c1", "state→Alice,Bob,Carol,Dave");
      assertThat(onliner(scene, "Alice").muted()).isFalse();
      assertThat(onliner(scene, "Bob").muted()).isTrue();
      assertThat(scene.does("unmute b1")).containsExactly("relay Mute", "sound→b1");
    }

    @Test
    void leavesMutingToAdministratorsWhenThePolicySaysSo() {
      CallPolicy policy = adminsMute();
      Scene scene = Scene.group(policy).given("offer a1", "offer b1");
      assertThat(scene.does("muteall a1")).containsExactly("warning→a1");
      scene.admins = true;
      assertThat(scene.does("muteall a1")).contains("muteall→b1");
      Scene direct = Scene.direct(policy).given("offer a1", "offer b1");
      assertThat(direct.does("muteall b1")).contains("muteall→a1");
    }
  }

  @Nested
  class Devices {

    @Test
    void countAsOneParticipantMutedWhenAllAre() {
      Scene scene = Scene.group();
      scene.does("offer a1 muted");
      assertThat(onliner(scene, "Alice").muted()).isTrue();
      scene.after(Duration.ofSeconds(1)).does("offer a2'");
      assertThat(onliner(scene, "Alice").muted()).isFalse();
      assertThat(onliner(scene, "Alice").devices())
          .containsExactly(new CallDevice(true, "Browser"), new CallDevice(false, "Other"));
    }

    @Test
    void giveWayToTheNewerWhenOnlyOneIsAllowed() {
      Scene scene = Scene.group(policy(true, 0)).given("offer a1", "offer b1");
      assertThat(scene.does("offer a2'"))
          .containsExactly(
              "debug→a1", "relay Leave", "leave→a1", "relay Offer", "state→Alice,Bob,Carol,Dave");
      assertThat(scene.call.participants()).containsExactly(jid("Alice"), jid("Bob"));
    }

    @Test
    void keepTheirPeerWhenTheyComeBackOnAnotherSocket() {
      Scene scene = Scene.group().given("offer a1", "offer b1");
      PeerId peer = scene.peer("a1");
      scene.given("lost a1");
      assertThat(scene.does("offer a2")).containsExactly("relay Offer");
      assertThat(scene.peer("a2")).isEqualTo(peer);
      assertThat(scene.does("tick 60")).isEmpty();
      assertThat(scene.does("talking b1")).containsExactly("talking→a2,b1");
    }

    @Test
    void takeTheirSeatFromASocketThatIsNotYetKnownToBeDead() {
      Scene scene = Scene.group().given("offer a1@phone");
      assertThat(scene.does("offer a2@phone"))
          .containsExactly("debug→a1@phone", "leave→a1@phone", "relay Offer");
      assertThat(scene.peer("a2@phone")).isEqualTo(scene.peer("a1@phone"));
      assertThat(scene.does("lost a1@phone")).isEmpty();
      assertThat(scene.does("tick 60")).isEmpty();
    }

    @Test
    void areNotMistakenForEachOther() {
      Scene scene = Scene.group().given("offer a1@phone", "lost a1@phone");
      assertThat(scene.does("offer a2@laptop")).contains("relay Offer");
      assertThat(scene.peer("a2@laptop")).isNotEqualTo(scene.peer("a1@phone"));
    }

    @Test
    void getANewPeerWhenTheyLeaveAndComeAgain() {
      Scene scene = Scene.group().given("offer a1", "offer b1");
      PeerId before = scene.peer("a1");
      scene.given("leave a1", "offer a1");
      assertThat(scene.peer("a1")).isNotEqualTo(before);
    }

    @Test
    void stayWhileTheirSocketIsDeadAndGoWhenItStaysSo() {
      Scene scene = Scene.group().given("offer a1", "offer b1", "lost a1");
      assertThat(scene.call.participants()).contains(jid("Alice"));
      assertThat(scene.does("tick 27")).isEmpty();
      assertThat(scene.does("tick 1"))
          .containsExactly("relay Leave", "leave→b1", "state→Alice,Bob,Carol,Dave");
      assertThat(scene.call.participants()).containsExactly(jid("Bob"));
    }

    @Test
    void mayHangUpOnANewSocketBeforeOffering() {
      Scene scene = Scene.direct().given("offer a1", "offer b1", "lost a1");
      assertThat(scene.does("leave a2"))
          .containsExactly(
              "leave→a2", "relay Leave", "leave→b1", "relay Close", "state→Alice,Bob", "finished");
    }

    @Test
    void getTheAnswerToTheirOwnOfferOnly() {
      Scene scene = Scene.group().given("offer a1@phone", "offer a2@phone");
      assertThat(scene.does("answered a2@phone")).isEmpty();
      assertThat(scene.does("answered a2@phone")).containsExactly("answer→a2@phone");
      assertThat(scene.does("answered a2@phone")).isEmpty();
    }

    @Test
    void getCandidatesApartUnlessTheyTrickle() {
      Scene scene = Scene.group();
      scene.does("offer a1");
      scene.does("answered a1");
      assertThat(scene.event(ServerEvent.CallAnswer.class).candidates()).hasSize(1);
      scene.does("offer b1 trickle");
      scene.does("answered b1");
      assertThat(scene.event(ServerEvent.CallAnswer.class).candidates()).isEmpty();
      assertThat(scene.event(ServerEvent.CallAnswer.class).onliners()).hasSize(2);
    }

    @Test
    void areToldToWaitWhenTheyOfferTooFast() {
      Scene scene = Scene.group();
      for (int i = 0; i < Seat.MAX_ASKED; i++) {
        assertThat(scene.does("offer a1")).contains("relay Offer");
      }
      assertThat(scene.does("offer a1")).containsExactly("warning→a1");
      scene.does("answered a1");
      assertThat(scene.does("offer a1")).containsExactly("relay Offer");
    }

    @Test
    void stayWhenAnEarlierOfferIsRefusedAndALaterOneIsUnderWay() {
      Scene scene = Scene.group().given("offer a1", "offer a1");
      assertThat(scene.does("refused a1")).containsExactly("warning→a1");
      assertThat(scene.does("gone a1")).isEmpty();
      assertThat(scene.does("answered a1")).containsExactly("answer→a1");
    }

    @Test
    void learnTheReasonOfARefusal() {
      Scene scene = Scene.group().given("offer a1", "offer b1");
      scene.does("refused b1");
      ServerEvent.Warning warning = scene.event(ServerEvent.Warning.class);
      assertThat(warning.message()).isEqualTo("no audio in it");
      assertThat(warning.orig())
          .hasToString(
              "{\"event\":\"client.call.offer\",\"params\":{\"jid\":\"" + Scene.CHAT + "\"}}");
    }
  }

  @Nested
  class Talking {

    @Test
    void isToldOnChangeToEveryoneInTheCall() {
      Scene scene = Scene.group().given("offer a1", "offer b1");
      assertThat(scene.does("talking a1")).containsExactly("talking→a1,b1");
      assertThat(scene.does("talking a1")).isEmpty();
      assertThat(scene.does("silent a1")).containsExactly("talking→a1,b1");
    }

    @Test
    void goesOnWhileAnotherDeviceOfTheSamePersonTalks() {
      Scene scene = Scene.group().given("offer a1", "offer a2'", "talking a1");
      assertThat(scene.does("talking a2'")).isEmpty();
      assertThat(scene.does("silent a1")).isEmpty();
      assertThat(scene.does("leave a2'")).startsWith("talking→a1,a2'");
    }

    @Test
    void endsWithMuting() {
      Scene scene = Scene.group().given("offer a1", "talking a1");
      assertThat(scene.does("mute a1"))
          .containsExactly("relay Mute", "talking→a1", "sound→a1", "state→Alice,Bob,Carol,Dave");
      assertThat(scene.does("talking a1")).isEmpty();
    }
  }

  @Nested
  class Recording {

    @Test
    void isShownWhenItHappensAndNotWhenItIsAskedFor() {
      Scene scene = Scene.group();
      scene.does("offer a1");
      assertThat(scene.event(ServerEvent.CallState.class).audiorecord()).isFalse();
      scene.given("record off").does("recording on");
      assertThat(scene.event(ServerEvent.CallState.class).audiorecord()).isTrue();
      assertThat(scene.does("recording on")).isEmpty();
    }

    @Test
    void isAskedForAsTheChatWantsIt() {
      Scene scene = Scene.group();
      scene.does("offer a1");
      RelayCommand.Open open = scene.command(RelayCommand.Open.class);
      assertThat(open.record()).isTrue();
      assertThat(open.info().chat()).isEqualTo(Scene.CHAT.toString());
      Scene direct = Scene.direct().given("record off");
      direct.does("offer a1");
      assertThat(direct.command(RelayCommand.Open.class).record()).isFalse();
      assertThat(direct.command(RelayCommand.Open.class).info().chat())
          .isEqualTo(jid("Alice") + "+" + jid("Bob"));
    }
  }

  @Nested
  class Restart {

    @Test
    void asksEveryoneToOfferAgainUnderTheSameUid() {
      Scene scene = Scene.group().given("offer a1", "offer b1", "recording on", "talking a1");
      PeerId peer = scene.peer("a1");
      assertThat(scene.does("failed"))
          .containsExactly(
              "relay Close", "talking→a1,b1", "restart→a1,b1", "state→Alice,Bob,Carol,Dave");
      assertThat(scene.event(ServerEvent.CallState.class).audiorecord()).isFalse();
      assertThat(scene.does("offer a1")).containsExactly("relay Open", "relay Offer");
      assertThat(scene.peer("a1")).as("late news of the lost peer mean nobody").isNotEqualTo(peer);
      assertThat(scene.does("offer b1")).containsExactly("relay Offer");
      assertThat(scene.call.state()).isEqualTo(State.ACTIVE);
      assertThat(scene.does("tick 60")).isEmpty();
    }

    @Test
    void letsGoOfWhoDoesNotOfferInTime() {
      Scene scene = Scene.group().given("offer a1", "offer b1", "failed", "offer a1");
      assertThat(scene.does("tick 30"))
          .containsExactly("debug→b1", "relay Leave", "leave→b1,a1", "state→Alice,Bob,Carol,Dave");
      assertThat(scene.call.participants()).containsExactly(jid("Alice"));
    }

    @Test
    void goesBackToRingingWhenNobodyHadAccepted() {
      Scene scene = Scene.direct().given("offer a1", "failed");
      scene.does("offer a1");
      assertThat(scene.call.state()).isEqualTo(State.RINGING);
      scene.given("failed").does("offer b1");
      assertThat(scene.call.state()).isEqualTo(State.ACTIVE);
    }

    @Test
    void isNotTriedForEver() {
      Scene scene = Scene.group().given("offer a1");
      for (int i = 0; i < RelayLine.MAX_RESTARTS; i++) {
        assertThat(scene.does("failed")).contains("restart→a1");
        scene.given("offer a1");
      }
      assertThat(scene.does("failed"))
          .containsExactly(
              "relay Close", "debug→a1", "leave→a1", "state→Alice,Bob,Carol,Dave", "finished");
    }
  }

  @Nested
  class TheState {

    @Test
    void isToldAtOnceAndThenAtMostOncePerInterval() {
      Scene scene = Scene.group();
      assertThat(scene.does("offer a1")).contains("state→Alice,Bob,Carol,Dave");
      assertThat(scene.does("offer b1")).containsExactly("relay Offer");
      assertThat(scene.does("offer c1")).containsExactly("relay Offer");
      assertThat(scene.call.nextDeadlineNs())
          .isEqualTo(scene.nowNs + Duration.ofMillis(205).toNanos());
      scene.nowNs = scene.call.nextDeadlineNs();
      assertThat(scene.does("tick")).containsExactly("state→Alice,Bob,Carol,Dave");
      assertThat(scene.event(ServerEvent.CallState.class).onliners()).hasSize(3);
      assertThat(scene.call.nextDeadlineNs()).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void isAlwaysToldAtTheEnd() {
      Scene scene = Scene.direct();
      scene.does("offer a1");
      assertThat(scene.does("leave a1")).contains("state→Alice,Bob", "finished");
      assertThat(scene.event(ServerEvent.CallState.class).onliners()).isEmpty();
    }

    @Test
    void growsInItsVersionEvenWhenTimeStandsStill() {
      Scene scene = Scene.group();
      scene.does("offer a1");
      long first = scene.event(ServerEvent.CallState.class).gentime();
      assertThat(first).isEqualTo(1767323045000006000L);
      scene.does("opened d1");
      assertThat(scene.event(ServerEvent.CallState.class).gentime()).isGreaterThan(first);
    }

    @Test
    void ofAThousandJoinersTakesAFewMessages() {
      var chat = new ChatShort(Scene.CHAT, ChatType.GROUP, "All", null);
      List<Jid> people =
          java.util.stream.IntStream.range(0, 1000)
              .mapToObj(i -> new Jid(Jid.Kind.CONTACT, new UUID(7, i)))
              .toList();
      var place = new CallPlace.Chat(Scene.TEAM, chat, Set.copyOf(people), false);
      var call = new Call(Scene.UID, place, CallPolicy.defaults(), Scene.CREATED, 0);
      int states = 0;
      for (int i = 0; i < people.size(); i++) {
        long nowNs = Duration.ofMillis(5).toNanos() * i;
        if (call.nextDeadlineNs() <= nowNs) {
          call.on(new CallInput.Tick(), nowNs);
        }
        var person = new Person(people.get(i), "Name", "Name", "", null, false);
        var device = new Device(new SessionId("s" + i), "", "");
        var offer = new ClientEvent.CallOffer(Scene.CHAT, false, false, "v=0");
        call.on(new CallInput.FromClient(person, device, offer), nowNs);
        for (CallOutput output = call.poll(); output != null; output = call.poll()) {
          states += output instanceof CallOutput.ToContacts ? 1 : 0;
        }
      }
      assertThat(call.participants()).hasSize(1000);
      assertThat(states).isLessThan(15);
    }
  }

  @Test
  void tellsADeviceThatComesBackWhoTalksAtThatMoment() {
    Scene scene = Scene.direct().given("offer a1", "answered a1", "offer b1", "answered b1");
    scene.given("talking a1", "lost b1", "offer b2");
    assertThat(scene.does("answered b2")).containsExactly("answer→b2", "talking→b2");
    ServerEvent.CallTalking talking = scene.event(ServerEvent.CallTalking.class);
    assertThat(talking.jid()).isEqualTo(jid("Alice"));
    assertThat(talking.actor()).isEqualTo(jid("Alice"));
    assertThat(talking.talking()).isTrue();
    assertThat(scene.given("offer b2").does("answered b2")).containsExactly("answer→b2");
  }

  @Test
  void tellsALateComerWhoTalksAtThatMoment() {
    Scene scene = Scene.group().given("offer a1", "offer b1", "talking a1", "offer c1");
    assertThat(scene.does("answered c1")).containsExactly("answer→c1", "talking→c1");
  }

  @Test
  void summarisesWhatItWas() {
    Scene scene = Scene.direct().given("offer a1", "offer b1");
    scene.does("leave b1");
    CallSummary summary = ((CallOutput.Finished) scene.last.getLast()).summary();
    assertThat(summary.participants()).containsExactlyInAnyOrder(jid("Alice"), jid("Bob"));
    assertThat(summary.reason()).isEqualTo("left");
    assertThat(summary.place()).isEqualTo(scene.place.key());
  }

  @Test
  void showsItselfToTheListOfRunningCalls() {
    Scene scene = Scene.direct().given("offer a1");
    assertThat(scene.call.seenBy(jid("Bob")).jid()).isEqualTo(jid("Alice"));
    assertThat(scene.call.seenBy(jid("Bob")).start()).isNull();
    assertThat(scene.call.seenBy(jid("Alice")).onlineCount()).isEqualTo(1);
  }

  private static CallOnliner onliner(Scene scene, String name) {
    return scene.event(ServerEvent.CallState.class).onliners().stream()
        .filter(onliner -> onliner.jid().equals(jid(name)))
        .findFirst()
        .orElseThrow();
  }

  private static CallPolicy policy(boolean onlyOneDevice, int maxParticipants) {
    CallPolicy it = CallPolicy.defaults();
    return new CallPolicy(
        it.buzzTimeout(),
        it.grace(),
        it.restartTimeout(),
        it.stateInterval(),
        onlyOneDevice,
        maxParticipants,
        it.muteAll());
  }

  private static CallPolicy adminsMute() {
    CallPolicy it = CallPolicy.defaults();
    return new CallPolicy(
        it.buzzTimeout(),
        it.grace(),
        it.restartTimeout(),
        it.stateInterval(),
        false,
        0,
        CallPolicy.MuteAll.ADMINS);
  }
}
