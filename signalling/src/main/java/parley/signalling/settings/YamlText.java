package parley.signalling.settings;

import java.io.StringReader;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.Mark;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;
import org.yaml.snakeyaml.nodes.Tag;

/** Parses YAML into {@link YamlNode}s. Nothing in the text is ever made into an object. */
final class YamlText {

  /** A directory of 50,000 people is about 10 MB; more was not written by hand. */
  private static final int MAX_CHARS = 32 << 20;

  /** Settings are three levels deep; deeper nesting is a mistake or an attack. */
  private static final int MAX_DEPTH = 16;

  private final @Nullable String file;
  private final String name;
  private final List<Problem> problems;

  private YamlText(@Nullable String file, String name, List<Problem> problems) {
    this.file = file;
    this.name = name;
    this.problems = problems;
  }

  /**
   * @param name the file's name, or the environment variable the text stands in
   * @param lines whether to add line numbers to the name
   * @return null when the text is empty, or is not YAML at all, which is then a problem
   */
  static @Nullable YamlNode parse(String text, String name, boolean lines, List<Problem> problems) {
    var reader = new YamlText(lines ? name : null, name, problems);
    var options = new LoaderOptions();
    options.setCodePointLimit(MAX_CHARS);
    options.setNestingDepthLimit(MAX_DEPTH);
    options.setMaxAliasesForCollections(0);
    try {
      Node root = new Yaml(new SafeConstructor(options)).compose(new StringReader(text));
      return root == null || root.getTag().equals(Tag.NULL) ? null : reader.convert(root, 0);
    } catch (MarkedYAMLException e) {
      Mark mark = e.getProblemMark();
      String what = e.getProblem() == null ? "something is wrong here" : e.getProblem();
      problems.add(new Problem(reader.where(mark), "this is not YAML: " + what));
    } catch (YAMLException e) {
      problems.add(new Problem(name, "this is not YAML: " + e.getMessage()));
    }
    return null;
  }

  private YamlNode convert(Node node, int depth) {
    String where = where(node.getStartMark());
    if (depth > MAX_DEPTH) {
      problems.add(new Problem(where, "this is nested too deeply"));
      return new YamlNode.Scalar("", true, where);
    }
    return switch (node) {
      case ScalarNode scalar ->
          new YamlNode.Scalar(scalar.getValue(), scalar.getTag().equals(Tag.NULL), where);
      case SequenceNode sequence -> {
        List<YamlNode> items = new ArrayList<>();
        for (Node item : sequence.getValue()) {
          items.add(convert(item, depth + 1));
        }
        yield new YamlNode.Items(items, where);
      }
      case MappingNode mapping -> fields(mapping, where, depth);
      default -> throw new YAMLException("unexpected " + node.getNodeId());
    };
  }

  private YamlNode fields(MappingNode mapping, String where, int depth) {
    Map<String, YamlNode> fields = new LinkedHashMap<>();
    for (NodeTuple tuple : mapping.getValue()) {
      if (!(tuple.getKeyNode() instanceof ScalarNode key)) {
        problems.add(new Problem(where(tuple.getKeyNode().getStartMark()), "a key must be a word"));
        continue;
      }
      YamlNode value = convert(tuple.getValueNode(), depth + 1);
      if (fields.put(key.getValue(), value) != null) {
        problems.add(
            new Problem(where(key.getStartMark()), key.getValue() + " stands here a second time"));
      }
    }
    return new YamlNode.Fields(fields, where);
  }

  private String where(@Nullable Mark mark) {
    return file == null || mark == null ? name : file + ":" + (mark.getLine() + 1);
  }
}
