package parley.signalling.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import parley.relay.api.CallId;
import parley.relay.api.RecordingNote;
import parley.signalling.call.CallHandover;
import parley.signalling.call.CallKey;
import parley.signalling.call.SessionId;
import parley.signalling.wire.CallDevice;
import parley.signalling.wire.CallOnliner;
import parley.signalling.wire.ClientEvent;
import parley.signalling.wire.EventCodec;
import parley.signalling.wire.IsoTime;
import parley.signalling.wire.Jid;
import parley.signalling.wire.ServerEvent;
import parley.signalling.wire.TeamId;

class NodeCodecTest {

  private static final Jid ALICE = Jid.of("d-565a1d31-3605-4c99-8581-c2d19fb27405");
  private static final Jid GROUP = Jid.of("g-3f7e2a85-49f5-4586-8229-d9c52813dcb2");
  private static final TeamId TEAM = new TeamId("6aefcf3b-e61c-4f35-8b5b-9d762a6a6cf9");
  private static final CallId UID = new CallId("0d7b2a85-49f5-4586-8229-d9c52813dcb2");
  private static final IsoTime NOW = new IsoTime(Instant.parse("2026-01-02T03:04:05.678901Z"));

  private final NodeCodec codec = new NodeCodec();
  private final EventCodec wire = new EventCodec();

  private void comesThrough(ServerEvent event) {
    ServerEvent read = codec.event(event.name(), codec.tree(event)).orElseThrow();
    assertThat(wire.encode(read)).isEqualTo(wire.encode(event));
    assertThat(read.mustArrive()).isEqualTo(event.mustArrive());
  }

  @Test
  void keepsEveryEventToTheLetter() {
    var device = new CallDevice(true, "Firefox");
    var onliner = new CallOnliner(ALICE, "Alice", "", "http://icon", false, List.of(device));
    comesThrough(
        new ServerEvent.CallState(GROUP, UID, true, NOW, null, null, false, List.of(), 1, 1));
    comesThrough(
        new ServerEvent.CallState(
            GROUP, UID, false, NOW, NOW, NOW, true, List.of(onliner), Long.MAX_VALUE, 7));
    comesThrough(
        new ServerEvent.CallAnswer(
            GROUP, UID, ServerEvent.Jsep.answer("v=0\r\n"), List.of(), List.of()));
    comesThrough(
        new ServerEvent.CallAnswer(
            GROUP,
            UID,
            ServerEvent.Jsep.answer("v=0\r\n"),
            List.of(onliner),
            List.of(new ServerEvent.Candidate("candidate:1", 2))));
    comesThrough(new ServerEvent.CallRestart(GROUP, UID, TEAM));
    comesThrough(new ServerEvent.CallLeave(GROUP, UID));
    comesThrough(new ServerEvent.CallReject(GROUP, UID, "busy"));
    comesThrough(new ServerEvent.CallBuzzCancel(GROUP, TEAM, UID));
    comesThrough(new ServerEvent.CallSound(GROUP, true));
    comesThrough(new ServerEvent.CallMuteAll(GROUP, true));
    comesThrough(new ServerEvent.CallTalking(GROUP, ALICE, true));
    comesThrough(new ServerEvent.CallCheckFingerprint("sha-256 AB"));
    comesThrough(new ServerEvent.Debug("why"));
    comesThrough(ServerEvent.Warning.about(new ClientEvent.CallLeave(GROUP, ""), "no"));
  }

  @Test
  void keepsACallToTheLast() {
    var call =
        new CallHandover(
            UID,
            new CallKey(TEAM, GROUP, null),
            NOW,
            null,
            true,
            true,
            false,
            9,
            List.of(
                new CallHandover.HeldSeat(
                    ALICE, new SessionId("s1"), "Firefox", "phone", true, false)),
            List.of(new CallHandover.HeldRing(ALICE, ALICE, 5)),
            Map.of("", "by Bob"),
            List.of(),
            List.of(ALICE.toString()),
            List.of(RecordingNote.about("consent", ALICE.toString(), "agreed")),
            List.of(ALICE));
    NodeMessage running = new NodeMessage.Running(call, 3);
    assertThat(codec.message(codec.tree(running))).contains(running);
  }

  @Test
  void passesOverWhatANewerNodeSaysMore() throws Exception {
    var json = new ObjectMapper();
    var known = (ObjectNode) codec.tree(new NodeMessage.Closed(new SessionId("s1")));
    known.put("more", true);
    assertThat(codec.message(known)).contains(new NodeMessage.Closed(new SessionId("s1")));
    assertThat(codec.message(json.readTree("{\"t\":\"tomorrow\",\"x\":1}"))).isEmpty();
    assertThat(codec.message(json.readTree("{\"t\":\"running\"}"))).isNotPresent();
    assertThat(codec.read("{", NodeFrame.class)).isEmpty();
    assertThat(codec.read("[]", NodeFrame.class)).isEmpty();
    assertThat(NodeFrame.understands(NodeFrame.VERSION + 1)).isTrue();
    assertThat(NodeFrame.understands(NodeFrame.VERSION + 2)).isFalse();
  }
}
