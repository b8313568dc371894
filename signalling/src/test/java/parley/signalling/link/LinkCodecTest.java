package parley.signalling.link;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import parley.relay.api.CallId;
import parley.signalling.link.LinkMessage.Acknowledged;
import parley.signalling.link.LinkMessage.Answer;
import parley.signalling.link.LinkMessage.Calls;
import parley.signalling.link.LinkMessage.Closed;
import parley.signalling.link.LinkMessage.Event;
import parley.signalling.link.LinkMessage.FromChat;
import parley.signalling.link.LinkMessage.Hello;
import parley.signalling.link.LinkMessage.Invalid;
import parley.signalling.link.LinkMessage.Opened;
import parley.signalling.link.LinkMessage.Refused;
import parley.signalling.link.LinkMessage.Send;
import parley.signalling.link.LinkMessage.Unreadable;
import parley.signalling.schema.RandomInstances;
import parley.signalling.schema.Schemas;
import parley.signalling.wire.Jid;
import parley.signalling.wire.OnlineCall;
import parley.signalling.wire.TeamId;

/** What the schemas of a link say is what the codec reads and writes. */
class LinkCodecTest {

  private static final String TEAM = "6aefcf3b-e61c-4f35-8b5b-9d762a6a6cf9";
  private static final String ALICE = "d-565a1d31-3605-4c99-8581-c2d19fb27405";
  private static final String BOB = "d-bd500a50-5d3e-4a2a-9d8c-1f1f63f2d5c1";
  private static final String CALL = "0d7b3c8e-5a7c-4b59-9a76-2f6b0f1e9d11";
  private static final List<String> TYPES = List.of("hello", "opened", "event", "closed", "ack");

  private final LinkCodec codec = new LinkCodec();
  private final Schemas schemas = new Schemas();

  private FromChat decoded(String json) {
    return codec.decode(json.replace('\'', '"'));
  }

  @Example
  void readsWhatAChatServerSays() {
    assertThat(decoded("{'type':'hello'}")).isEqualTo(new Hello("", "", 0, ""));
    assertThat(
            decoded(
                "{'type':'hello','instance':'a','stream':'s','received':7,'base':'https://c.example'}"))
        .isEqualTo(new Hello("a", "s", 7, "https://c.example"));
    assertThat(
            decoded(
                "{'type':'opened','seq':1,'session':'x','team':'%s','contact':'%s','useragent':'Chat/1','device':'p','calls':[{'jid':'%s','uid':'%s'}]}"
                    .formatted(TEAM, ALICE, BOB, CALL)))
        .isEqualTo(
            new Opened(
                1,
                "x",
                new TeamId(TEAM),
                Jid.of(ALICE),
                "Chat/1",
                "p",
                List.of(new HeldCall(Jid.of(BOB), new CallId(CALL)))));
    assertThat(decoded("{'type':'event','seq':2,'session':'x','frame':'{}'}"))
        .isEqualTo(new Event(2, "x", "{}"));
    assertThat(decoded("{'type':'closed','seq':3,'session':'x'}")).isEqualTo(new Closed(3, "x"));
    assertThat(decoded("{'type':'ack','seq':4}")).isEqualTo(new Acknowledged(4));
  }

  @Example
  void countsANumberedMessageThatSaysNothing() {
    assertThat(decoded("{'type':'opened','seq':5,'session':'x'}"))
        .isInstanceOfSatisfying(
            Invalid.class,
            invalid -> {
              assertThat(invalid.seq()).isEqualTo(5);
              assertThat(invalid.session()).isEqualTo("x");
            });
    assertThat(decoded("{'type':'dance','seq':6}")).isInstanceOf(Invalid.class);
  }

  @Example
  void refusesWhatIsNoMessage() {
    for (String text :
        List.of(
            "",
            "[]",
            "nonsense",
            "{'type':'event','session':'x','frame':'{}'}",
            "{'type':'event','seq':0,'session':'x','frame':'{}'}",
            "{'type':'ack','seq':-1}",
            "{'type':'hello','base':'javascript:1'}",
            "{'type':'hello'} {}",
            "{'type':" + "[".repeat(1_000) + "]".repeat(1_000) + "}",
            " ".repeat(LinkCodec.MAX_MESSAGE_CHARS + 1))) {
      assertThat(decoded(text)).as(text.strip()).isInstanceOf(Unreadable.class);
    }
  }

  @Example
  void cutsALongUseragentShort() {
    FromChat opened =
        decoded(
            "{'type':'opened','seq':1,'session':'x','team':'%s','contact':'%s','useragent':'%s'}"
                .formatted(TEAM, ALICE, "u".repeat(1_000)));
    assertThat(((Opened) opened).useragent()).hasSize(256);
  }

  @Example
  void hasRoomForTheLargestFrameHoweverItIsEscaped() {
    String frame = "\u0001".repeat(256 * 1024);
    String json =
        "{\"type\":\"event\",\"seq\":1,\"session\":\"x\",\"frame\":" + quoted(frame) + "}";
    assertThat(codec.decode(json)).isEqualTo(new Event(1, "x", frame));
    String longer = quoted(frame + "x");
    assertThat(
            codec.decode(
                "{\"type\":\"event\",\"seq\":1,\"session\":\"x\",\"frame\":" + longer + "}"))
        .isInstanceOf(Invalid.class);
  }

  private static String quoted(String text) {
    return TextNode.valueOf(text).toString();
  }

  @Property(tries = 500)
  void readsWhateverIsValid(@ForAll long seed) {
    var instances = new RandomInstances(new Random(seed));
    for (String type : TYPES) {
      ObjectNode message = instances.event("link." + type);
      assertThat(schemas.problems("link." + type, message)).as(message.toString()).isEmpty();
      assertThat(codec.decode(message.toString()))
          .as(message.toString())
          .isNotInstanceOfAny(Invalid.class, Unreadable.class);
    }
  }

  @Property(tries = 1_000)
  void agreesWithTheSchemasOnWhatIsWrong(@ForAll long seed) {
    var random = new Random(seed);
    var instances = new RandomInstances(random);
    for (String type : TYPES) {
      ObjectNode message = instances.event("link." + type);
      List<String> fields = new ArrayList<>();
      message.fieldNames().forEachRemaining(fields::add);
      fields.remove("type");
      if (fields.isEmpty()) {
        continue;
      }
      String spoilt = fields.get(random.nextInt(fields.size()));
      if (random.nextInt(3) == 0) {
        message.remove(spoilt);
      } else {
        message.set(spoilt, instances.anything());
      }
      String text = message.toString();
      boolean right = schemas.problems("link." + type, text).isEmpty();
      FromChat read = codec.decode(text);
      assertThat(!(read instanceof Invalid || read instanceof Unreadable))
          .as(text)
          .isEqualTo(right);
    }
  }

  @Property(tries = 300)
  void neverThrows(@ForAll String text, @ForAll long seed) {
    codec.decode(text);
    codec.decode(new RandomInstances(new Random(seed)).anything().toString());
  }

  @Example
  void writesWhatTheSchemasSay() {
    assertValid("link.welcome", codec.welcome("s-1", false, 0, "this Parley has started since"));
    assertValid("link.welcome", codec.welcome("s-1", true, 12, ""));
    assertValid("link.ack", codec.acknowledgement(3));
    assertValid("link.send", new Send(List.of("x", "y"), "{\"event\":\"server.call.state\"}"));
    var call = new OnlineCall(Jid.of(BOB), new CallId(UUID.randomUUID().toString()), null, 0);
    assertValid("link.calls", new Calls(List.of("x"), List.of(call)));
    assertValid("link.calls", new Calls(List.of("x"), List.of()));
    for (Refusal code : Refusal.values()) {
      assertValid("link.refused", new Refused("", code, "a sentence"));
    }
  }

  @Example
  void keepsAFrameAsItIs() throws Exception {
    String frame = "{\"gentime\":1767323045678901234,\"sdp\":\"a\\r\\nb\",\"name\":\"Ж\"}";
    JsonNode sent = new ObjectMapper().readTree(codec.encode(9, new Send(List.of("x"), frame)));
    assertThat(sent.get("frame").asText()).isEqualTo(frame);
    assertThat(sent.get("seq").asLong()).isEqualTo(9);
  }

  private void assertValid(String schema, Answer answer) {
    assertValid(schema, codec.encode(1, answer));
  }

  private void assertValid(String schema, String message) {
    assertThat(schemas.problems(schema, message)).as(message).isEmpty();
  }
}
