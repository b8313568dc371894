package parley.signalling.settings;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Makes a record out of a section of a settings file. Collects every problem instead of stopping at
 * the first; what it returns while there are problems is null.
 */
final class RecordReader {

  private final List<Problem> problems;

  RecordReader(List<Problem> problems) {
    this.problems = problems;
  }

  /**
   * @param node null: the whole section is left out
   * @param defaults where keys that are left out get their values; null: such keys must be there
   * @param path of the section, "" at the top
   * @param where to point at when the section is not there
   */
  <R extends Record> @Nullable R read(
      Class<R> type, @Nullable YamlNode node, @Nullable R defaults, String path, String where) {
    Map<String, YamlNode> fields = Map.of();
    if (node instanceof YamlNode.Fields f) {
      fields = f.fields();
      where = f.where();
    } else if (node != null) {
      String what = path.isEmpty() ? "the file" : path;
      wrong(node, what, "a section with " + String.join(", ", Keys.of(type).keySet()));
      return null;
    }
    int before = problems.size();
    Map<String, RecordComponent> keys = Keys.of(type);
    for (Map.Entry<String, YamlNode> field : fields.entrySet()) {
      if (!keys.containsKey(field.getKey())) {
        String known = Suggestion.sentence(field.getKey(), keys.keySet());
        String name = join(path, field.getKey());
        problems.add(new Problem(field.getValue().where(), name + " is not a key; " + known));
      }
    }
    List<@Nullable Object> values = new ArrayList<>();
    for (Map.Entry<String, RecordComponent> key : keys.entrySet()) {
      Object preset = defaults == null ? null : Keys.value(key.getValue(), defaults);
      String name = join(path, key.getKey());
      values.add(component(key.getValue(), fields.get(key.getKey()), preset, name, where));
    }
    return problems.size() > before ? null : create(type, values, path, where);
  }

  @SuppressWarnings("unchecked") // a component's default has the component's type
  private @Nullable Object component(
      RecordComponent component,
      @Nullable YamlNode node,
      @Nullable Object preset,
      String name,
      String where) {
    Class<?> type = component.getType();
    if (type.isRecord()) {
      return read((Class<Record>) type, node, (Record) preset, name, where);
    }
    if (node == null) {
      return preset != null ? preset : missing(component, name, where);
    }
    if (type == List.class) {
      return list(component, node, name);
    }
    if (!(node instanceof YamlNode.Scalar scalar) || scalar.absent()) {
      return wrong(node, name, expected(component));
    }
    return scalar(component, scalar, name);
  }

  private @Nullable Object missing(RecordComponent component, String name, String where) {
    Class<?> type = component.getType();
    if (type == List.class) {
      return List.of();
    }
    if (type == boolean.class) {
      return false;
    }
    Setting setting = Keys.setting(component);
    if (setting != null && setting.optional()) {
      return type == int.class ? (Object) 0 : type == double.class ? (Object) Double.NaN : "";
    }
    problems.add(new Problem(where, name + " is missing; it is " + expected(component)));
    return null;
  }

  private @Nullable Object scalar(RecordComponent component, YamlNode.Scalar scalar, String name) {
    Class<?> type = component.getType();
    String text = scalar.text();
    Setting setting = Keys.setting(component);
    if (type == boolean.class) {
      return switch (text) {
        case "true" -> true;
        case "false" -> false;
        default -> wrong(scalar, name, expected(component));
      };
    }
    if (type == int.class) {
      try {
        int number = Integer.parseInt(text);
        if (setting == null || (number >= setting.min() && number <= setting.max())) {
          return number;
        }
      } catch (NumberFormatException e) {
        // said below, with what would be right
      }
      return wrong(scalar, name, expected(component));
    }
    if (type == double.class) {
      try {
        double number = Double.parseDouble(text);
        if (Double.isFinite(number)
            && (setting == null || (number >= setting.min() && number <= setting.max()))) {
          return number;
        }
      } catch (NumberFormatException e) {
        // said below, with what would be right
      }
      return wrong(scalar, name, expected(component));
    }
    if (setting != null
        && setting.oneOf().length > 0
        && !Arrays.asList(setting.oneOf()).contains(text)) {
      String near = Suggestion.nearest(text, Arrays.asList(setting.oneOf()));
      String hint = near == null ? "" : " (did you mean " + near + "?)";
      return wrong(scalar, name, expected(component) + hint);
    }
    return text;
  }

  @SuppressWarnings("unchecked") // only asked for records
  private @Nullable Object list(RecordComponent component, YamlNode node, String name) {
    if (!(node instanceof YamlNode.Items items)) {
      return wrong(node, name, expected(component));
    }
    Class<?> itemType = Keys.itemType(component);
    List<Object> values = new ArrayList<>();
    for (int i = 0; i < items.items().size(); i++) {
      YamlNode item = items.items().get(i);
      String itemName = name + "[" + i + "]";
      Object value;
      if (itemType.isRecord()) {
        value = read((Class<Record>) itemType, item, null, itemName, item.where());
      } else if (item instanceof YamlNode.Scalar scalar && !scalar.absent()) {
        value = scalar.text();
      } else {
        value = wrong(item, itemName, "a text");
      }
      if (value != null) {
        values.add(value);
      }
    }
    return values;
  }

  private static String expected(RecordComponent component) {
    Class<?> type = component.getType();
    Setting setting = Keys.setting(component);
    if (type == boolean.class) {
      return "true or false";
    }
    if (type == List.class) {
      return "a list, like [a, b]";
    }
    if (type == int.class || type == double.class) {
      String number = type == int.class ? "a whole number from " : "a number from ";
      return setting == null || setting.max() == Integer.MAX_VALUE
          ? number + (setting == null ? 0 : setting.min())
          : number + setting.min() + " to " + setting.max();
    }
    return setting != null && setting.oneOf().length > 0
        ? "one of " + String.join(", ", setting.oneOf())
        : "a text";
  }

  private @Nullable Object wrong(YamlNode node, String name, String right) {
    String now = node.kind();
    problems.add(new Problem(node.where(), name + " is " + now + "; right would be " + right));
    return null;
  }

  private <R extends Record> @Nullable R create(
      Class<R> type, List<@Nullable Object> values, String path, String where) {
    try {
      Class<?>[] types =
          Arrays.stream(type.getRecordComponents())
              .map(RecordComponent::getType)
              .toArray(Class<?>[]::new);
      var constructor = type.getDeclaredConstructor(types);
      constructor.setAccessible(true);
      return constructor.newInstance(values.toArray());
    } catch (InvocationTargetException e) {
      if (e.getCause() instanceof IllegalArgumentException refused) {
        String at = path.isEmpty() ? "" : path + ": ";
        problems.add(new Problem(where, at + refused.getMessage()));
        return null;
      }
      throw new IllegalStateException(type + " cannot be made", e);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(type + " cannot be made", e);
    }
  }

  private static String join(String path, String key) {
    return path.isEmpty() ? key : path + "." + key;
  }
}
