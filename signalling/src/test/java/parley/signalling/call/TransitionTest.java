package parley.signalling.call;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import parley.relay.api.RelayEvent;
import parley.signalling.wire.ClientEvent;

/** The table in {@code PROTOCOL.md} is complete, and is what the code does. */
class TransitionTest {

  private record Row(String place, State state, List<String> inputs, State next, String outputs) {}

  @TestFactory
  Stream<DynamicTest> doesWhatTheTableSays() throws IOException {
    return rows().stream()
        .flatMap(
            row ->
                row.inputs().stream()
                    .map(
                        input ->
                            DynamicTest.dynamicTest(
                                row.place() + " " + row.state() + ": " + input,
                                () -> check(row, input))));
  }

  @Test
  void hasARowForEveryInputInEveryState() throws IOException {
    List<Row> rows = rows();
    for (String place : List.of("direct", "group")) {
      for (State state : State.values()) {
        Set<String> covered = new TreeSet<>();
        for (Row row : rows) {
          if (row.place().equals(place) && row.state() == state) {
            row.inputs().forEach(input -> covered.add(kind(input)));
          }
        }
        assertThat(covered).as(place + " " + state).isEqualTo(kinds());
      }
    }
  }

  private static void check(Row row, String input) {
    Scene scene = Transitions.scene(row.place(), row.state());
    assertThat(scene.call.state()).isEqualTo(row.state());
    String outputs = Transitions.run(scene, input);
    assertThat(scene.call.state() + " | " + outputs).isEqualTo(row.next() + " | " + row.outputs());
  }

  private static String kind(String input) {
    String step = input.substring(input.indexOf(')') + 1).strip();
    return kind(Scene.group().parse(step)).getSimpleName();
  }

  private static Class<?> kind(CallInput input) {
    return switch (input) {
      case CallInput.FromClient in -> in.event().getClass();
      case CallInput.FromRelay in -> in.event().getClass();
      case CallInput.SessionOpened in -> in.getClass();
      case CallInput.SessionLost in -> in.getClass();
      case CallInput.MembersChanged in -> in.getClass();
      case CallInput.RecordingAsked in -> in.getClass();
      case CallInput.RecordingRuled in -> in.getClass();
      case CallInput.MaskAsked in -> in.getClass();
      case CallInput.Agreed in -> in.getClass();
      case CallInput.FromServer in -> in.order().getClass();
      case CallInput.Tick in -> in.getClass();
    };
  }

  /** Every kind of input there is, as the compiler knows them. */
  private static Set<String> kinds() {
    List<Class<?>> kinds = new ArrayList<>();
    kinds.addAll(List.of(CallInput.class.getPermittedSubclasses()));
    kinds.remove(CallInput.FromClient.class);
    kinds.remove(CallInput.FromRelay.class);
    kinds.remove(CallInput.FromServer.class);
    kinds.addAll(List.of(ClientEvent.OfCall.class.getPermittedSubclasses()));
    kinds.addAll(List.of(RelayEvent.class.getPermittedSubclasses()));
    // What is told of connections, of ports, and of what an earlier process recorded, goes by the
    // call.
    kinds.removeAll(
        List.of(
            RelayEvent.Dominant.class,
            RelayEvent.LegEnded.class,
            RelayEvent.Reachable.class,
            RelayEvent.RecordingFound.class,
            RelayEvent.Reported.class));
    kinds.addAll(List.of(CallOrder.class.getPermittedSubclasses()));
    return new TreeSet<>(kinds.stream().map(Class::getSimpleName).toList());
  }

  private static List<Row> rows() throws IOException {
    List<Row> rows = new ArrayList<>();
    for (String line : Files.readAllLines(Path.of("PROTOCOL.md"))) {
      String[] cells = line.split("\\|", -1);
      if (cells.length == 7 && cells[1].strip().matches("direct|group")) {
        rows.add(
            new Row(
                cells[1].strip(),
                State.valueOf(cells[2].strip()),
                Arrays.stream(cells[3].split(";", -1)).map(String::strip).toList(),
                State.valueOf(cells[4].strip()),
                cells[5].strip()));
      }
    }
    assertThat(rows).as("rows of the table in PROTOCOL.md").hasSizeGreaterThan(80);
    return rows;
  }
}
