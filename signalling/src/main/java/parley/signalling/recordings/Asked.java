package parley.signalling.recordings;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpServerRequest;
import java.io.IOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import parley.relay.archive.Archive;
import parley.signalling.audit.Access;

/**
 * A request by somebody who may.
 *
 * @param query of the URL
 * @param id of the recording in the path; empty: it is about none, or about what is none
 * @param last the last part of the path, where it is not always the same
 * @param body a JSON object
 * @param from where he asks from
 */
record Asked(
    Admission.Guest guest,
    HttpServerRequest request,
    MultiMap query,
    String id,
    String last,
    JsonNode body,
    String from) {

  /** The reason, for requests without a body. */
  static final String WHY = "Parley-Why";

  /** A body of nothing. */
  static final JsonNode NOTHING = JsonNodeFactory.instance.objectNode();

  private static final ObjectMapper JSON = new ObjectMapper();

  Asked with(JsonNode other) {
    return new Asked(guest, request, query, id, last, other, from);
  }

  Visitor visitor() {
    return guest.visitor();
  }

  static JsonNode body(byte[] bytes) throws Refusal {
    if (bytes.length == 0) {
      return NOTHING;
    }
    try {
      JsonNode read = JSON.readTree(bytes);
      if (read != null && read.isObject()) {
        return read;
      }
    } catch (JsonProcessingException e) {
      throw new Refusal(Refusal.Code.BAD_REQUEST, "the body is no JSON object", e);
    } catch (IOException e) {
      throw new IllegalStateException("bytes in memory can be read", e);
    }
    throw new Refusal(Refusal.Code.BAD_REQUEST, "the body is no JSON object");
  }

  /** Refuses fields that are not known here, so that a slip is noticed. */
  void only(String... fields) throws Refusal {
    Set<String> known = new TreeSet<>(Set.of(fields));
    for (var names = body.fieldNames(); names.hasNext(); ) {
      if (!known.contains(names.next())) {
        throw Refusal.invalid("the body has a field that is not known; there are " + known);
      }
    }
  }

  /** A text of the body; empty when it is left out. */
  String text(String field, int maxChars) throws Refusal {
    JsonNode value = body.get(field);
    if (value == null || value.isNull()) {
      return "";
    }
    if (!value.isTextual() || value.textValue().length() > maxChars) {
      throw Refusal.invalid(field + ": right would be a text of at most " + maxChars);
    }
    return value.textValue().strip();
  }

  boolean bool(String field, boolean otherwise) throws Refusal {
    JsonNode value = body.get(field);
    if (value == null || value.isNull()) {
      return otherwise;
    }
    if (!value.isBoolean()) {
      throw Refusal.invalid(field + ": right would be true or false");
    }
    return value.booleanValue();
  }

  /**
   * Why he does it: as the body says, else the header, else the session. Empty: he does not say.
   */
  String why() throws Refusal {
    String said = text("why", Access.MAX_REASON);
    if (!said.isEmpty()) {
      return said;
    }
    String header = header(request.getHeader(WHY));
    return header.isEmpty() ? guest.why() : header;
  }

  private static String header(@Nullable String value) throws Refusal {
    if (value == null) {
      return "";
    }
    try {
      // As encodeURIComponent does it: a plus is a plus.
      String text = URLDecoder.decode(value.replace("+", "%2B"), StandardCharsets.UTF_8).strip();
      if (text.length() <= Access.MAX_REASON) {
        return text;
      }
    } catch (IllegalArgumentException e) {
      // said below
    }
    throw Refusal.invalid(
        WHY + ": right would be at most " + Access.MAX_REASON + " characters, percent-encoded");
  }

  Archive.Decision decision() throws Refusal {
    return new Archive.Decision(visitor().who(), why());
  }
}
