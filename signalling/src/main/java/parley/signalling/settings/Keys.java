package parley.signalling.settings;

import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The keys that a record stands for: {@code graceS} of a record is {@code grace_s} in the file. */
final class Keys {

  private Keys() {}

  static String key(RecordComponent component) {
    return component.getName().replaceAll("([a-z0-9])([A-Z])", "$1_$2").toLowerCase(Locale.ROOT);
  }

  static Map<String, RecordComponent> of(Class<?> type) {
    Map<String, RecordComponent> keys = new LinkedHashMap<>();
    for (RecordComponent component : type.getRecordComponents()) {
      keys.put(key(component), component);
    }
    return keys;
  }

  /** The component's annotation; every component of a settings record has one or is a section. */
  static @Nullable Setting setting(RecordComponent component) {
    return component.getAnnotation(Setting.class);
  }

  static Object value(RecordComponent component, Record from) {
    try {
      component.getAccessor().setAccessible(true);
      return component.getAccessor().invoke(from);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(component + " cannot be read", e);
    }
  }

  /** What a list holds. */
  static Class<?> itemType(RecordComponent component) {
    return (Class<?>) ((ParameterizedType) component.getGenericType()).getActualTypeArguments()[0];
  }

  /**
   * The environment variables that override a record's keys, with the path of the key each stands
   * for: {@code PARLEY_HTTP_PORT} for {@code http.port}.
   */
  static Map<String, List<String>> variables(String prefix, Class<?> type) {
    Map<String, List<String>> found = new LinkedHashMap<>();
    variables(prefix, List.of(), type, found);
    return found;
  }

  private static void variables(
      String prefix, List<String> path, Class<?> type, Map<String, List<String>> found) {
    for (RecordComponent component : type.getRecordComponents()) {
      String name = prefix + "_" + key(component).toUpperCase(Locale.ROOT);
      List<String> here = new ArrayList<>(path);
      here.add(key(component));
      if (component.getType().isRecord()) {
        variables(name, here, component.getType(), found);
      } else {
        found.put(name, here);
      }
    }
  }
}
