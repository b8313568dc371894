package parley.signalling.schema;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.networknt.schema.Error;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import parley.signalling.wire.WireMapper;

/** The schemas as they are shipped, and what they say of a frame. */
public final class Schemas {

  private static final JsonMapper JSON = WireMapper.create();

  private final SchemaRegistry registry =
      SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12);

  /** What a frame lacks to be the event of this name; empty: it is one. */
  public List<String> problems(String event, String frame) {
    return problems(event, read(frame));
  }

  /** What a frame lacks to be the event of this name; empty: it is one. */
  public List<String> problems(String event, JsonNode frame) {
    Schema schema = registry.getSchema(SchemaLocation.of("classpath:schema/" + event + ".json"));
    return schema.validate(frame).stream().map(Error::toString).toList();
  }

  /** Whether there is a schema for this event. */
  public static boolean has(String event) {
    return Schemas.class.getResource("/schema/" + event + ".json") != null;
  }

  /** One file of the schema folder. */
  public static JsonNode file(String name) {
    try (InputStream in = Schemas.class.getResourceAsStream("/schema/" + name)) {
      if (in == null) {
        throw new IllegalArgumentException("there is no schema/" + name);
      }
      return JSON.readTree(in);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static JsonNode read(String json) {
    try {
      return JSON.readTree(json);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
