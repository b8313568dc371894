package parley.signalling.session;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import parley.relay.api.RecordingHealth;
import parley.relay.api.RelayCommand;
import parley.signalling.call.RecordingDecision;

class SwitchboardTest {

  private static final Duration MOMENT = Duration.ofMillis(500);

  private final World world = new World();

  @Test
  void greetsWithTheTimeAndThenWithWhoIsOnline() {
    World.Client alice = world.signIn("Alice");
    List<JsonNode> heard = alice.hears();
    assertThat(heard)
        .extracting(event -> event.get("event").textValue())
        .containsExactly("server.time", "server.online");
    assertThat(heard.getFirst().at("/params/time").textValue())
        .isEqualTo("2026-01-02T03:04:06.678901Z");
    assertThat(heard.getLast().at("/params/contacts/0/jid").textValue())
        .isEqualTo(alice.jid.toString());
  }

  @Test
  void greetsALateComerWithTheStateOfTheCallsInHisChats() {
    world.signIn("Alice").offers(World.MEETING);
    List<JsonNode> heard = world.signIn("Bob").hears();
    assertThat(heard)
        .extracting(event -> event.get("event").textValue())
        .containsSubsequence("server.time", "server.online", "server.call.state");
    assertThat(heard.get(1).at("/params/calls/0/jid").textValue())
        .isEqualTo(World.MEETING.toString());
  }

  @Test
  void tellsEveryoneSoonWhenSomebodyComesOrGoes() {
    World.Client alice = world.signIn("Alice");
    world.pass(MOMENT);
    alice.hears();
    World.Client bob = world.signIn("Bob");
    world.pass(MOMENT);
    assertThat(alice.hears("server.online")).hasSize(1);
    bob.leaves();
    world.pass(MOMENT);
    assertThat(alice.hears("server.online"))
        .singleElement()
        .satisfies(online -> assertThat(online.at("/params/contacts")).hasSize(1));
  }

  @Test
  void beginsNoCallThatMustBeRecordedAndCannotBe() {
    world.changes("audiorecord: true", "recording: required_before");
    world.relay.health = RecordingHealth.impossible("The disk for recordings is full.");
    World.Client alice = world.signIn("Alice");
    world.pass(MOMENT);
    alice.hears();

    alice.offers(World.MEETING);
    assertThat(alice.hearsNames()).containsExactly("server.warning", "server.call.leave");
    assertThat(world.relay.commands).isEmpty();
    assertThat(world.told)
        .filteredOn(CallEvent.RecordingDecided.class::isInstance)
        .singleElement()
        .satisfies(
            event -> {
              var decided = (CallEvent.RecordingDecided) event;
              assertThat(decided.decision()).isEqualTo(RecordingDecision.REFUSED);
              assertThat(decided.policy().name()).isEqualTo("required_before");
              assertThat(decided.reason()).isEqualTo("The disk for recordings is full.");
            });
    assertThat(world.told).filteredOn(CallEvent.RecordingFailed.class::isInstance).hasSize(1);

    world.relay.health = RecordingHealth.GOOD;
    alice.offers(World.MEETING);
    assertThat(world.relay.commands).isNotEmpty();
  }

  @Test
  void beginsNoCallByAPolicyThatNobodyKnows() {
    world.changes("audiorecord: true", "recording: trading");
    World.Client alice = world.signIn("Alice");
    world.pass(MOMENT);
    alice.hears();
    alice.offers(World.MEETING);
    assertThat(alice.hears("server.warning"))
        .singleElement()
        .satisfies(
            warning ->
                assertThat(warning.at("/params/message").textValue())
                    .contains("Its policy of recording, trading, is not in the settings."));
  }

  @Test
  void letsNobodyHaveSocketsWithoutEnd() {
    for (int i = 0; i < Switchboard.MAX_SESSIONS_PER_CONTACT; i++) {
      assertThat(world.signIn("Alice").closed).isZero();
    }
    assertThat(world.signIn("Alice").closed).isEqualTo(1008);
    assertThat(world.signIn("Bob").closed).isZero();
    assertThat(world.switchboard.sessions()).isEqualTo(Switchboard.MAX_SESSIONS_PER_CONTACT + 1);
  }

  @Test
  void mergesChangesThatFollowEachOther() {
    World.Client alice = world.signIn("Alice");
    world.pass(MOMENT);
    alice.hears();
    world.signIn("Bob").leaves();
    World.Client bob = world.signIn("Bob");
    bob.says("{'event':'client.activity','params':{'afk':true}}");
    world.pass(MOMENT);
    assertThat(alice.hears("server.online"))
        .singleElement()
        .satisfies(
            online -> assertThat(online.at("/params/contacts/1/afk").booleanValue()).isTrue());
  }

  @Test
  void tellsWhoIsOnlineAtLeastOnceAMinute() {
    World.Client alice = world.signIn("Alice");
    world.pass(MOMENT);
    alice.hears();
    world.pass(Duration.ofMinutes(10));
    assertThat(alice.hears("server.online")).hasSizeBetween(10, 12);
  }

  @Test
  void countsAsAwayOnlyWhoIsAwayOnEveryDevice() {
    World.Client laptop = world.signIn("Alice");
    World.Client phone = world.signIn("Alice", "Parley/1.0 (iPhone; iOS 26)");
    laptop.says("{'event':'client.activity','params':{'afk':true}}");
    world.pass(MOMENT);
    JsonNode one = laptop.hears("server.online").getLast().at("/params/contacts/0");
    assertThat(one.path("afk").booleanValue()).isFalse();
    assertThat(one.get("mobile").booleanValue()).isFalse();
    phone.says("{'event':'client.activity','params':{'afk':true}}");
    world.pass(MOMENT);
    assertThat(laptop.hears("server.online").getLast().at("/params/contacts/0/afk").booleanValue())
        .isTrue();
  }

  @Test
  void tellsAContactsOtherSessionsOfALogin() {
    World.Client first = world.signIn("Alice");
    first.hears();
    World.Client second = world.signIn("Alice");
    assertThat(first.hears("server.login"))
        .singleElement()
        .satisfies(
            login ->
                assertThat(login.at("/params/device_name").textValue())
                    .isEqualTo("Firefox on Linux"));
    assertThat(second.hearsNames()).doesNotContain("server.login");
  }

  @Test
  void confirmsWhatAsksForItAndAppliesARepeatOnce() {
    World.Client alice = world.signIn("Alice");
    String offer =
        "{'event':'client.call.offer','confirm_id':'c1','params':{'jid':'"
            + World.MEETING
            + "','sdp':'v=0'}}";
    alice.hears();
    alice.says(offer);
    assertThat(alice.hearsNames()).contains("server.confirm", "server.call.answer");
    long offers = offersToRelay();
    alice.says(offer);
    assertThat(alice.hears())
        .singleElement()
        .satisfies(
            event -> {
              assertThat(event.get("event").textValue()).isEqualTo("server.confirm");
              assertThat(event.at("/params/confirm_id").textValue()).isEqualTo("c1");
            });
    assertThat(offersToRelay()).isEqualTo(offers);
  }

  @Test
  void appliesTheSameConfirmIdOnAnotherSession() {
    String offer =
        "{'event':'client.call.offer','confirm_id':'c1','params':{'jid':'"
            + World.MEETING
            + "','sdp':'v=0'}}";
    world.signIn("Alice").says(offer);
    world.signIn("Bob").says(offer);
    assertThat(offersToRelay()).isEqualTo(2);
  }

  @Test
  void confirmsAPingWithAndWithoutAnId() {
    World.Client alice = world.signIn("Alice");
    alice.hears();
    alice.says("{'event':'client.ping','confirm_id':'p1'}");
    alice.says("{'event':'client.ping'}");
    assertThat(alice.hears("server.confirm"))
        .extracting(event -> event.at("/params/confirm_id").textValue())
        .containsExactly("p1", "");
  }

  @Test
  void warnsOfAnEventItDoesNotKnow() {
    World.Client alice = world.signIn("Alice");
    alice.hears();
    alice.says("{'event':'client.dance','confirm_id':'d','params':{'x':1}}");
    List<JsonNode> heard = alice.hears();
    assertThat(heard)
        .extracting(event -> event.get("event").textValue())
        .containsExactly("server.confirm", "server.warning");
    assertThat(heard.getLast().at("/params/message").textValue()).contains("client.dance");
    assertThat(heard.getLast().at("/params/orig/event").textValue()).isEqualTo("client.dance");
  }

  @Test
  void ringsAgainUntilTheClientConfirms() {
    World.Client bob = world.signIn("Bob");
    World.Client alice = world.signIn("Alice");
    bob.hears();
    alice.offers(bob.jid);
    JsonNode buzz = bob.hears("server.call.buzz").getFirst();
    String id = buzz.get("confirm_id").textValue();
    world.pass(Duration.ofSeconds(6));
    assertThat(bob.hears("server.call.buzz")).containsExactly(buzz);
    bob.says("{'event':'client.confirm','params':{'confirm_id':'" + id + "'}}");
    world.pass(Duration.ofSeconds(20));
    assertThat(bob.hears("server.call.buzz")).isEmpty();
  }

  @Test
  void doesNotRingAgainAfterTheCallIsTakenBack() {
    World.Client bob = world.signIn("Bob");
    World.Client alice = world.signIn("Alice");
    alice.offers(bob.jid);
    alice.says("{'event':'client.call.leave','params':{'jid':'" + bob.jid + "'}}");
    bob.hears();
    world.pass(Duration.ofSeconds(30));
    assertThat(bob.hears("server.call.buzz")).isEmpty();
    assertThat(world.switchboard.calls()).isZero();
  }

  @Test
  void resendsEverMoreSeldomToAClientThatNeverConfirms() {
    World.Client alice = world.signIn("Alice");
    alice.offers(World.MEETING);
    world.pass(Duration.ofSeconds(24));
    assertThat(alice.hears("server.call.answer")).hasSize(Unconfirmed.QUICK_SENDS);
    world.pass(Duration.ofMinutes(5));
    assertThat(alice.hears("server.call.answer")).hasSizeBetween(4, 7);
    world.pass(Duration.ofHours(1));
    assertThat(alice.hears("server.call.answer")).hasSizeBetween(10, 12);
  }

  @Test
  void doesNotRepeatTheAnswerToADeviceThatHasLeft() {
    World.Client alice = world.signIn("Alice");
    world.signIn("Bob").offers(World.MEETING);
    alice.offers(World.MEETING);
    alice.says("{'event':'client.call.leave','params':{'jid':'" + World.MEETING + "'}}");
    alice.hears();
    world.pass(Duration.ofSeconds(30));
    assertThat(alice.hears("server.call.answer")).isEmpty();
  }

  @Test
  void doesNotRingAgainWhereTheRingWasAnswered() {
    World.Client bob = world.signIn("Bob");
    World.Client carol = world.signIn("Carol");
    World.Client alice = world.signIn("Alice");
    alice.offers(World.MEETING);
    alice.says("{'event':'client.call.buzz','params':{'jid':'" + World.MEETING + "'}}");
    bob.offers(World.MEETING);
    carol.says("{'event':'client.call.reject','params':{'jid':'" + World.MEETING + "'}}");
    bob.hears();
    carol.hears();
    world.pass(Duration.ofSeconds(30));
    assertThat(bob.hears("server.call.buzz")).isEmpty();
    assertThat(carol.hears("server.call.buzz")).isEmpty();
  }

  @Test
  void tellsADeviceWhyItIsPutOut() {
    World.Client alice = world.signIn("Alice");
    world.signIn("Bob").offers(World.MEETING);
    alice.offers(World.MEETING);
    alice.hears();
    world.relay.givesUp(alice.jid, "no consent for 30 s");
    assertThat(alice.hears())
        .extracting(event -> event.get("event").textValue())
        .startsWith("server.debug", "server.call.leave");
  }

  @Test
  void saysTheSameWhetherAChatIsForbiddenOrDoesNotExist() {
    World.Client alice = world.signIn("Alice");
    alice.hears();
    for (String jid :
        List.of(
            "g-99999999-9999-4999-8999-999999999999",
            "d-99999999-9999-4999-8999-999999999999",
            alice.jid.toString())) {
      alice.says("{'event':'client.call.offer','params':{'jid':'" + jid + "','sdp':'v=0'}}");
      assertThat(alice.hears())
          .singleElement()
          .satisfies(
              event ->
                  assertThat(event.at("/params/message").textValue()).isEqualTo("access denied"));
    }
    assertThat(world.relay.commands).isEmpty();
  }

  @Test
  void answersWhatIsSaidOfACallThatIsNotThereAndKeepsNothing() {
    World.Client alice = world.signIn("Alice");
    alice.hears();
    alice.says("{'event':'client.call.sound','params':{'jid':'" + World.MEETING + "'}}");
    assertThat(alice.hears()).isEmpty();
    alice.says("{'event':'client.call.leave','params':{'jid':'" + World.MEETING + "'}}");
    assertThat(alice.hearsNames()).containsExactly("server.call.leave");
    alice.says("{'event':'client.call.buzz','params':{'jid':'" + World.MEETING + "'}}");
    assertThat(alice.hearsNames()).containsExactly("server.warning");
    assertThat(world.switchboard.calls()).isZero();
    assertThat(world.relay.commands).isEmpty();
  }

  @Test
  void carriesADirectCallToItsEnd() {
    World.Client alice = world.signIn("Alice");
    World.Client bob = world.signIn("Bob");
    alice.offers(bob.jid);
    bob.offers(alice.jid);
    world.pass(MOMENT);
    assertThat(alice.hears("server.call.state").getLast().at("/params/start").isTextual()).isTrue();
    assertThat(bob.hears("server.call.state").getLast().at("/params/jid").textValue())
        .isEqualTo(alice.jid.toString());
    bob.says("{'event':'client.call.leave','params':{'jid':'" + alice.jid + "'}}");
    world.pass(MOMENT);
    assertThat(alice.hears("server.call.state").getLast().at("/params/finish").isTextual())
        .isTrue();
    assertThat(world.switchboard.calls()).isZero();
    assertThat(world.relay.commands).last().isInstanceOf(RelayCommand.Close.class);
  }

  @Test
  void giveTheAddressThatTheClientUsedInIcons() {
    World.Client bob = world.signIn("Bob");
    world.signIn("Alice").offers(bob.jid);
    assertThat(bob.hears("server.call.buzz").getFirst().at("/params/icons/sm/url").textValue())
        .startsWith("http://here:1/icons/d-");
  }

  @Test
  void leavesNoGhostWhenEverySocketDies() {
    World.Client alice = world.signIn("Alice");
    World.Client bob = world.signIn("Bob");
    alice.offers(World.MEETING);
    bob.offers(World.MEETING);
    alice.leaves();
    bob.leaves();
    world.pass(Duration.ofMinutes(2));
    assertThat(world.switchboard.calls()).isZero();
    assertThat(world.switchboard.sessions()).isZero();
    assertThat(world.switchboard.nextDeadlineNs()).isEqualTo(Long.MAX_VALUE);
  }

  @Test
  void closesTheSocketOfAClientThatReadsTooSlowly() {
    World.Client alice = world.signIn("Alice");
    alice.slow = true;
    world.signIn("Alice");
    assertThat(alice.closed).isEqualTo(1008);
  }

  @Test
  void survivesARelayThatTakesNothing() {
    World.Client alice = world.signIn("Alice");
    world.relay.overloaded = true;
    alice.offers(World.MEETING);
    world.pass(Duration.ofMinutes(2));
    world.relay.overloaded = false;
    alice.hears();
    alice.offers(World.MEETING);
    assertThat(alice.hearsNames()).contains("server.call.answer");
  }

  private long offersToRelay() {
    return world.relay.commands.stream().filter(RelayCommand.Offer.class::isInstance).count();
  }
}
