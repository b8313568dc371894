package parley.signalling.settings;

import java.lang.reflect.RecordComponent;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Writes a record as the YAML it could have been read from, with what each key means. */
public final class SettingsPrinter {

  /** Text that YAML reads back as the same text without quotes. */
  private static final Pattern PLAIN = Pattern.compile("[A-Za-z/.][A-Za-z0-9/._+-]*");

  private final StringBuilder out = new StringBuilder();

  private SettingsPrinter() {}

  public static String print(Record settings) {
    var printer = new SettingsPrinter();
    printer.section(settings, "");
    return printer.out.toString();
  }

  private void section(Record section, String indent) {
    for (RecordComponent component : section.getClass().getRecordComponents()) {
      Object value = Keys.value(component, section);
      Setting setting = Keys.setting(component);
      String key = Keys.key(component);
      if (setting != null) {
        out.append(indent).append("# ").append(setting.value()).append('\n');
      }
      out.append(indent).append(key).append(':');
      switch (value) {
        case Record inner -> {
          out.append('\n');
          section(inner, indent + "  ");
        }
        case List<?> list when !list.isEmpty() && list.getFirst() instanceof Record -> {
          out.append('\n');
          list.forEach(item -> out.append(indent).append("  - ").append(flow((Record) item)));
        }
        case List<?> list -> out.append(' ').append(words(list, setting)).append('\n');
        default -> out.append(' ').append(scalar(value, setting)).append('\n');
      }
    }
  }

  private static String flow(Record item) {
    var line = new StringBuilder("{");
    for (RecordComponent component : item.getClass().getRecordComponents()) {
      line.append(line.length() > 1 ? ", " : "").append(Keys.key(component)).append(": ");
      Object value = Keys.value(component, item);
      Setting setting = Keys.setting(component);
      line.append(value instanceof List<?> list ? words(list, setting) : scalar(value, setting));
    }
    return line.append("}\n").toString();
  }

  private static String words(List<?> list, @Nullable Setting setting) {
    return "["
        + list.stream().map(word -> scalar(word, setting)).collect(Collectors.joining(", "))
        + "]";
  }

  private static String scalar(Object value, @Nullable Setting setting) {
    String text = value.toString();
    if (setting != null && setting.secret() && !text.isEmpty()) {
      return "\"(secret)\"";
    }
    boolean word = value instanceof String && !text.equals("true") && !text.equals("false");
    if (!(value instanceof String) || (word && PLAIN.matcher(text).matches())) {
      return text;
    }
    return '"' + text.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
  }
}
