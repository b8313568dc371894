package parley.signalling.session;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import parley.relay.api.CallId;
import parley.signalling.call.CallPolicy;
import parley.signalling.call.Device;
import parley.signalling.call.SessionId;
import parley.signalling.directory.Contact;
import parley.signalling.directory.Directory;
import parley.signalling.directory.Team;
import parley.signalling.wire.EventCodec;

/**
 * Many people join one call within ten seconds, in virtual time: what each of them is sent, in
 * messages and in bytes.
 */
class LargeCallTest {

  private static final String GROUP = "g-00000001-0000-4000-8000-000000000000";
  private static final long WITHIN_NS = Duration.ofSeconds(10).toNanos();

  /** What it has cost one participant. */
  private record Cost(int states, double lists) {}

  @TempDir Path folder;
  private final EventCodec codec = new EventCodec();
  private final RelayModel relay = new RelayModel();
  private long nowNs = 1_000_000_000L;

  @Test
  void whatEachIsSentGrowsNoFasterThanTheListOfParticipants() throws Exception {
    Cost hundred = join(100);
    Cost threeHundred = join(300);
    Cost thousand = join(1000);
    assertThat(threeHundred.lists()).isLessThan(hundred.lists());
    assertThat(thousand.lists()).isLessThan(threeHundred.lists());
    assertThat(thousand.lists()).as("what a join costs, in lists of everyone").isLessThan(5);
    assertThat(thousand.states()).isLessThanOrEqualTo(12);
  }

  /** Counts what it is sent. */
  private static final class Counter implements Link {
    long bytes;
    int states;
    String lastState = "";

    @Override
    public boolean send(String text) {
      bytes += text.length();
      if (text.startsWith("{\"event\":\"server.call.state\"")) {
        states++;
        lastState = text;
      }
      return true;
    }

    @Override
    public void close(int code, String reason) {
      throw new AssertionError(reason);
    }
  }

  private Cost join(int people) throws Exception {
    Team team = team(people);
    var switchboard =
        new Switchboard(
            codec,
            new SessionSettings(Duration.ofMinutes(5), CallPolicy.defaults()),
            relay,
            () -> Instant.EPOCH.plusNanos(nowNs),
            () -> new CallId("call-of-" + people),
            CallEvents.NONE);
    List<Counter> counters = new ArrayList<>();
    for (Contact contact : team.contacts()) {
      var counter = new Counter();
      counters.add(counter);
      var device = new Device(id(counters.size() - 1), "Mozilla/5.0 (X11; Linux) Chrome/1.0", "");
      var arrival =
          new Arrival(team, contact.jid(), device, "https://a.example", counter, Reach.EVERYTHING);
      switchboard.on(new LoopInput.Opened(arrival), nowNs);
    }
    pass(switchboard, Duration.ofSeconds(40).toNanos());
    long before = counters.stream().mapToLong(counter -> counter.bytes).sum();
    byte[] offer =
        ("{\"event\":\"client.call.offer\",\"params\":{\"jid\":\"" + GROUP + "\",\"sdp\":\"v=0\"}}")
            .getBytes(StandardCharsets.UTF_8);
    for (int i = 0; i < people; i++) {
      var said = new LoopInput.FromClient(id(i), codec.decode(offer), offer.length);
      switchboard.on(said, nowNs);
      answer(switchboard);
      pass(switchboard, WITHIN_NS / people);
    }
    pass(switchboard, Duration.ofSeconds(6).toNanos());
    String last = counters.getFirst().lastState;
    assertThat(World.json(last).at("/params/onliners")).hasSize(people);
    assertThat(counters).allMatch(counter -> counter.lastState.equals(last));
    long bytes = counters.stream().mapToLong(counter -> counter.bytes).sum() - before;
    return new Cost(counters.getFirst().states, (double) bytes / people / last.length());
  }

  private void answer(Switchboard switchboard) {
    for (RelayModel.Line line : List.copyOf(relay.busy())) {
      while (!line.isQuiet()) {
        RelayModel.work(line, false);
        var event = line.events.poll();
        if (event != null) {
          switchboard.on(new LoopInput.FromRelay(event), nowNs);
        }
      }
    }
  }

  private void pass(Switchboard switchboard, long timeNs) {
    long untilNs = nowNs + timeNs;
    while (switchboard.nextDeadlineNs() <= untilNs) {
      nowNs = Math.max(nowNs, switchboard.nextDeadlineNs());
      switchboard.onTime(nowNs);
    }
    nowNs = untilNs;
  }

  private static SessionId id(int person) {
    return new SessionId("session-" + person);
  }

  private Team team(int people) throws Exception {
    StringBuilder yaml = new StringBuilder();
    yaml.append(
        """
        teams:
          - uid: 00000000-0000-4000-9000-000000000001
            name: Large
            record_direct_calls: false
            contacts:
        """);
    for (int i = 0; i < people; i++) {
      yaml.append(
          """
                - jid: d-00000000-0000-4000-8000-%012d
                  display_name: Person Number %d
                  short_name: Nr%d
                  role: Participant
                  admin: false
                  tokens: [token-of-%d]
          """
              .formatted(i, i, i, i));
    }
    yaml.append(
        """
            chats:
              - jid: %s
                display_name: Everyone
                audiorecord: false
        """
            .formatted(GROUP));
    Path file = folder.resolve("team-" + people + ".yaml");
    Files.writeString(file, yaml);
    return Directory.read(file).teams().iterator().next();
  }
}
