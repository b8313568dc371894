package parley.signalling.settings;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads a record from a YAML file, and from environment variables that override it.
 *
 * <p>The variable of a key is the prefix and the key's path in capitals, joined by underscores:
 * {@code http.port} is {@code PARLEY_HTTP_PORT}. A list of words is written with commas, a list of
 * sections as YAML on one line.
 */
public final class Settings {

  /**
   * Kubernetes sets such variables in every container for each service of the namespace: a service
   * called "parley" must not keep Parley from starting.
   */
  private static final Pattern SERVICE_LINK =
      Pattern.compile("[A-Z0-9_]+_(SERVICE_HOST|SERVICE_PORT(_[A-Z0-9_]+)?|PORT(_\\d+_\\w+)?)");

  private Settings() {}

  /**
   * @param file the settings; null: there is none
   * @param defaults what keys that are left out get; null: they must be there
   * @throws SettingsException with every mistake in the file and the environment
   */
  public static <R extends Record> R read(
      Class<R> type,
      @Nullable Path file,
      @Nullable R defaults,
      String prefix,
      Map<String, String> environment)
      throws SettingsException {
    return read(type, file == null ? "" : text(file), name(file), defaults, prefix, environment);
  }

  /** Reads a file that the environment has no say in. */
  public static <R extends Record> R read(Class<R> type, String text, String name)
      throws SettingsException {
    return read(type, text, name, null, "", Map.of());
  }

  private static <R extends Record> R read(
      Class<R> type,
      String text,
      String name,
      @Nullable R defaults,
      String prefix,
      Map<String, String> environment)
      throws SettingsException {
    List<Problem> problems = new ArrayList<>();
    YamlNode root = YamlText.parse(text, name, true, problems);
    if (problems.isEmpty()) {
      root = override(root, type, prefix, environment, problems);
    }
    R read = new RecordReader(problems).read(type, root, defaults, "", name);
    if (read == null || !problems.isEmpty()) {
      throw new SettingsException(problems);
    }
    return read;
  }

  /** The text of a file. */
  public static String text(Path file) throws SettingsException {
    try {
      return Files.readString(file);
    } catch (NoSuchFileException e) {
      throw new SettingsException(file.toString(), "there is no such file");
    } catch (CharacterCodingException e) {
      throw new SettingsException(file.toString(), "the file is not UTF-8 text");
    } catch (IOException e) {
      throw new SettingsException(file.toString(), "the file cannot be read: " + e.getMessage());
    }
  }

  private static String name(@Nullable Path file) {
    return file == null ? "settings" : file.toString();
  }

  private static @Nullable YamlNode override(
      @Nullable YamlNode root,
      Class<?> type,
      String prefix,
      Map<String, String> environment,
      List<Problem> problems) {
    Map<String, List<String>> known = Keys.variables(prefix, type);
    YamlNode result = root;
    for (Map.Entry<String, String> variable : environment.entrySet()) {
      String name = variable.getKey();
      if (prefix.isEmpty() || !name.startsWith(prefix + "_")) {
        continue;
      }
      List<String> path = known.get(name);
      if (path != null) {
        YamlNode value = value(type, path, variable.getValue(), name, problems);
        result = value == null ? result : with(result, path, value);
      } else if (!SERVICE_LINK.matcher(name).matches()) {
        String hint = Suggestion.sentence(name, known.keySet());
        problems.add(new Problem(name, "this variable stands for no key; " + hint));
      }
    }
    return result;
  }

  private static @Nullable YamlNode value(
      Class<?> type, List<String> path, String text, String name, List<Problem> problems) {
    var component = Keys.of(type).get(path.getFirst());
    for (String key : path.subList(1, path.size())) {
      component = component == null ? null : Keys.of(component.getType()).get(key);
    }
    if (component == null || component.getType() != List.class) {
      return new YamlNode.Scalar(text, false, name);
    }
    if (Keys.itemType(component).isRecord()) {
      return YamlText.parse(text, name, false, problems);
    }
    List<YamlNode> items = new ArrayList<>();
    for (String word : Arrays.stream(text.split(",", -1)).map(String::strip).toList()) {
      if (!word.isEmpty()) {
        items.add(new YamlNode.Scalar(word, false, name));
      }
    }
    return new YamlNode.Items(items, name);
  }

  private static YamlNode with(@Nullable YamlNode node, List<String> path, YamlNode value) {
    if (path.isEmpty()) {
      return value;
    }
    if (node != null && !(node instanceof YamlNode.Fields)) {
      return node; // the file is wrong here, which is said when it is read
    }
    Map<String, YamlNode> fields = new LinkedHashMap<>();
    if (node instanceof YamlNode.Fields old) {
      fields.putAll(old.fields());
    }
    String key = path.getFirst();
    fields.put(key, with(fields.get(key), path.subList(1, path.size()), value));
    return new YamlNode.Fields(fields, node == null ? value.where() : node.where());
  }
}
