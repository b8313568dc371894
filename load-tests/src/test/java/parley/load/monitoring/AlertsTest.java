package parley.load.monitoring;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import parley.load.Eventually;
import parley.load.server.ParleyProcess;

/** Alert rules and dashboards, by a real Prometheus. */
@Tag("slow")
@Timeout(240)
class AlertsTest {

  private static final Path MONITORING = Path.of("..", "deploy", "monitoring");
  private static final Path RULES = MONITORING.resolve("alerts.yaml");
  private static final Path TESTS = MONITORING.resolve("alerts-test.yaml");
  private static final Path GUIDE = Path.of("..", "deploy", "MONITORING.md");
  private static final Pattern ALERT = Pattern.compile("- alert: (\\w+)");
  private static final Pattern METRIC = Pattern.compile("\\b(?:parley|jvm|process|system)_\\w+");
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  @TempDir Path folder;

  @Test
  void everyRuleFiresOnWhatItIsForAndClears() throws Exception {
    Process promtool =
        new ProcessBuilder("promtool", "test", "rules", TESTS.toAbsolutePath().toString())
            .redirectErrorStream(true)
            .start();
    String said = new String(promtool.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(promtool.waitFor()).as(said).isZero();

    String tests = Files.readString(TESTS);
    for (String alert : alerts()) {
      int from = tests.indexOf("  - name: " + alert + "\n");
      assertThat(from).as("a test of " + alert).isNotNegative();
      int end = tests.indexOf("  - name: ", from + 1);
      String test = tests.substring(from, end < 0 ? tests.length() : end);
      assertThat(test).as("fires").contains("exp_labels");
      assertThat(test).as("clears").contains("exp_alerts: []");
    }
  }

  @Test
  void everyRuleHasALineInTheRunBook() throws IOException {
    String guide = Files.readString(GUIDE);
    for (String alert : alerts()) {
      assertThat(guide).containsPattern("### " + alert + "\n.+<br>\n\\*\\*Do:\\*\\* .+");
    }
  }

  @Test
  void firesWhenARunningNodeIsInTroubleAndClearsAfterwards() throws Exception {
    Path recordings = Files.createDirectory(folder.resolve("recordings"));
    int port = PrometheusProcess.freePort();
    try (ParleyProcess parley = ParleyProcess.start(recordings, settings(port), List.of());
        var prometheus =
            new PrometheusProcess(folder, "127.0.0.1:" + port, Files.readString(RULES))) {
      awaitNames(prometheus);
      assertThat(prometheus.fires("ParleyRecordingImpossible")).isFalse();

      Path probe = recordings.resolve(".health");
      Files.delete(probe);
      Files.createDirectory(probe); // the disk takes no file any more
      awaitAlert(prometheus, "ParleyRecordingImpossible", true);
      awaitAlert(prometheus, "ParleyDegraded", true);

      Files.delete(probe);
      awaitAlert(prometheus, "ParleyRecordingImpossible", false);
      awaitAlert(prometheus, "ParleyDegraded", false);

      parley.close();
      awaitAlert(prometheus, "ParleyDown", true);
    }
  }

  @Test
  void rulesAndPanelsAskForMetricsThatThereAre() throws Exception {
    Path recordings = Files.createDirectory(folder.resolve("recordings"));
    int port = PrometheusProcess.freePort();
    List<String> panels = panels();
    assertThat(panels).hasSizeGreaterThan(30);
    try (ParleyProcess _ = ParleyProcess.start(recordings, settings(port), List.of());
        var prometheus =
            new PrometheusProcess(folder, "127.0.0.1:" + port, Files.readString(RULES))) {
      Set<String> real = awaitNames(prometheus);
      Set<String> wanted = new TreeSet<>();
      for (String text : Stream.concat(panels.stream(), expressions()).toList()) {
        Matcher metric = METRIC.matcher(text);
        while (metric.find()) {
          wanted.add(metric.group());
        }
      }
      assertThat(real).containsAll(wanted);
      for (String panel : panels) {
        JsonNode answer = prometheus.query(panel);
        assertThat(answer.path("status").asText()).as(panel + ": " + answer).isEqualTo("success");
      }
    }
  }

  /** With all that brings metrics of its own. */
  private static Map<String, String> settings(int port) {
    Map<String, String> settings = new HashMap<>();
    settings.put("PARLEY_MANAGEMENT_PORT", String.valueOf(port));
    settings.put("PARLEY_TURN_ENABLED", "true");
    settings.put("PARLEY_TURN_ADDRESSES", "127.0.0.1");
    settings.put("PARLEY_TURN_LOOPBACK", "true");
    settings.put("PARLEY_TURN_PORT", String.valueOf(PrometheusProcess.freePort()));
    settings.put("PARLEY_TURN_SECRETS", "north wind");
    settings.put("PARLEY_WEBHOOKS_DIRECTORY", "target/webhooks-of-alerts");
    settings.put(
        "PARLEY_WEBHOOKS_ENDPOINTS",
        "[{name: chat, url: 'http://127.0.0.1:9/', secrets:"
            + " ['whsec_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=']}]");
    settings.put("PARLEY_RECORDING_STORE_ENDPOINT", "http://127.0.0.1:9");
    settings.put("PARLEY_RECORDING_STORE_BUCKET", "calls");
    settings.put("PARLEY_RECORDING_STORE_ACCESS_KEY", "key");
    settings.put("PARLEY_RECORDING_STORE_SECRET_KEY", "secret");
    return settings;
  }

  /** All metrics' names, once Prometheus has them, those of the collector, too. */
  private static Set<String> awaitNames(PrometheusProcess prometheus) {
    return Eventually.value(
        "metrics in Prometheus",
        PATIENCE,
        () -> {
          Set<String> names = new TreeSet<>(Set.of("parley_certificate_remaining_seconds"));
          prometheus.ask("label/__name__/values").path("data").forEach(n -> names.add(n.asText()));
          return names;
        },
        names -> names.contains("parley_ready") && names.contains("jvm_gc_pause_seconds_sum"),
        () -> "");
  }

  private static void awaitAlert(PrometheusProcess prometheus, String alert, boolean fires) {
    Eventually.until(
        alert + (fires ? " to fire" : " to clear"),
        PATIENCE,
        () -> prometheus.fires(alert) == fires,
        () -> prometheus.ask("alerts").toString());
  }

  private static List<String> alerts() throws IOException {
    return ALERT.matcher(Files.readString(RULES)).results().map(r -> r.group(1)).toList();
  }

  private static Stream<String> expressions() throws IOException {
    return Files.readString(RULES)
        .lines()
        .filter(line -> !line.contains("alert:") && !line.contains("summary"));
  }

  /** All panels' expressions, with what Grafana puts into them. */
  private static List<String> panels() throws IOException {
    List<String> expressions = new ArrayList<>();
    try (Stream<Path> files = Files.list(MONITORING.resolve("dashboards"))) {
      for (Path file : files.toList()) {
        JsonNode dashboard = new ObjectMapper().readTree(file.toFile());
        for (JsonNode each : dashboard.findValues("expr")) {
          expressions.add(
              each.asText().replace("$instance", ".*").replace("$__rate_interval", "1m"));
        }
      }
    }
    return expressions;
  }
}
