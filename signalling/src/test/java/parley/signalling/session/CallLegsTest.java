package parley.signalling.session;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import parley.relay.api.CallId;
import parley.relay.api.LegReport;
import parley.relay.api.PeerId;
import parley.relay.api.PeerInfo;
import parley.relay.api.RelayCommand;
import parley.relay.api.RelayEvent;
import parley.relay.quality.LegWatch;
import parley.signalling.wire.Jid;
import parley.signalling.wire.TeamId;

/** What is told of connections, while calls run and for a day. */
class CallLegsTest {

  private static final TeamId TEAM = new TeamId("6aefcf3b-e61c-4f35-8b5b-9d762a6a6cf9");
  private static final TeamId OTHER = new TeamId("00000000-0000-4000-8000-000000000001");
  private static final CallId CALL = new CallId("0b1ba0a5-5a9a-4fd1-8d38-90a0f6b2d3f1");
  private static final Jid ALICE = Jid.of("d-565a1d31-3605-4c99-8581-c2d19fb27405");
  private static final Jid BOB = Jid.of("d-1edad8ac-88ff-4655-89cb-d4cf031eef08");

  private final List<RelayCommand> asked = new ArrayList<>();
  private Instant now = Instant.parse("2026-01-02T03:04:05Z");
  private boolean taken = true;
  private final CallLegs legs =
      new CallLegs(
          () -> now,
          command -> {
            asked.add(command);
            return taken;
          });

  @Test
  void asksTheRelayAboutACallThatRuns() {
    legs.relayed(CALL, TEAM);
    CompletableFuture<ServerReply> reply = ask(CALL, 0);
    assertThat(asked).containsExactly(new RelayCommand.Report(CALL));
    assertThat(reply).isNotDone();

    told(new RelayEvent.Reported(CALL, List.of(leg(ALICE))), 1);

    assertThat(legsOf(reply).live()).isTrue();
    assertThat(legsOf(reply).legs()).hasSize(1);
  }

  @Test
  void asksTheRelayOnceForManyWhoAsk() {
    legs.relayed(CALL, TEAM);
    CompletableFuture<ServerReply> first = ask(CALL, 0);
    CompletableFuture<ServerReply> second = ask(CALL, 1);
    told(new RelayEvent.Reported(CALL, List.of()), 2);
    CompletableFuture<ServerReply> third = ask(CALL, CallLegs.FRESH_NS / 2);
    assertThat(List.of(first, second, third)).allMatch(CompletableFuture::isDone);
    assertThat(asked).hasSize(1);

    CompletableFuture<ServerReply> later = ask(CALL, CallLegs.FRESH_NS + 2);
    assertThat(later).isNotDone();
    assertThat(asked).hasSize(2);
  }

  @Test
  void hasNothingToAskAboutACallThatOnlyRings() {
    legs.begun(CALL, TEAM);

    assertThat(legsOf(ask(CALL, 0)).legs()).isEmpty();
    assertThat(asked).isEmpty();
  }

  @Test
  void keepsWhatIsOverForADay() {
    legs.relayed(CALL, TEAM);
    told(new RelayEvent.LegEnded(CALL, leg(ALICE)), 0);
    legs.over(CALL);
    told(new RelayEvent.LegEnded(CALL, leg(BOB)), 1); // the relay's news come a little later

    ServerReply.Legs reply = legsOf(ask(CALL, 2));
    assertThat(reply.live()).isFalse();
    assertThat(reply.legs()).extracting(leg -> leg.isOf(BOB)).containsExactly(false, true);

    now = now.plus(CallLegs.KEPT).plus(Duration.ofSeconds(1));
    assertThat(ask(CALL, 3).join()).isInstanceOf(ServerReply.NoCall.class);
    assertThat(legs.calls()).isZero();
  }

  @Test
  void answersWhoWaitsWhenTheCallEnds() {
    legs.relayed(CALL, TEAM);
    CompletableFuture<ServerReply> reply = ask(CALL, 0);
    legs.over(CALL);

    assertThat(legsOf(reply).live()).isFalse();
  }

  @Test
  void saysSoWhenTheRelayDoesNotAnswer() {
    legs.relayed(CALL, TEAM);
    CompletableFuture<ServerReply> lost = ask(CALL, 0);
    CompletableFuture<ServerReply> again = ask(CALL, 6_000_000_000L);
    assertThat(lost).isCompletedExceptionally();
    assertThat(again).isNotDone();
    assertThat(asked).hasSize(2);

    taken = false;
    assertThat(ask(CALL, 60_000_000_000L)).isCompletedExceptionally();
  }

  @Test
  void tellsNothingToOtherTeams() {
    legs.relayed(CALL, TEAM);
    var reply = new CompletableFuture<ServerReply>();
    legs.on(new ServerCommand.Legs(OTHER, CALL), reply, 0);

    assertThat(reply.join()).isInstanceOf(ServerReply.NoCall.class);
  }

  @Test
  void tellsAContactOnlyOfCallsThatAreHis() {
    legs.relayed(CALL, TEAM);
    told(new RelayEvent.LegEnded(CALL, leg(ALICE)), 0);
    assertThat(own(BOB, false)).isCompletedWithValueMatching(r -> r instanceof ServerReply.NoCall);
    assertThat(own(BOB, true)).isNotDone();

    legs.over(CALL);
    assertThat(own(ALICE, false)).isCompletedWithValueMatching(r -> r instanceof ServerReply.Legs);
    assertThat(own(BOB, false)).isCompletedWithValueMatching(r -> r instanceof ServerReply.NoCall);
  }

  @Test
  void keepsSoManyAndNoMore() {
    for (int call = 0; call < 8; call++) {
      CallId uid = new CallId("call-" + call);
      legs.relayed(uid, TEAM);
      for (int i = 0; i < CallLegs.MAX_LEGS_A_CALL + 10; i++) {
        told(new RelayEvent.LegEnded(uid, leg(ALICE)), 0);
      }
      legs.over(uid);
    }

    assertThat(ask(new CallId("call-0"), 0).join()).isInstanceOf(ServerReply.NoCall.class);
    assertThat(legsOf(ask(new CallId("call-7"), 0)).legs()).hasSize(CallLegs.MAX_LEGS_A_CALL);
    assertThat(legs.calls()).isEqualTo(CallLegs.MAX_LEGS / CallLegs.MAX_LEGS_A_CALL);
  }

  @Test
  void keepsSoManyCallsAndNoMore() {
    for (int call = 0; call < CallLegs.MAX_CALLS + 100; call++) {
      CallId uid = new CallId("call-" + call);
      legs.begun(uid, TEAM);
      legs.over(uid);
    }

    assertThat(legs.calls()).isEqualTo(CallLegs.MAX_CALLS);
  }

  private CompletableFuture<ServerReply> ask(CallId uid, long nowNs) {
    var reply = new CompletableFuture<ServerReply>();
    legs.on(new ServerCommand.Legs(TEAM, uid), reply, nowNs);
    return reply;
  }

  private CompletableFuture<ServerReply> own(Jid contact, boolean member) {
    var reply = new CompletableFuture<ServerReply>();
    legs.on(new ServerCommand.OwnLegs(TEAM, CALL, contact), member, reply, 0);
    return reply;
  }

  private void told(RelayEvent event, long nowNs) {
    assertThat(legs.on(event, nowNs)).isTrue();
  }

  private static ServerReply.Legs legsOf(CompletableFuture<ServerReply> reply) {
    return (ServerReply.Legs) reply.join();
  }

  private static LegReport leg(Jid contact) {
    PeerInfo info = new PeerInfo(contact.toString(), "Somebody", "test");
    return LegWatch.refused(new PeerId("p1"), info, "The offer is empty.", 0);
  }
}
