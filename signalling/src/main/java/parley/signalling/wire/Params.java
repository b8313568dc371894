package parley.signalling.wire;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;

/**
 * The params of a client's event, read strictly by type: what is left out, or null, has its
 * default.
 */
record Params(JsonNode object) {

  Jid jid(String name) throws WrongParam {
    return jid(name, object.path(name));
  }

  List<Jid> jids(String name, int max) throws WrongParam {
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

  String text(String name, int maxChars) throws WrongParam {
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

  boolean flag(String name) throws WrongParam {
    JsonNode node = object.path(name);
    if (!absent(node) && !node.isBoolean()) {
      throw new WrongParam(name + ": expected true or false");
    }
    return node.booleanValue();
  }

  int integer(String name) throws WrongParam {
    JsonNode node = object.path(name);
    // 0.0 is an integer too: some languages know only one kind of number.
    if (!absent(node) && !(node.canConvertToExactIntegral() && node.canConvertToInt())) {
      throw new WrongParam(name + ": expected an integer");
    }
    return node.intValue();
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
