package parley.signalling.wire;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.ser.std.ToStringSerializer;
import parley.relay.api.CallId;

/** How the protocol's structures are written, and how much of hostile JSON is read. */
public final class WireMapper {

  /** The deepest event of the protocol nests four levels; more is a flood. */
  static final int MAX_DEPTH = 16;

  /** The longest number of the protocol is an int64. */
  static final int MAX_NUMBER_CHARS = 40;

  private WireMapper() {}

  /** A mapper of the caller's own: build it once, hand it on. */
  public static JsonMapper create() {
    JsonFactory factory =
        JsonFactory.builder()
            .streamReadConstraints(
                StreamReadConstraints.builder()
                    .maxNestingDepth(MAX_DEPTH)
                    .maxNumberLength(MAX_NUMBER_CHARS)
                    .maxStringLength(EventCodec.MAX_FRAME_BYTES)
                    .maxNameLength(EventCodec.MAX_FRAME_BYTES)
                    .maxDocumentLength(EventCodec.MAX_FRAME_BYTES)
                    .build())
            // Names come from strangers: a shared symbol table would keep them, and could be made
            // to collide.
            .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
            .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
            .build();
    return JsonMapper.builder(factory)
        .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
        .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
        .addModule(new SimpleModule().addSerializer(CallId.class, ToStringSerializer.instance))
        .build();
  }
}
