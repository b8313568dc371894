package parley.signalling.cluster;

import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.deser.std.StdDeserializer;
import com.fasterxml.jackson.databind.jsontype.NamedType;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.ser.std.StdSerializer;
import java.io.IOException;
import java.io.Serial;
import parley.relay.api.Curve;
import parley.relay.api.RelayCommand;
import parley.relay.api.RelayEvent;

/** What is asked of a relay on another node, and what it tells, in and out of JSON. */
final class RelayJson extends SimpleModule {

  @Serial private static final long serialVersionUID = 1;

  /** More than a leg's curve ever has. */
  private static final int MAX_POINTS = 256;

  @JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "k")
  private interface Kinds {}

  RelayJson() {
    setMixInAnnotation(RelayCommand.class, Kinds.class);
    setMixInAnnotation(RelayEvent.class, Kinds.class);
    for (Class<?> kind : RelayCommand.class.getPermittedSubclasses()) {
      registerSubtypes(new NamedType(kind, kind.getSimpleName()));
    }
    for (Class<?> kind : RelayEvent.class.getPermittedSubclasses()) {
      registerSubtypes(new NamedType(kind, kind.getSimpleName()));
    }
    addSerializer(Curve.class, new CurveOut());
    addDeserializer(Curve.class, new CurveIn());
  }

  private static final class CurveOut extends StdSerializer<Curve> {
    @Serial private static final long serialVersionUID = 1;

    CurveOut() {
      super(Curve.class);
    }

    @Override
    public void serialize(Curve curve, JsonGenerator out, SerializerProvider provider)
        throws IOException {
      out.writeStartObject();
      out.writeNumberField("step_ms", curve.stepMs());
      out.writeObjectField("points", curve.points());
      out.writeEndObject();
    }
  }

  private static final class CurveIn extends StdDeserializer<Curve> {
    @Serial private static final long serialVersionUID = 1;

    CurveIn() {
      super(Curve.class);
    }

    @Override
    public Curve deserialize(JsonParser parser, DeserializationContext context) throws IOException {
      JsonNode tree = parser.readValueAsTree();
      var made = new Curve.Maker(tree.path("step_ms").asInt());
      int points = 0;
      for (JsonNode each : tree.path("points")) {
        if (points++ < MAX_POINTS) {
          made.add(context.readTreeAsValue(each, Curve.Point.class));
        }
      }
      return made.curve();
    }
  }
}
