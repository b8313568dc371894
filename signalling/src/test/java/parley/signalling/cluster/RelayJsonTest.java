package parley.signalling.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import parley.relay.api.CallId;
import parley.relay.api.CallInfo;
import parley.relay.api.Curve;
import parley.relay.api.Fault;
import parley.relay.api.IceCandidate;
import parley.relay.api.LegCourse;
import parley.relay.api.LegFigures;
import parley.relay.api.LegReport;
import parley.relay.api.PeerId;
import parley.relay.api.PeerInfo;
import parley.relay.api.RecordingNote;
import parley.relay.api.RecordingPolicy;
import parley.relay.api.RelayCommand;
import parley.relay.api.RelayEvent;
import parley.relay.api.TrunkLine;

/** What a call's owner and the relays of other nodes say to each other comes through as it was. */
class RelayJsonTest {

  private static final CallId CALL = new CallId("0d7b2a85-49f5-4586-8229-d9c52813dcb2");
  private static final PeerId PEER = new PeerId("p-1");
  private static final PeerInfo INFO = new PeerInfo("d-1", "Älice \"A\"", "Firefox");
  private static final byte[] KEY = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, -16};

  private final NodeCodec codec = new NodeCodec();

  private static Stream<RelayCommand> commands() {
    var info =
        new CallInfo("t", "g", "Room", Instant.ofEpochSecond(7, 8), RecordingPolicy.OPTIONAL);
    var line =
        new TrunkLine(
            "east-1",
            List.of(new TrunkLine.Address("10.0.0.1", 20_000)),
            Long.MIN_VALUE,
            KEY,
            Long.MAX_VALUE,
            KEY);
    return Stream.of(
        new RelayCommand.Open(CALL, info, true),
        new RelayCommand.SetRecording(CALL, false),
        new RelayCommand.Mask(CALL, "", true, "asked for"),
        new RelayCommand.Rule(CALL, RecordingPolicy.OPTIONAL),
        new RelayCommand.Note(CALL, RecordingNote.about("consent", "d-1", "yes")),
        new RelayCommand.Report(CALL),
        new RelayCommand.Close(CALL, "over"),
        new RelayCommand.Offer(CALL, PEER, INFO, "v=0\r\n", true, false),
        new RelayCommand.Trickle(CALL, PEER, "candidate:1"),
        new RelayCommand.Mute(CALL, PEER, true),
        new RelayCommand.Leave(CALL, PEER, "left"),
        new RelayCommand.Reach(CALL),
        new RelayCommand.Link(CALL, line),
        new RelayCommand.Unlink(CALL, "east-1"));
  }

  private static LegReport report() {
    var up = new LegFigures.Up(true, false, true, -20, 1, 2, -3, 4, 5, 6, 7, 8, Double.NaN, 1.5);
    var down = new LegFigures.Down(3, 1, 2, 3, -1, 0.5, 1.25, LegFigures.UNKNOWN);
    return new LegReport(
        PEER,
        INFO,
        LegReport.Stage.CONNECTED,
        true,
        1234,
        "192.0.2.1:1",
        "192.0.2.2:2",
        new LegFigures(1, 2, 3, 4, 5, up, down),
        1,
        4.2,
        -1,
        Fault.NONE,
        "fine",
        "fine",
        List.of(new LegReport.Trouble(Fault.NONE, 5)),
        "",
        LegCourse.NONE);
  }

  private static Stream<RelayEvent> events() {
    return Stream.of(
        new RelayEvent.Answered(CALL, PEER, "v=0", List.of(new IceCandidate("candidate:1", 2))),
        new RelayEvent.Refused(CALL, PEER, "no audio"),
        new RelayEvent.Connected(CALL, PEER, "sha-256 AB", new RelayEvent.SetUp(1, 2, 3)),
        new RelayEvent.Talking(CALL, PEER, true),
        new RelayEvent.Dominant(CALL, "d-1"),
        new RelayEvent.Gone(CALL, PEER, "consent"),
        new RelayEvent.Lost(CALL, PEER),
        new RelayEvent.Recording(CALL, false, "the disk is full"),
        new RelayEvent.Reachable(CALL, List.of(new TrunkLine.Address("::1", 3))),
        new RelayEvent.Failed(CALL, "a defect"));
  }

  private NodeMessage through(NodeMessage message) {
    String text = codec.tree(message).toString();
    return codec.read(text, JsonNode.class).flatMap(codec::message).orElseThrow();
  }

  @Test
  void everyCommandComesThrough() {
    commands()
        .forEach(
            command ->
                assertThat(through(new NodeMessage.ToRelay(command, 3, 4)))
                    .isEqualTo(new NodeMessage.ToRelay(command, 3, 4)));
    Set<Class<?>> tried = commands().map(Object::getClass).collect(Collectors.toSet());
    assertThat(tried).containsExactlyInAnyOrder(RelayCommand.class.getPermittedSubclasses());
  }

  @Test
  void everyEventComesThroughThatCrosses() {
    events()
        .forEach(
            event ->
                assertThat(through(new NodeMessage.FromRelay(event, 5)))
                    .isEqualTo(new NodeMessage.FromRelay(event, 5)));
  }

  @Test
  void reportsComeThroughWithTheirCurves() {
    var curve = new Curve.Maker(500);
    curve.add(new Curve.Point(1, 2, 3, 4, 4.5, -1, -20, true, false));
    LegReport plain = report();
    var course = new LegCourse("host", 1, 2, 3, -1, List.of(), curve.curve());
    LegReport report =
        new LegReport(
            plain.peer(),
            plain.info(),
            plain.stage(),
            plain.live(),
            plain.ageMs(),
            plain.local(),
            plain.remote(),
            plain.figures(),
            plain.lossUpPercent(),
            plain.mosUp(),
            plain.mosDown(),
            plain.fault(),
            plain.sentence(),
            plain.toUser(),
            plain.troubles(),
            plain.ended(),
            course);
    var sent = new NodeMessage.FromRelay(new RelayEvent.Reported(CALL, List.of(report)), 1);
    if (!(through(sent)
        instanceof NodeMessage.FromRelay(RelayEvent.Reported(CallId call, var legs), var _))) {
      throw new AssertionError("another message");
    }
    assertThat(call).isEqualTo(CALL);
    LegReport came = legs.getFirst();
    assertThat(came.figures()).isEqualTo(report.figures());
    assertThat(came.info()).isEqualTo(INFO);
    assertThat(came.course().curve().points()).isEqualTo(course.curve().points());
    assertThat(came.course().curve().stepMs()).isEqualTo(500);
  }

  @Test
  void aCommandThatNobodyKnowsIsPassedOver() {
    String text = "{\"t\":\"to_relay\",\"command\":{\"k\":\"Dance\",\"call\":\"x\"}}";
    assertThat(codec.read(text, JsonNode.class).flatMap(codec::message)).isEmpty();
  }

  @Test
  void keysAndDescriptionsStayOutOfLogs() {
    assertThat(commands().map(Object::toString).collect(Collectors.joining()))
        .doesNotContain("v=0", Arrays.toString(KEY));
  }
}
