package parley.signalling.schema;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import parley.signalling.wire.ClientEvent;
import parley.signalling.wire.Decoded;
import parley.signalling.wire.EventCodec;

/** The codec accepts what the schemas of the client events accept, and nothing else. */
class ClientSchemaTest {

  private static final String JID = "g-3f7e2a85-49f5-4586-8229-d9c52813dcb2";

  private final Schemas schemas = new Schemas();
  private final EventCodec codec = new EventCodec();

  /** Every event that the codec knows, by asking it for each name that has a type. */
  @Example
  void thereIsOneForEveryEvent() {
    Set<Class<?>> types = new HashSet<>();
    for (String name : names()) {
      Decoded decoded =
          codec.decode("{\"event\":\"%s\",\"params\":{\"jid\":\"%s\"}}".formatted(name, JID));
      assertThat(decoded).as(name).isInstanceOf(Decoded.Accepted.class);
      ClientEvent event = ((Decoded.Accepted) decoded).event();
      assertThat(event.name()).isEqualTo(name);
      types.add(event.getClass());
    }
    assertThat(types).isEqualTo(records(ClientEvent.class));
  }

  @Property(tries = 1_000)
  void theCodecAcceptsWhatIsValid(@ForAll long seed) {
    RandomInstances instances = new RandomInstances(new Random(seed));
    for (String name : names()) {
      ObjectNode frame = instances.event(name);
      assertThat(schemas.problems(name, frame)).as(frame.toString()).isEmpty();
      assertThat(codec.decode(frame.toString())).isInstanceOf(Decoded.Accepted.class);
    }
  }

  @Property(tries = 1_500)
  void bothAgreeOnWhatIsWrong(@ForAll long seed) {
    Random random = new Random(seed);
    RandomInstances instances = new RandomInstances(random);
    for (String name : names()) {
      ObjectNode frame = instances.event(name);
      for (int i = random.nextInt(3); i >= 0; i--) {
        spoil(frame, random, instances);
      }
      // Read as text, as the server gets it: a number may be another kind of number by then.
      String text = frame.toString();
      boolean valid = schemas.problems("client-event", text).isEmpty();
      assertThat(codec.decode(text) instanceof Decoded.Accepted).as(text).isEqualTo(valid);
    }
  }

  @Example
  void bothKnowTheSameLimits() {
    assertAgreed(true, "client.call.offer", "sdp", "\"" + "a".repeat(200_000) + "\"");
    limit("client.call.leave", "reason", 1024);
    limit("client.call.reject", "reason", 1024);
    limit("client.call.trickle", "candidate", 4096);
    limit("client.call.trickle", "sdp_mid", 1024);
    limit("client.confirm", "confirm_id", 128);
    String members = ("\"" + JID + "\",").repeat(999) + "\"" + JID + "\"";
    assertAgreed(true, "client.call.buzz", "members", "[" + members + "]");
    assertAgreed(false, "client.call.buzz", "members", "[" + members + ",\"" + JID + "\"]");
    assertAgreed(true, "client.call.trickle", "sdp_mline_index", "2147483647");
    assertAgreed(false, "client.call.trickle", "sdp_mline_index", "2147483648");
    assertAgreed(true, "client.call.trickle", "sdp_mline_index", "1.0");
    assertAgreed(false, "client.call.trickle", "sdp_mline_index", "1.5");
    assertAgreed(false, "client.call.offer", "jid", "\"" + JID + "\\n\"");
    assertAgreed(false, "client.call.offer", "jid", "\"" + JID.toUpperCase(Locale.ROOT) + "\"");
    assertAgreed(false, "client.call.offer", "muted", "\"true\"");
    assertAgreed(true, "client.call.offer", "muted", "null");
  }

  private void limit(String event, String field, int most) {
    for (String letter : List.of("a", "\uD83D\uDE00")) {
      assertAgreed(true, event, field, "\"" + letter.repeat(most) + "\"");
      assertAgreed(false, event, field, "\"" + letter.repeat(most + 1) + "\"");
    }
  }

  private void assertAgreed(boolean right, String event, String field, String value) {
    String jid = field.equals("jid") ? "" : "\"jid\":\"" + JID + "\",";
    String frame =
        "{\"event\":\"" + event + "\",\"params\":{" + jid + "\"" + field + "\":" + value + "}}";
    assertThat(codec.decode(frame) instanceof Decoded.Accepted)
        .as("codec: " + field)
        .isEqualTo(right);
    assertThat(schemas.problems(event, frame).isEmpty()).as("schema: " + field).isEqualTo(right);
  }

  /** Puts anything in the place of something, or takes something away. */
  private static void spoil(ObjectNode frame, Random random, RandomInstances instances) {
    List<Runnable> ways = new ArrayList<>();
    collect(frame, random, instances, ways);
    if (!ways.isEmpty()) {
      ways.get(random.nextInt(ways.size())).run();
    }
  }

  private static void collect(
      JsonNode node, Random random, RandomInstances instances, List<Runnable> ways) {
    if (node instanceof ObjectNode object) {
      object
          .properties()
          .forEach(
              field -> {
                ways.add(() -> object.set(field.getKey(), instances.anything()));
                ways.add(() -> object.remove(field.getKey()));
                collect(field.getValue(), random, instances, ways);
              });
    } else if (node instanceof ArrayNode array && !array.isEmpty()) {
      ways.add(() -> array.set(random.nextInt(array.size()), instances.anything()));
    }
  }

  static Set<String> names() {
    Set<String> names = new TreeSet<>();
    for (JsonNode each : Schemas.file("client-event.json").path("oneOf")) {
      names.add(each.path("$ref").asText().replaceFirst("\\.json$", ""));
    }
    return names;
  }

  private static Set<Class<?>> records(Class<?> type) {
    if (type.isRecord()) {
      return Set.of(type);
    }
    Set<Class<?>> records = new HashSet<>();
    for (Class<?> each : type.getPermittedSubclasses()) {
      records.addAll(records(each));
    }
    return records;
  }
}
