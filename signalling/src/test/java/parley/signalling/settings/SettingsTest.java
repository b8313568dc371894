package parley.signalling.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SettingsTest {

  record Sample(
      Inner inner,
      @Setting("words") List<String> words,
      @Setting("things") List<Thing> things,
      @Setting(
              value = "how",
              oneOf = {"fast", "slow"})
          String pace) {}

  record Inner(
      @Setting(value = "port", max = 65_535) int port,
      @Setting("time") int graceS,
      @Setting("flag") boolean onlyOne) {}

  record Thing(@Setting("name") String name, @Setting(value = "size", optional = true) int size) {
    Thing {
      if (name.contains(" ")) {
        throw new IllegalArgumentException("name is \"" + name + "\"; right would be one word");
      }
    }
  }

  private static final Sample DEFAULTS =
      new Sample(new Inner(8080, 30, false), List.of("a"), List.of(), "fast");

  @TempDir Path folder;

  private Sample read(String yaml, Map<String, String> environment) throws Exception {
    Path file = Files.writeString(folder.resolve("it.yaml"), yaml);
    return Settings.read(Sample.class, file, DEFAULTS, "APP", environment);
  }

  private List<String> problems(String yaml, Map<String, String> environment) {
    var refused = catchThrowableOfType(SettingsException.class, () -> read(yaml, environment));
    assertThat(refused).as("refused: %s %s", yaml, environment).isNotNull();
    return refused.problems().stream()
        .map(problem -> problem.toString().replace(folder + "/", ""))
        .toList();
  }

  @Test
  void takesDefaultsForWhatIsLeftOut() throws Exception {
    assertThat(read("inner: {port: 1}", Map.of()))
        .isEqualTo(new Sample(new Inner(1, 30, false), List.of("a"), List.of(), "fast"));
    assertThat(read("# nothing", Map.of())).isEqualTo(DEFAULTS);
  }

  @Test
  void readsEveryKindOfValue() throws Exception {
    String yaml =
        """
        inner:
          grace_s: 5
          only_one: true
        words: [x, "8", yes]
        things:
          - name: nut
            size: 3
          - {name: bolt}
        pace: slow
        """;
    assertThat(read(yaml, Map.of()))
        .isEqualTo(
            new Sample(
                new Inner(8080, 5, true),
                List.of("x", "8", "yes"),
                List.of(new Thing("nut", 3), new Thing("bolt", 0)),
                "slow"));
  }

  @Test
  void letsTheEnvironmentOverrideTheFile() throws Exception {
    Map<String, String> environment =
        Map.of(
            "APP_INNER_PORT", "9",
            "APP_INNER_ONLY_ONE", "true",
            "APP_WORDS", "one, two,",
            "APP_THINGS", "[{name: nut}]",
            "HOME", "/root");
    assertThat(read("inner: {port: 1, grace_s: 2}\npace: slow", environment))
        .isEqualTo(
            new Sample(
                new Inner(9, 2, true),
                List.of("one", "two"),
                List.of(new Thing("nut", 0)),
                "slow"));
  }

  @Test
  void doesNotMindTheVariablesThatKubernetesSetsForAService() throws Exception {
    Map<String, String> links =
        Map.of(
            "APP_SERVICE_HOST", "10.0.0.1",
            "APP_SERVICE_PORT", "80",
            "APP_PORT", "tcp://10.0.0.1:80",
            "APP_PORT_80_TCP_ADDR", "10.0.0.1");
    assertThat(read("", links)).isEqualTo(DEFAULTS);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          inner: {prot: 1}         | it.yaml:1: inner.prot is not a key; did you mean port?
          iner: {}                 | it.yaml:1: iner is not a key; did you mean inner?
          zzzzzz: 1                | it.yaml:1: zzzzzz is not a key; there are inner, pace, things, words
          inner: {port: eighty}    | it.yaml:1: inner.port is "eighty"; right would be a whole number from 0 to 65535
          inner: {port: 65536}     | it.yaml:1: inner.port is "65536"; right would be a whole number from 0 to 65535
          inner: {port: -1}        | it.yaml:1: inner.port is "-1"; right would be a whole number from 0 to 65535
          inner: {port: [1]}       | it.yaml:1: inner.port is a list; right would be a whole number from 0 to 65535
          inner: {port: }          | it.yaml:1: inner.port is empty; right would be a whole number from 0 to 65535
          inner: {only_one: yes}   | it.yaml:1: inner.only_one is "yes"; right would be true or false
          inner: 5                 | it.yaml:1: inner is "5"; right would be a section with port, grace_s, only_one
          words: x                 | it.yaml:1: words is "x"; right would be a list, like [a, b]
          pace: slwo               | it.yaml:1: pace is "slwo"; right would be one of fast, slow (did you mean slow?)
          things: [{size: 1}]      | it.yaml:1: things[0].name is missing; it is a text
          things: [{name: a b}]    | it.yaml:1: things[0]: name is "a b"; right would be one word
          inner: {port: 1, port: 2}| it.yaml:1: port stands here a second time
          [1, 2]                   | it.yaml:1: the file is a list; right would be a section with inner, words, things, pace
          inner: {port             | it.yaml:1: this is not YAML: expected ',' or '}', but got <stream end>
          """)
  void saysWhatIsWrongAndWhatWouldBeRight(String yaml, String problem) {
    assertThat(problems(yaml, Map.of())).containsExactly(problem);
  }

  @Test
  void namesEveryMistakeWithItsLine() {
    String yaml =
        """
        inner:
          port: x
          graces: 1
        pace: quick
        """;
    assertThat(problems(yaml, Map.of("APP_INNER_GRACE", "1", "APP_WORDS", "a")))
        .containsExactlyInAnyOrder(
            "APP_INNER_GRACE: this variable stands for no key; did you mean APP_INNER_GRACE_S?",
            "it.yaml:3: inner.graces is not a key; did you mean grace_s?",
            "it.yaml:2: inner.port is \"x\"; right would be a whole number from 0 to 65535",
            "it.yaml:4: pace is \"quick\"; right would be one of fast, slow");
  }

  @Test
  void namesTheVariableWhoseValueIsWrong() {
    assertThat(problems("", Map.of("APP_INNER_PORT", "http")))
        .containsExactly(
            "APP_INNER_PORT: inner.port is \"http\"; right would be a whole number from 0 to"
                + " 65535");
  }

  @Test
  void saysThatThereIsNoSuchFile() {
    Path nowhere = folder.resolve("nowhere.yaml");
    var refused =
        catchThrowableOfType(
            SettingsException.class,
            () -> Settings.read(Sample.class, nowhere, DEFAULTS, "APP", Map.of()));
    assertThat(refused).hasMessage(nowhere + ": there is no such file");
  }

  @Test
  void neverMakesObjectsThatAFileNames() {
    assertThat(problems("words: [!!java.net.URL [\"http://127.0.0.1/\"]]", Map.of())).isNotEmpty();
  }

  @Test
  void survivesAnchorsThatBlowUp() {
    String bomb = "a: &a [x, x]\nb: &b [*a, *a]\nc: [*b, *b]\n";
    assertThat(problems(bomb, Map.of())).isNotEmpty();
  }
}
