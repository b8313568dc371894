package parley.signalling.settings;

import java.util.List;
import java.util.Map;

/** A settings file as a tree that remembers where each value stands. */
sealed interface YamlNode {

  /** File and line, or environment variable. */
  String where();

  /** What a person would call this kind of value. */
  String kind();

  /**
   * @param absent whether the key stands there without a value
   */
  record Scalar(String text, boolean absent, String where) implements YamlNode {
    @Override
    public String kind() {
      return absent ? "empty" : "\"" + text + "\"";
    }
  }

  record Items(List<YamlNode> items, String where) implements YamlNode {
    @Override
    public String kind() {
      return "a list";
    }
  }

  record Fields(Map<String, YamlNode> fields, String where) implements YamlNode {
    @Override
    public String kind() {
      return "a section with keys of its own";
    }
  }
}
