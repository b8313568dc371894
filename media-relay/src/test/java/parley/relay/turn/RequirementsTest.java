package parley.relay.turn;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The tables of {@code TURN.md} are whole, and name tests that there are. */
class RequirementsTest {

  private static final Path TABLES = Path.of("TURN.md");
  private static final List<Path> TESTS =
      List.of(
          Path.of("src", "test", "java"),
          Path.of("..", "stun-config", "src", "test", "java"),
          Path.of("..", "load-tests", "src", "test", "java"));

  private static final Pattern CODE = Pattern.compile("`([^`]+)`");
  private static final Pattern NAME = Pattern.compile("(?:([A-Z]\\w*Test))?\\.?([a-z]\\w*)?");

  /** What asks something of a server, by the numbers of the RFCs' sections. */
  private static final Map<String, List<String>> SECTIONS =
      Map.of(
          "RFC 8489",
          List.of(
              "5", "6.1", "6.2.2", "6.2.3", "6.3", "6.3.1", "6.3.1.1", "9", "9.2", "9.2.4", "12",
              "14", "14.1", "14.3", "14.4", "14.6", "14.7", "14.8", "14.9", "14.10", "16"),
          "RFC 8656",
          List.of(
              "3.1", "3.7", "4.1", "5", "6", "7.2", "8.1", "8.2", "9", "10.2", "11.2", "11.3",
              "11.5", "12", "12.2", "12.5", "12.6", "13", "18", "18.1", "18.6", "18.8", "18.12",
              "18.13", "21.4"),
          "RFC 8016",
          List.of("3.1.2", "3.2.2", "5"));

  /**
   * A requirement, or somebody else's client.
   *
   * @param of what the heading above the table begins with
   */
  private record Row(String of, String what, String sections, String tests) {

    boolean isDone() {
      return !tests.contains("*not done*");
    }
  }

  private static List<Row> rows() throws IOException {
    List<Row> rows = new ArrayList<>();
    String heading = "";
    for (String line : Files.readAllLines(TABLES)) {
      heading = line.startsWith("## ") ? line.substring(3) : heading;
      String[] cells = line.split("\\|", -1);
      boolean head = cells.length == 5 && cells[3].strip().equals("test");
      if (cells.length == 5 && !head && !line.startsWith("|-")) {
        rows.add(new Row(heading, cells[1], cells[2], cells[3]));
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
    String test = "";
    for (Row row : rows()) {
      int named = 0;
      for (Matcher code = CODE.matcher(row.tests()); row.isDone() && code.find(); ) {
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
      if (row.isDone() && named == 0) {
        missing.add("a test for:" + row.what());
      }
    }
    assertThat(missing).isEmpty();
  }

  @Test
  void leavesOutNoSectionThatAsksSomethingOfAServer() throws IOException {
    for (Map.Entry<String, List<String>> rfc : SECTIONS.entrySet()) {
      Set<String> covered = new HashSet<>();
      for (Row row : rows()) {
        if (row.of().startsWith(rfc.getKey())) {
          covered.addAll(List.of(row.sections().strip().split(", ", -1)));
        }
      }
      assertThat(covered).as(rfc.getKey()).containsAll(rfc.getValue());
    }
  }
}
