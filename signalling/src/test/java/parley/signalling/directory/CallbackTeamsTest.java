package parley.signalling.directory;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import parley.signalling.access.ChatServer;
import parley.signalling.callback.CallbackClient;
import parley.signalling.wire.Jid;
import parley.signalling.wire.TeamId;

/** Teams that a chat server is asked for. */
class CallbackTeamsTest {

  private static final TeamId TEAM = new TeamId("7f0f1a9e-7d63-4b52-9c0e-0d3f9e1b5a01");
  private static final Jid ALICE = Jid.of("d-6aefcf3b-49f5-4586-8229-d9c52813dcb2");
  private static final Jid BOB = Jid.of("d-11111111-2222-4333-8444-555555555555");
  private static final Jid GROUP = Jid.of("g-3f7e2a85-49f5-4586-8229-d9c52813dcb2");

  private final AtomicLong nowNs = new AtomicLong();
  private final ChatServer server = new ChatServer();
  private final BlockingQueue<Team> changed = new LinkedBlockingQueue<>();
  private volatile boolean busy;
  private final CallbackTeams teams =
      new CallbackTeams(
          new CallbackTeams.Source(
              server.url("/teams"),
              "Bearer of-parley",
              Duration.ofSeconds(60),
              Duration.ofHours(1)),
          new CallbackClient(Duration.ofMillis(1_000)),
          team -> !busy && changed.add(team),
          nowNs::get);

  CallbackTeamsTest() {
    says(ALICE, BOB);
  }

  @AfterEach
  void close() {
    teams.close();
    server.close();
  }

  @Test
  void asksForATeamOnceInAWhile() {
    assertThat(membersNow()).containsExactly(ALICE, BOB);
    assertThat(membersNow()).containsExactly(ALICE, BOB);
    assertThat(server.paths).containsExactly("/teams/" + TEAM);
    assertThat(server.authorization).isEqualTo("Bearer of-parley");
    says(ALICE);
    pass(Duration.ofSeconds(61));
    assertThat(membersNow()).containsExactly(ALICE);
    assertThat(changed).hasSize(2);
  }

  @Test
  void readsWhatTheDocumentationSays() {
    Team team = found();
    assertThat(team.name()).isEqualTo("Chess club");
    assertThat(team.recordDirectCalls()).isTrue();
    Contact alice = requireNonNull(team.contact(ALICE));
    assertThat(alice.shortName()).isEqualTo("Alice");
    assertThat(alice.admin()).isTrue();
    Chat chat = requireNonNull(team.chat(GROUP));
    assertThat(chat.audiorecord()).isTrue();
    assertThat(chat.everyoneCalls()).isFalse();
    assertThat(chat.everyoneMutes()).as("a word that is not known").isFalse();
    assertThat(requireNonNull(teams.icon(GROUP.toString())).letters()).isEqualTo("OP");
  }

  @Test
  void holdsTheLastAnswerWhileTheChatServerIsAway() {
    assertThat(membersNow()).containsExactly(ALICE, BOB);
    server.status = 503;
    pass(Duration.ofMinutes(59));
    assertThat(membersNow()).containsExactly(ALICE, BOB);
    assertThat(membersNow()).containsExactly(ALICE, BOB);
    assertThat(server.paths).as("not asked for each who comes").hasSize(2);
    pass(Duration.ofMinutes(2));
    assertThatThrownBy(this::found).hasRootCauseMessage("localhost answers with status 503");
    server.status = 200;
    assertThat(membersNow()).containsExactly(ALICE, BOB);
  }

  @Test
  void holdsTheLastAnswerWhenTheNextOneIsNonsense() {
    assertThat(membersNow()).containsExactly(ALICE, BOB);
    for (String nonsense :
        List.of(
            "",
            "[]",
            "null",
            "{}",
            "{\"uid\":\"" + BOB.uuid() + "\",\"name\":\"another team\"}",
            "{\"uid\":\"" + TEAM + "\",\"contacts\":[{\"jid\":\"g-1\"}]}",
            "{\"uid\":\"" + TEAM + "\",\"contacts\":[null]}",
            "[".repeat(5_000))) {
      server.answer = r -> nonsense;
      pass(Duration.ofSeconds(61));
      assertThat(membersNow()).as(nonsense).containsExactly(ALICE, BOB);
    }
    assertThat(changed).hasSize(1);
  }

  @Test
  void givesOutNoChangeThatCouldNotBeTold() {
    assertThat(membersNow()).containsExactly(ALICE, BOB);
    says(ALICE);
    busy = true;
    pass(Duration.ofSeconds(61));
    assertThat(membersNow()).containsExactly(ALICE, BOB);
    busy = false;
    pass(Duration.ofSeconds(6));
    assertThat(membersNow()).containsExactly(ALICE);
    assertThat(changed).hasSize(2);
  }

  @Test
  void asksAtOnceWhenToldOfAChange() throws Exception {
    assertThat(membersNow()).containsExactly(ALICE, BOB);
    changed.clear();
    says(ALICE);
    var changes = new TeamChanges("Bearer of-parley", teams::invalidate);
    assertThat(changes.onChange("Bearer forged", TEAM)).isFalse();
    assertThat(new TeamChanges("", teams::invalidate).onChange("", TEAM)).isFalse();
    assertThat(server.paths).hasSize(1);
    assertThat(changes.onChange("Bearer of-parley", TEAM)).isTrue();
    Team now = requireNonNull(changed.poll(20, TimeUnit.SECONDS));
    assertThat(requireNonNull(now.chat(GROUP)).members()).containsExactly(ALICE);
  }

  @Test
  void asksAgainWhenToldOfAChangeWhileAsking() throws Exception {
    assertThat(membersNow()).containsExactly(ALICE, BOB);
    changed.clear();
    var gate = new CountDownLatch(1);
    server.gate = gate;
    teams.invalidate(TEAM);
    teams.invalidate(TEAM);
    server.answer = r -> server.paths.size() == 2 ? answer(ALICE) : answer(BOB);
    gate.countDown();
    assertThat(changed.poll(20, TimeUnit.SECONDS)).isNotNull();
    Team now = requireNonNull(changed.poll(20, TimeUnit.SECONDS));
    assertThat(requireNonNull(now.chat(GROUP)).members()).containsExactly(BOB);
  }

  @Test
  void asksAgainOnlyForTeamsOfWhichSomebodyIsConnected() throws Exception {
    found();
    teams.refresh();
    assertThat(server.paths).hasSize(1);
    Runnable unwatch = teams.watch(TEAM);
    changed.clear();
    says(ALICE);
    teams.refresh();
    assertThat(changed.poll(20, TimeUnit.SECONDS)).isNotNull();
    unwatch.run();
    teams.refresh();
    assertThat(server.paths).hasSize(2);
  }

  @Test
  void saysNothingOfATeamThatIsAsItWas() {
    server.etag = "\"one\"";
    Team before = found();
    pass(Duration.ofSeconds(61));
    assertThat(found()).isSameAs(before);
    assertThat(server.paths).hasSize(2);
    assertThat(changed).hasSize(1);
  }

  @Test
  void emptiesATeamThatIsNotThereAnyMore() {
    found();
    changed.clear();
    server.status = 404;
    pass(Duration.ofSeconds(61));
    assertThat(teams.find(TEAM).join()).isEqualTo(new Teams.NoTeam());
    assertThat(changed).hasSize(1);
    assertThat(requireNonNull(changed.peek()).contacts()).isEmpty();
  }

  private void says(Jid... members) {
    String said = answer(members);
    server.answer = r -> said;
  }

  private static String answer(Jid... members) {
    String list = "\"" + String.join("\",\"", Stream.of(members).map(Jid::toString).toList());
    return """
    {"uid":"%s","name":"Chess club","record_direct_calls":true,"later":{"a":[1]},
     "contacts":[
      {"jid":"%s","display_name":"Alice Adams","admin":true},
      {"jid":"%s","display_name":"Bob","letters":null}],
     "chats":[
      {"jid":"%s","display_name":"Openings","letters":"OP","audiorecord":true,
       "may_call":"admins","mute_all":"owners",
       "members":[%s","d-99999999-2222-4333-8444-555555555555"]},
      {"jid":"t-3f7e2a85-49f5-4586-8229-d9c52813dcb2","display_name":"Empty","members":[]}]}
    """
        .formatted(TEAM, ALICE, BOB, GROUP, list);
  }

  private Team found() {
    return ((Teams.TheTeam) teams.find(TEAM).orTimeout(20, TimeUnit.SECONDS).join()).team();
  }

  private List<Jid> membersNow() {
    return List.copyOf(requireNonNull(found().chat(GROUP)).members());
  }

  private void pass(Duration time) {
    nowNs.addAndGet(time.toNanos());
  }
}
