package parley.load.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xml.sax.InputSource;

final class ReportTest {

  private static final Sample SAMPLE =
      new Sample(
          1,
          "all",
          true,
          3,
          8,
          5,
          40,
          60,
          70,
          12,
          0.2,
          1,
          2,
          3,
          4.4,
          4.3,
          Map.of("<b>", 2L),
          0.5,
          210,
          Double.NaN,
          0.3,
          1);

  private static Outcome outcome(Judged... figures) {
    return new Outcome(
        "A & B",
        "",
        "a server",
        "2026-01-01T00:00:00Z",
        Map.of("Seed", "1"),
        List.of(figures),
        List.of(SAMPLE, SAMPLE),
        new long[Outcome.MOS_CLASSES],
        Map.of("<b>", 4L),
        List.of(new Chart("Threads", List.of(60.0), List.of(new Series("", List.of(3.0), 1)))));
  }

  @Test
  void needsNothingFromAnywhere() {
    String html = Report.html(outcome());
    assertThat(html).doesNotContain("http:", "https:", "src=", "url(", "@import", "<script");
  }

  @Test
  void takesNoMarkupFromAServer() {
    assertThat(Report.html(outcome())).contains("&lt;b&gt;", "A &amp; B").doesNotContain("<b>");
  }

  @Test
  void drawsPicturesThatAreWellFormed() throws Exception {
    Matcher svg = Pattern.compile("<svg.*?</svg>").matcher(Report.html(outcome()));
    int pictures = 0;
    while (svg.find()) {
      DocumentBuilderFactory.newInstance()
          .newDocumentBuilder()
          .parse(new InputSource(new StringReader(svg.group())));
      pictures++;
    }
    assertThat(pictures).isGreaterThan(10);
  }

  @Test
  void saysWhatIsMissedAndByHowMuch() {
    Judged late = new Judged("set-up time, 95 %", 1200, " ms", 1000, false);
    Judged good = new Judged("opinion score of 95 %", 4.3, "", 4.2, true);
    assertThat(Report.html(outcome(late, good)))
        .contains("✗ 1 of 2 expectations are missed.", "✗ 1200 ms", "at most 1000 ms", "✓ 4.30");
    assertThat(late.text()).isEqualTo("MISSED  set-up time, 95 %: 1200 ms, at most 1000 ms");
    assertThat(outcome(late, good).met()).isFalse();
    assertThat(outcome(good).met()).isTrue();
  }

  @Test
  void missesWhatWasExpectedAndCouldNotBeMeasured() {
    assertThat(new Judged("ring", Double.NaN, " ms", 300, false).met()).isFalse();
    assertThat(new Judged("ring", Double.NaN, " ms", Double.NaN, false).met()).isTrue();
  }

  @Test
  void leavesGapsWhereNothingWasMeasured() {
    String line =
        Plot.lines(
            "x",
            List.of(1.0, 2.0, 3.0, 4.0),
            List.of(new Series("x", List.of(1.0, Double.NaN, 1.0, 2.0), 1)),
            1);
    assertThat(line).containsPattern("d=\"M\\S+ \\S+h1M\\S+ \\S+L\\S+ \\S+\"");
  }

  @Test
  void writesWhatWasNotMeasuredAsNull(@TempDir Path folder) throws Exception {
    Path file = folder.resolve("out.json");
    OutcomeJson.write(outcome(), file);
    assertThat(Files.readString(file)).contains("\"heapMb\" : null", "\"met\" : true");
  }
}
