package parley.signalling.recordings;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpResponse;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** {@code openapi/recordings.yaml}, to hold answers against. */
public final class RecordingsDescription {

  private static final ObjectMapper JSON = new ObjectMapper();

  private final JsonNode document;
  private final SchemaRegistry registry =
      SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12);
  private int checked;

  public RecordingsDescription() throws IOException {
    try (InputStream in = getClass().getResourceAsStream("/openapi/recordings.yaml")) {
      document = new YAMLMapper().readTree(in);
    }
  }

  JsonNode document() {
    return document;
  }

  /** Every operation, {@code GET /path}. */
  Set<String> operations() {
    Set<String> operations = new TreeSet<>();
    for (var path : document.path("paths").properties()) {
      for (String method : List.of("get", "post", "put", "delete")) {
        if (path.getValue().has(method)) {
          operations.add(method.toUpperCase(Locale.ROOT) + " " + path.getKey());
        }
      }
    }
    return operations;
  }

  /** Fails when an answer is not as described. */
  public void check(String method, String path, HttpResponse<String> answer) throws IOException {
    String template = template(path.replaceFirst("\\?.*", ""));
    if (template.isEmpty() || method.equals("HEAD")) {
      return; // of what is not there, and of what has no body, nothing is described
    }
    JsonNode responses =
        document
            .path("paths")
            .path(template)
            .path(method.toLowerCase(Locale.ROOT))
            .path("responses");
    JsonNode response = responses.path(String.valueOf(answer.statusCode()));
    if (response.isMissingNode()) {
      assertThat(answer.statusCode()).as(method + " " + path).isGreaterThanOrEqualTo(400);
      response = responses.path("default");
    }
    if (response.has("$ref")) {
      response = document.at(response.path("$ref").asText().substring(1));
    }
    JsonNode content = response.path("content");
    if (content.isMissingNode()) {
      return;
    }
    String type = answer.headers().firstValue("content-type").orElse("").replaceFirst(";.*", "");
    assertThat(content.has(type)).as(method + " " + path + " is " + type).isTrue();
    JsonNode schema = content.path(type).path("schema");
    if (!schema.isMissingNode()) {
      ObjectNode whole = schema.deepCopy();
      whole.set("components", document.path("components"));
      SchemaLocation at = SchemaLocation.of("classpath:recordings-" + checked++ + ".json");
      assertThat(registry.getSchema(at, whole).validate(JSON.readTree(answer.body())))
          .as(answer.body())
          .isEmpty();
    }
  }

  /** The described path that a real one behind the root is, the plainest first; empty: none. */
  private String template(String real) {
    String all = "/parley/v1/recordings" + real;
    return document.path("paths").properties().stream()
        .map(Map.Entry::getKey)
        .filter(path -> all.matches(path.replaceAll("\\{\\w+}", "[^/]+")))
        .min(Comparator.comparingLong(path -> path.chars().filter(c -> c == '{').count()))
        .orElse("");
  }
}
