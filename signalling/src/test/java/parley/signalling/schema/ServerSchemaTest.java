package parley.signalling.schema;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.jspecify.annotations.Nullable;
import parley.signalling.wire.EventCodec;
import parley.signalling.wire.ServerEvent;

/** What the server writes is exactly what its schemas say. */
class ServerSchemaTest {

  /** The question marks of the protocol: what may be left out, and nothing else. */
  private static final Map<String, Set<String>> OPTIONAL =
      Map.of(
          "server.call.answer",
          Set.of("onliners", "candidates"),
          "server.call.state",
          Set.of("buzz", "start", "finish", "onliners"),
          "server.panic",
          Set.of("debug"));

  private final Schemas schemas = new Schemas();
  private final EventCodec codec = new EventCodec();

  @Example
  void thereIsOneForEveryEvent() {
    RandomEvents events = new RandomEvents(new Random(1));
    Set<String> named = new TreeSet<>();
    for (JsonNode each : Schemas.file("server-event.json").path("oneOf")) {
      named.add(each.path("$ref").asText().replaceFirst("\\.json$", ""));
    }
    Set<String> known = new TreeSet<>();
    RandomEvents.types().forEach(type -> known.add(events.next(type).name()));
    assertThat(named).isEqualTo(known);
    assertThat(known).allMatch(Schemas::has);
  }

  @Property(tries = 300)
  void takesWhateverTheCodecWrites(@ForAll long seed) {
    RandomEvents events = new RandomEvents(new Random(seed));
    for (Class<? extends ServerEvent> type : RandomEvents.types()) {
      ServerEvent event = events.next(type);
      String frame = write(event);
      assertThat(schemas.problems(event.name(), frame)).as(frame).isEmpty();
    }
  }

  @Property(tries = 20)
  void takesItAsOneOfAllEvents(@ForAll long seed) {
    RandomEvents events = new RandomEvents(new Random(seed));
    for (Class<? extends ServerEvent> type : RandomEvents.types()) {
      String frame = write(events.next(type));
      assertThat(schemas.problems("server-event", frame)).as(frame).isEmpty();
    }
  }

  @Property(tries = 100)
  void refusesMoreLessAndOther(@ForAll long seed) {
    RandomEvents events = new RandomEvents(new Random(seed));
    for (Class<? extends ServerEvent> type : RandomEvents.types()) {
      ServerEvent event = events.next(type);
      ObjectNode frame = (ObjectNode) Schemas.read(write(event));
      Set<String> optional = OPTIONAL.getOrDefault(event.name(), Set.of());
      refuses(event.name(), with(frame, null, "more", TextNode.valueOf("x")));
      refuses(event.name(), with(frame, "params", "more", TextNode.valueOf("x")));
      for (String field : fields(frame.path("params"))) {
        ObjectNode less = without(frame, field);
        assertThat(schemas.problems(event.name(), less).isEmpty())
            .as("%s without %s", event.name(), field)
            .isEqualTo(optional.contains(field));
        refuses(event.name(), with(frame, "params", field, Schemas.read("[[1.5]]")));
      }
    }
  }

  @Example
  void wantsAConfirmIdWhereAndOnlyWhereTheClientHasToConfirm() {
    RandomEvents events = new RandomEvents(new Random(2));
    for (Class<? extends ServerEvent> type : RandomEvents.types()) {
      ServerEvent event = events.next(type);
      String wrong = codec.encode(event, event.mustArrive() ? null : "7");
      assertThat(schemas.problems(event.name(), wrong)).as(wrong).isNotEmpty();
    }
  }

  /** As a session does it. */
  private String write(ServerEvent event) {
    return codec.encode(event, event.mustArrive() ? "1" : null);
  }

  private void refuses(String event, ObjectNode frame) {
    assertThat(schemas.problems(event, frame)).as(frame.toString()).isNotEmpty();
  }

  private static List<String> fields(JsonNode object) {
    List<String> names = new ArrayList<>();
    object.fieldNames().forEachRemaining(names::add);
    return names;
  }

  private static ObjectNode with(
      ObjectNode frame, @Nullable String in, String field, JsonNode value) {
    ObjectNode copy = frame.deepCopy();
    (in == null ? copy : (ObjectNode) copy.get(in)).set(field, value);
    return copy;
  }

  private static ObjectNode without(ObjectNode frame, String field) {
    ObjectNode copy = frame.deepCopy();
    ((ObjectNode) copy.get("params")).remove(field);
    return copy;
  }
}
