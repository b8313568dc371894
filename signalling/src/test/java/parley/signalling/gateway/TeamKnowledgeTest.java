package parley.signalling.gateway;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import parley.signalling.call.CallPlace;
import parley.signalling.directory.Contact;
import parley.signalling.directory.Team;
import parley.signalling.wire.IconData;
import parley.signalling.wire.Jid;
import parley.signalling.wire.TeamId;

class TeamKnowledgeTest {

  private static final TeamId TEAM = new TeamId(GatewayStand.TEAM);
  private static final Jid ALICE = Jid.of(GatewayStand.ALICE);
  private static final Jid BOB = Jid.of(GatewayStand.BOB);
  private static final Jid GROUP = Jid.of(GatewayStand.GROUP);

  /** Of the captured roster. */
  private static final Jid COMMON = Jid.of("g-82d6c0d4-8921-4519-abb3-02f17373112f");

  private static final Jid TASK = Jid.of("t-2185340c-2956-4433-a4be-c42c73a5f226");
  private static final Jid BOT = Jid.of("d-23eae5d4-4371-4a43-8815-a6a655cb623e");

  private final TeamKnowledge known = new TeamKnowledge(TEAM, false);
  private final View alice = here(ALICE, "Alice");

  private View here(Jid jid, String name) {
    var me = new Told.Contact(jid.toString(), name, null, null, null, "member", false, false);
    View view = requireNonNull(known.met(new Told.Team(TEAM.value(), "Team", null, me, false)));
    view.opened();
    return view;
  }

  private void told(View view, String event, String params) throws IOException {
    byte[] json =
        ("{\"event\":\"" + event + "\",\"params\":" + params + "}")
            .getBytes(StandardCharsets.UTF_8);
    known.onChange(view, Told.change(event, json));
  }

  private void toldOfChat(View view, String more) throws IOException {
    told(view, Told.CHATS, "{\"chats\":[" + GatewayStand.chat(GROUP.toString(), more) + "]}");
  }

  private boolean mayCall(Jid caller, Jid jid) {
    Team team = known.snapshot();
    return team.place(caller, jid) != null && team.mayBegin(caller, jid);
  }

  @Test
  void learnsFromARosterAsItWasCaptured() throws IOException {
    byte[] roster = ChatEvents.named(Told.ROSTER).getFirst();
    known.onChange(alice, Told.change(Told.ROSTER, roster));
    Contact one = requireNonNull(known.snapshot().contact(BOB));
    assertThat(one.displayName()).isEqualTo("Контакт №1");
    assertThat(one.admin()).isTrue();
    assertThat(one.icons().smallUrl()).startsWith("http://127.0.0.1:8000/u/");
    assertThat(mayCall(ALICE, BOB)).isTrue();
    assertThat(mayCall(ALICE, COMMON)).isTrue();
    assertThat(mayCall(ALICE, TASK)).as("she is its assignee").isTrue();
    assertThat(mayCall(ALICE, BOT)).as("a bot cannot be called").isFalse();
    assertThat(known.snapshot().contact(BOT)).isNotNull();
  }

  @Test
  void learnsFromEveryCapturedEventWithoutComplaint() throws IOException {
    for (String event :
        new String[] {
          Told.ROSTER, Told.CONTACTS, Told.CHATS, Told.CHATS_GONE, Told.TEAMS, Told.TEAMS_GONE
        }) {
      for (byte[] json : ChatEvents.named(event)) {
        known.onChange(alice, Told.change(event, json));
      }
    }
    assertThat(mayCall(ALICE, COMMON)).isTrue();
  }

  @Test
  void letsNobodyCallWhereOnlySomebodyElseIs() throws IOException {
    View bob = here(BOB, "Bob");
    toldOfChat(alice, "\"status\":\"member\"");
    assertThat(mayCall(ALICE, GROUP)).isTrue();
    assertThat(mayCall(BOB, GROUP)).isFalse();
    toldOfChat(bob, "\"public\":true,\"can_join\":true");
    assertThat(mayCall(BOB, GROUP)).as("he sees it, and is not in it").isFalse();
    toldOfChat(bob, "\"status\":null");
    assertThat(mayCall(BOB, GROUP)).as("nothing says that he is in it").isFalse();
    toldOfChat(bob, "\"members\":[{\"jid\":\"" + ALICE + "\"}],\"status\":\"member\"");
    assertThat(mayCall(BOB, GROUP)).as("the list does not name him").isFalse();
    toldOfChat(bob, "\"members\":[{\"jid\":\"" + BOB + "\"}]");
    assertThat(mayCall(BOB, GROUP)).isTrue();
  }

  @Test
  void countsThoseWhoAreNotHereByTheChatServersList() throws IOException {
    toldOfChat(
        alice,
        "\"members\":[{\"jid\":\"" + ALICE + "\"},{\"jid\":\"" + BOB + "\"},{\"jid\":\"x\"}]");
    assertThat(requireNonNull(known.snapshot().chat(GROUP)).members())
        .containsExactlyInAnyOrder(ALICE, BOB);
    here(BOB, "Bob");
    assertThat(requireNonNull(known.snapshot().chat(GROUP)).members())
        .as("now he is here, and the chat server tells him nothing of it")
        .containsExactly(ALICE);
  }

  @Test
  void takesBackWhatTheChatServerTakesBack() throws IOException {
    toldOfChat(alice, "\"status\":\"member\"");
    told(alice, Told.CHATS_GONE, "{\"chats\":[{\"jid\":\"" + GROUP + "\"}]}");
    assertThat(mayCall(ALICE, GROUP)).isFalse();
    toldOfChat(alice, "\"status\":\"member\"");
    toldOfChat(alice, "\"status\":\"member\",\"is_archive\":true");
    assertThat(mayCall(ALICE, GROUP)).isFalse();
    toldOfChat(alice, "\"status\":\"member\"");
    told(alice, Told.CHATS, "{\"chats\":[{\"jid\":\"" + GROUP + "\",\"status\":\"member\"}]}");
    assertThat(mayCall(ALICE, GROUP)).as("without can_call").isFalse();
    toldOfChat(alice, "\"status\":\"member\"");
    told(alice, Told.TEAMS_GONE, "{\"teams\":[{\"uid\":\"" + TEAM + "\",\"is_archive\":true}]}");
    assertThat(mayCall(ALICE, GROUP)).isFalse();
  }

  @Test
  void letsTheCalledAnswerThoughHeMayNotCallHimself() throws IOException {
    here(BOB, "Bob");
    told(
        alice,
        Told.CONTACTS,
        "{\"contacts\":[" + GatewayStand.contact(BOB.toString(), "Bob", true) + "]}");
    assertThat(mayCall(ALICE, BOB)).isTrue();
    assertThat(mayCall(BOB, ALICE)).isFalse();
    assertThat(known.snapshot().place(BOB, ALICE)).isInstanceOf(CallPlace.Direct.class);
    told(
        alice,
        Told.CONTACTS,
        "{\"contacts\":[" + GatewayStand.contact(BOB.toString(), "Bob", false) + "]}");
    assertThat(known.snapshot().place(BOB, ALICE)).isNull();
  }

  @Test
  void believesAChangeThatOvertookTheListItWasAskedFor() throws IOException {
    alice.awaits(1);
    told(alice, Told.CHATS_GONE, "{\"chats\":[{\"jid\":\"" + GROUP + "\"}]}");
    byte[] old =
        ("{\"ok\":true,\"result\":["
                + GatewayStand.chat(GROUP.toString(), "\"status\":\"member\"")
                + "]}")
            .getBytes(StandardCharsets.UTF_8);
    known.onChats(alice, Jid.Kind.GROUP, Told.chats(old));
    alice.awaitsNoMore();
    assertThat(mayCall(ALICE, GROUP)).isFalse();
  }

  @Test
  void forgetsWhatAListDoesNotNameAnyMore() throws IOException {
    toldOfChat(alice, "\"status\":\"member\"");
    known.onChats(
        alice,
        Jid.Kind.TASK,
        Told.chats("{\"ok\":true,\"result\":[]}".getBytes(StandardCharsets.UTF_8)));
    assertThat(mayCall(ALICE, GROUP)).as("that was the tasks").isTrue();
    known.onChats(
        alice,
        Jid.Kind.GROUP,
        Told.chats("{\"ok\":true,\"result\":{\"objects\":[]}}".getBytes(StandardCharsets.UTF_8)));
    assertThat(mayCall(ALICE, GROUP)).isFalse();
  }

  @Test
  void forgetsPeopleSomeTimeAfterTheyHaveGone() {
    long nowNs = System.nanoTime();
    alice.closed(nowNs);
    known.forgetAbsent(TimeUnit.MINUTES.toNanos(1), nowNs + TimeUnit.SECONDS.toNanos(59));
    assertThat(known.isEmpty()).isFalse();
    known.forgetAbsent(TimeUnit.MINUTES.toNanos(1), nowNs + TimeUnit.SECONDS.toNanos(61));
    assertThat(known.isEmpty()).isTrue();
  }

  @Test
  void drawsLettersWhereTheChatServerHasNoPicture() {
    assertThat(requireNonNull(known.snapshot().contact(ALICE)).icons())
        .extracting(IconData::letters, IconData::sm)
        .containsExactly("A", null);
  }
}
