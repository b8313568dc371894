package parley.relay.turn;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The tables of {@code TURN.md} name tests that there are. */
class RequirementsTest {

  private static final Path TABLES = Path.of("TURN.md");
  private static final List<Path> TESTS =
      List.of(Path.of("src", "test", "java"), Path.of("..", "load-tests", "src", "test", "java"));

  private static final Pattern CODE = Pattern.compile("`([^`]+)`");
  private static final Pattern NAME = Pattern.compile("(?:([A-Z]\\w*Test))?\\.?([a-z]\\w*)?");

  /** A row of a table of requirements or clients: its last cell names tests. */
  private static List<String> rows() throws IOException {
    List<String> rows = new ArrayList<>();
    for (String line : Files.readAllLines(TABLES)) {
      String[] cells = line.split("\\|", -1);
      boolean named = cells.length == 5 && line.contains("`") && !line.contains("*not done*");
      if (named) {
        rows.add(cells[3]);
      }
    }
    return rows;
  }

  /** Test classes by name, as text. */
  private static Map<String, String> sources() throws IOException {
    Map<String, String> sources = new HashMap<>();
    for (Path folder : TESTS) {
      try (Stream<Path> files = Files.walk(folder)) {
        for (Path file : files.filter(each -> each.toString().endsWith("Test.java")).toList()) {
          String name = file.getFileName().toString().replace(".java", "");
          sources.merge(name, Files.readString(file), String::concat);
        }
      }
    }
    return sources;
  }

  /** A name without a class is of the class that was named last. */
  @Test
  void namesTestsThatThereAre() throws IOException {
    Map<String, String> sources = sources();
    List<String> missing = new ArrayList<>();
    int named = 0;
    String test = "";
    for (String row : rows()) {
      for (Matcher code = CODE.matcher(row); code.find(); ) {
        Matcher name = NAME.matcher(code.group(1));
        if (!name.matches()) {
          missing.add(code.group(1));
          continue;
        }
        test = name.group(1) == null ? test : name.group(1);
        String source = sources.getOrDefault(test, "");
        String method = name.group(2);
        named++;
        if (source.isEmpty() || (method != null && !source.contains("void " + method + "("))) {
          missing.add(test + "." + method);
        }
      }
    }
    assertThat(missing).isEmpty();
    assertThat(named).isGreaterThan(100);
  }
}
