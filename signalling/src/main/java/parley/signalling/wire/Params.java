package parley.signalling.wire;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;

/**
 * The fields of an object that came from outside, read strictly by type: what is left out, or null,
 * has its default.
 */
public record Params(JsonNode object) {

  /** The largest integer that every JSON reader keeps exactly (RFC 8259 §6). */
  public static final long MAX_COUNT = (1L << 53) - 1;

  public Jid jid(String name) throws WrongParam {
    return jid(name, object.path(name));
  }

  public List<Jid> jids(String name, int max) throws WrongParam {
    JsonNode node = object.path(name);
    if (absent(node)) {
      return List.of();
    }
    if (!node.isArray() || node.size() > max) {
      throw new WrongParam(name + ": expected a list of at most " + max + " jids");
    }
    List<Jid> jids = new ArrayList<>(node.size());
    for (JsonNode element : node) {
      jids.add(jid(name, element));
    }
    return jids;
  }

  public String text(String name, int maxChars) throws WrongParam {
    JsonNode node = object.path(name);
    if (absent(node)) {
      return "";
    }
    if (!node.isTextual()) {
      throw new WrongParam(name + ": expected a string");
    }
    // As JSON Schema counts: a character outside of the basic plane is one.
    if (node.textValue().codePointCount(0, node.textValue().length()) > maxChars) {
      throw new WrongParam(name + ": longer than " + maxChars + " characters");
    }
    return node.textValue();
  }

  public boolean flag(String name) throws WrongParam {
    JsonNode node = object.path(name);
    if (!absent(node) && !node.isBoolean()) {
      throw new WrongParam(name + ": expected true or false");
    }
    return node.booleanValue();
  }

  public int integer(String name) throws WrongParam {
    JsonNode node = object.path(name);
    // 0.0 is an integer too: some languages know only one kind of number.
    if (!absent(node) && !(node.canConvertToExactIntegral() && node.canConvertToInt())) {
      throw new WrongParam(name + ": expected an integer");
    }
    return node.intValue();
  }

  /** A number from 0 to {@value #MAX_COUNT}. */
  public long count(String name) throws WrongParam {
    JsonNode node = object.path(name);
    boolean whole = node.canConvertToExactIntegral() && node.canConvertToLong();
    if (absent(node)) {
      return 0;
    }
    if (!whole || node.longValue() < 0 || node.longValue() > MAX_COUNT) {
      throw new WrongParam(name + ": expected an integer from 0 to " + MAX_COUNT);
    }
    return node.longValue();
  }

  /** The objects of a list. */
  public List<Params> objects(String name, int max) throws WrongParam {
    JsonNode node = object.path(name);
    if (absent(node)) {
      return List.of();
    }
    if (!node.isArray() || node.size() > max) {
      throw new WrongParam(name + ": expected a list of at most " + max + " objects");
    }
    List<Params> objects = new ArrayList<>(node.size());
    for (JsonNode element : node) {
      if (!element.isObject()) {
        throw new WrongParam(name + ": expected objects");
      }
      objects.add(new Params(element));
    }
    return objects;
  }

  private static Jid jid(String name, JsonNode node) throws WrongParam {
    Jid jid = node.isTextual() ? Jid.tryParse(node.textValue()) : null;
    if (jid == null) {
      throw new WrongParam(name + ": expected a jid, d-, g- or t- followed by a UUID");
    }
    return jid;
  }

  private static boolean absent(JsonNode node) {
    return node.isMissingNode() || node.isNull();
  }
}
