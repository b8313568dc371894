package parley.load.monitoring;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/** A real Prometheus that scrapes one node every second and goes by the rules of deploy. */
final class PrometheusProcess implements AutoCloseable {

  private static final ObjectMapper JSON = new ObjectMapper();

  private final HttpClient http = HttpClient.newHttpClient();
  private final int port = freePort();
  private final Process process;

  /**
   * @param target host and port of the node's metrics
   * @param rules their text; waits in it are cut, as a test is in a hurry
   */
  PrometheusProcess(Path folder, String target, String rules) throws IOException {
    Files.writeString(folder.resolve("rules.yaml"), rules.replaceAll("for: \\w+", "for: 1s"));
    Path config = folder.resolve("prometheus.yaml");
    Files.writeString(
        config,
        """
        global: {scrape_interval: 1s, evaluation_interval: 1s}
        rule_files: [rules.yaml]
        scrape_configs:
          - job_name: parley
            static_configs: [{targets: ["%s"]}]
        """
            .formatted(target));
    process =
        new ProcessBuilder(
                "prometheus",
                "--config.file=" + config,
                "--storage.tsdb.path=" + folder.resolve("tsdb"),
                "--web.listen-address=127.0.0.1:" + port)
            .redirectErrorStream(true)
            .redirectOutput(new File(folder.toFile(), "prometheus.log"))
            .start();
  }

  /** The answer of its HTTP API; what is asked for as {@code query=…} must be encoded. */
  JsonNode ask(String path) {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/api/v1/" + path)).build();
    try {
      return JSON.readTree(http.send(request, HttpResponse.BodyHandlers.ofString()).body());
    } catch (IOException e) {
      return JSON.createObjectNode().put("status", "not there: " + e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  JsonNode query(String expression) {
    return ask("query?query=" + URLEncoder.encode(expression, StandardCharsets.UTF_8));
  }

  /** Whether an alert fires. */
  boolean fires(String alert) {
    for (JsonNode each : ask("alerts").at("/data/alerts")) {
      if (each.at("/labels/alertname").asText().equals(alert)
          && each.path("state").asText().equals("firing")) {
        return true;
      }
    }
    return false;
  }

  static int freePort() {
    try (var socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() throws InterruptedException {
    process.destroy();
    if (!process.waitFor(10, TimeUnit.SECONDS)) {
      process.destroyForcibly();
    }
    http.shutdownNow();
  }
}
