package parley.signalling.servers;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import parley.relay.api.CallId;
import parley.signalling.wire.Jid;

/** A request's body, field by field. The first that is wrong is kept; all that follow is empty. */
final class Wish {

  /** As in the protocol's own {@code client.call.buzz}. */
  static final int MAX_MEMBERS = 1000;

  private static final Jid NOBODY = Jid.of("d-00000000-0000-0000-0000-000000000000");

  private final JsonNode body;
  private final Set<String> known = new TreeSet<>();
  private @Nullable Problem problem;

  private Wish(JsonNode body) {
    this.body = body;
  }

  /**
   * @param bytes empty: as if it were {@code {}}
   */
  static Wish read(byte[] bytes, Json json) {
    JsonNode body = bytes.length == 0 ? JsonNodeFactory.instance.objectNode() : json.read(bytes);
    if (body != null && body.isObject()) {
      return new Wish(body);
    }
    var wish = new Wish(JsonNodeFactory.instance.objectNode());
    wish.problem = Problem.of(Problem.Code.BAD_REQUEST, "the body is no JSON object");
    return wish;
  }

  /** What is wrong; null when nothing is. To be asked after all fields were read. */
  @Nullable Problem problem() {
    if (problem == null) {
      for (var fields = body.fieldNames(); fields.hasNext(); ) {
        String field = fields.next();
        if (!known.contains(field)) {
          return invalid(shown(field) + ": not a field here; there are " + known);
        }
      }
    }
    return problem;
  }

  Jid jid(String field) {
    Jid jid = optionalJid(field);
    if (jid == null) {
      wrong(field + ": expected a jid");
      return NOBODY;
    }
    return jid;
  }

  @Nullable Jid optionalJid(String field) {
    JsonNode value = value(field);
    if (value == null) {
      return null;
    }
    Jid jid = value.isTextual() ? Jid.tryParse(value.textValue()) : null;
    if (jid == null) {
      wrong(field + ": expected a jid");
    }
    return jid;
  }

  /** A person. */
  @Nullable Jid optionalContact(String field) {
    Jid jid = optionalJid(field);
    if (jid != null && !jid.isContact()) {
      wrong(field + ": expected a contact's jid, which begins with d-");
    }
    return jid;
  }

  /** A person. */
  Jid contact(String field) {
    Jid jid = jid(field);
    if (!jid.isContact()) {
      wrong(field + ": expected a contact's jid, which begins with d-");
    }
    return jid;
  }

  /** People; empty when they are left out. */
  List<Jid> contacts(String field) {
    JsonNode value = value(field);
    if (value == null) {
      return List.of();
    }
    if (!value.isArray() || value.size() > MAX_MEMBERS) {
      wrong(field + ": expected a list of at most " + MAX_MEMBERS + " jids");
      return List.of();
    }
    List<Jid> all = new ArrayList<>();
    for (JsonNode each : value) {
      Jid jid = each.isTextual() ? Jid.tryParse(each.textValue()) : null;
      if (jid == null || !jid.isContact()) {
        wrong(field + ": expected contacts' jids, which begin with d-");
        return List.of();
      }
      all.add(jid);
    }
    return all;
  }

  boolean bool(String field) {
    JsonNode value = value(field);
    if (value == null || !value.isBoolean()) {
      wrong(field + ": expected true or false");
      return false;
    }
    return value.booleanValue();
  }

  /** Empty when it is left out. */
  String optionalText(String field, int maxChars) {
    JsonNode value = value(field);
    if (value == null) {
      return "";
    }
    if (!value.isTextual() || value.textValue().length() > maxChars) {
      wrong(field + ": expected a text of at most " + maxChars + " characters");
      return "";
    }
    return value.textValue();
  }

  CallId call(String field) {
    JsonNode value = value(field);
    if (value == null || !value.isTextual() || value.textValue().isBlank()) {
      wrong(field + ": expected a call's uid");
      return new CallId("none");
    }
    return new CallId(value.textValue());
  }

  private @Nullable JsonNode value(String field) {
    known.add(field);
    JsonNode value = body.get(field);
    return value == null || value.isNull() ? null : value;
  }

  private void wrong(String what) {
    if (problem == null) {
      problem = invalid(what);
    }
  }

  private static Problem invalid(String what) {
    return Problem.of(Problem.Code.INVALID, what);
  }

  /** A stranger's word, in an answer: short, and nothing but letters. */
  private static String shown(String field) {
    String clean = field.replaceAll("[^A-Za-z0-9_.-]", "?");
    return clean.length() > 40 ? clean.substring(0, 40) : clean;
  }
}
