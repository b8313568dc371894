package parley.signalling.app;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.net.DatagramSocket;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.Key;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What a running node tells of itself, and the table of it in the documentation. */
@Timeout(120)
class MetricsTest {

  private static final Path TABLE = Path.of("..", "deploy", "METRICS.md");
  private static final Pattern ROW =
      Pattern.compile("\\| `(\\w+)` \\| (\\w+) \\|([^|]*)\\| [^|]+ \\|");
  private static final Pattern TYPE = Pattern.compile("# TYPE (\\w+) (\\w+)");
  private static final Pattern SAMPLE = Pattern.compile("(\\w+?)(?:\\{(.*)\\})? \\S+");
  private static final Pattern LABEL = Pattern.compile("(\\w+)=\"");
  private static final String TOKEN = "0123456789abcdef0123456789abcdef";
  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir Path folder;
  private final HttpClient http = HttpClient.newHttpClient();
  private final List<Node> started = new ArrayList<>();

  @AfterEach
  void stop() {
    started.forEach(Node::close);
    http.close();
  }

  /** A metric as it is told of, or as it is. */
  private record Told(String type, TreeSet<String> labels) {}

  @Test
  void theTableTellsOfEveryMetricAndOfNoOther() throws Exception {
    int beside = freePort();
    Node whole =
        start(
            "whole",
            with(
                everything(),
                "PARLEY_MANAGEMENT_PORT",
                String.valueOf(beside),
                "PARLEY_DIRECTORY_DEMO_ON_NETWORK",
                "true"));
    int besideGateway = freePort();
    start(
        "gateway",
        Map.of(
            "PARLEY_GATEWAY_UPSTREAM",
            "http://127.0.0.1:" + whole.port(),
            "PARLEY_MANAGEMENT_PORT",
            String.valueOf(besideGateway)));

    Map<String, Told> real = new TreeMap<>();
    real.putAll(metrics(get(besideGateway, "/metrics", null).body()));
    real.putAll(metrics(get(beside, "/metrics", null).body()));
    Map<String, Told> table = table();

    assertThat(table.keySet()).as("in the table").containsAll(real.keySet());
    // What the collector does comes when it does it.
    assertThat(real.keySet())
        .as("real ones")
        .containsAll(table.keySet().stream().filter(name -> !name.startsWith("jvm_gc_")).toList());
    real.forEach((name, told) -> assertThat(table.get(name)).as(name).isEqualTo(told));
  }

  @Test
  void metricsAreReadWithATokenOnThePortOfPages() throws Exception {
    Node node =
        start(
            "node",
            Map.of(
                "PARLEY_API_TOKENS",
                "[{name: prometheus, token: " + TOKEN + ", scopes: [metrics:read]}]"));

    assertThat(get(node.port(), "/metrics", null).statusCode()).isEqualTo(401);
    assertThat(get(node.port(), "/health", TOKEN).statusCode()).isEqualTo(403);
    HttpResponse<String> metrics = get(node.port(), "/metrics", TOKEN);
    assertThat(metrics.statusCode()).isEqualTo(200);
    assertThat(metrics.headers().firstValue("content-type").orElseThrow())
        .startsWith("text/plain; version=0.0.4");
    assertThat(metrics.body()).contains("parley_relay_peers 0.0");
  }

  @Test
  void tellsEverybodyThatItLivesAndIsReady() throws Exception {
    Node node = start("node", Map.of());

    for (String path : List.of("/health/live", "/health/ready")) {
      HttpResponse<String> answer = get(node.port(), path, null);
      assertThat(answer.statusCode()).isEqualTo(200);
      JsonNode body = JSON.readTree(answer.body());
      assertThat(body.path("live").asBoolean()).isTrue();
      assertThat(body.path("reasons")).isEmpty();
    }
  }

  @Test
  void saysWhatIsWrongAndStaysReady() throws Exception {
    int beside = freePort();
    start("node", Map.of("PARLEY_MANAGEMENT_PORT", String.valueOf(beside)));
    Path recordings = folder.resolve("node");
    Files.delete(recordings.resolve(".health"));
    Files.createDirectory(recordings.resolve(".health")); // the disk takes no file any more

    JsonNode health = null;
    do {
      health = JSON.readTree(get(beside, "/health", null).body());
    } while (health.path("reasons").isEmpty());
    assertThat(health.path("status").asText()).isEqualTo("degraded");
    assertThat(health.path("ready").asBoolean()).isTrue();
    assertThat(health.at("/reasons/0/check").asText()).isEqualTo("disk");
    assertThat(get(beside, "/metrics", null).body()).contains("parley_health{check=\"disk\"} 0.0");
  }

  @Test
  void keepsNoMoreSeriesOfAMetricThanAreUseful() {
    var registry = new SimpleMeterRegistry();
    registry.config().meterFilter(new SeriesLimit());
    for (int i = 0; i < 2 * SeriesLimit.MAX_SERIES; i++) {
      registry.counter("somebody", "name", "n" + i).increment();
      registry.counter("somebody", "name", "n0").increment();
    }

    assertThat(registry.getMeters()).hasSize(SeriesLimit.MAX_SERIES);
    assertThat(registry.get("somebody").tag("name", "n0").counter().count())
        .isEqualTo(2 * SeriesLimit.MAX_SERIES + 1);
  }

  private Map<String, String> everything() throws Exception {
    Path chain = folder.resolve("chain.pem");
    Path key = folder.resolve("key.pem");
    certificate(chain, key);
    Map<String, String> settings = new HashMap<>();
    settings.put("PARLEY_TURN_ENABLED", "true");
    settings.put("PARLEY_TURN_ADDRESSES", "127.0.0.1");
    settings.put("PARLEY_TURN_LOOPBACK", "true");
    settings.put("PARLEY_TURN_SECRETS", "quiet north wind");
    settings.put("PARLEY_TURN_PORT", String.valueOf(freePort()));
    settings.put("PARLEY_TURN_TLS_PORT", String.valueOf(freePort()));
    settings.put("PARLEY_TURN_CERTIFICATE", chain.toString());
    settings.put("PARLEY_TURN_KEY", key.toString());
    settings.put("PARLEY_WEBHOOKS_DIRECTORY", folder.resolve("webhooks").toString());
    settings.put(
        "PARLEY_WEBHOOKS_ENDPOINTS",
        "[{name: chat, url: 'http://127.0.0.1:9/', secrets: ['" + SECRET + "']}]");
    settings.put("PARLEY_RECORDING_STORE_ENDPOINT", "http://127.0.0.1:9");
    settings.put("PARLEY_RECORDING_STORE_BUCKET", "calls");
    settings.put("PARLEY_RECORDING_STORE_REGION", "here");
    settings.put("PARLEY_RECORDING_STORE_ACCESS_KEY", "key");
    settings.put("PARLEY_RECORDING_STORE_SECRET_KEY", "secret");
    return settings;
  }

  private static final String SECRET = "whsec_" + Base64.getEncoder().encodeToString(new byte[32]);

  /** By the JDK's own tool. */
  private void certificate(Path chain, Path key) throws Exception {
    Path store = folder.resolve("keys.p12");
    Process keytool =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-alias",
                "server",
                "-keyalg",
                "EC",
                "-dname",
                "CN=localhost",
                "-validity",
                "30",
                "-keystore",
                store.toString(),
                "-storepass",
                "changeit")
            .redirectErrorStream(true)
            .start();
    String said = new String(keytool.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(keytool.waitFor()).as(said).isZero();
    KeyStore keys = KeyStore.getInstance(store.toFile(), "changeit".toCharArray());
    Certificate own = keys.getCertificate("server");
    Key secret = keys.getKey("server", "changeit".toCharArray());
    Files.writeString(chain, pem("CERTIFICATE", own.getEncoded()));
    Files.writeString(key, pem("PRIVATE KEY", secret.getEncoded()));
  }

  private static String pem(String kind, byte[] content) {
    String text = Base64.getMimeEncoder().encodeToString(content);
    return "-----BEGIN " + kind + "-----\n" + text + "\n-----END " + kind + "-----\n";
  }

  private static Map<String, Told> table() throws IOException {
    Map<String, Told> table = new TreeMap<>();
    for (String line : Files.readAllLines(TABLE)) {
      Matcher row = ROW.matcher(line);
      if (row.matches()) {
        TreeSet<String> labels =
            Arrays.stream(row.group(3).split("[`, ]+"))
                .filter(label -> !label.isEmpty())
                .collect(Collectors.toCollection(TreeSet::new));
        assertThat(table.put(row.group(1), new Told(row.group(2), labels)))
            .as("told twice: " + row.group(1))
            .isNull();
      }
    }
    return table;
  }

  /** By Prometheus' text format; a histogram's largest value is part of it. */
  private static Map<String, Told> metrics(String text) {
    Map<String, Told> metrics = new TreeMap<>();
    for (String line : text.lines().toList()) {
      Matcher type = TYPE.matcher(line);
      Matcher sample = SAMPLE.matcher(line);
      if (type.matches()) {
        metrics.put(type.group(1), new Told(type.group(2), new TreeSet<>()));
      } else if (sample.matches()) {
        String name = sample.group(1);
        Told told = metrics.get(name);
        told = told == null ? metrics.get(name.replaceFirst("_(bucket|count|sum)$", "")) : told;
        Matcher label = LABEL.matcher(sample.group(2) == null ? "" : sample.group(2));
        while (told != null && label.find()) {
          if (!label.group(1).equals("le")) {
            told.labels().add(label.group(1));
          }
        }
      }
    }
    metrics
        .keySet()
        .removeIf(name -> name.endsWith("_max") && metrics.containsKey(name.replace("_max", "")));
    return metrics;
  }

  private Node start(String name, Map<String, String> more) throws Exception {
    Map<String, String> environment = new HashMap<>();
    environment.put("PARLEY_HTTP_PORT", "0");
    environment.put("PARLEY_MEDIA_PORT", String.valueOf(freeUdpPort()));
    environment.put("PARLEY_MEDIA_LOOPS", "1");
    environment.put("PARLEY_MEDIA_ADDRESSES", "127.0.0.1");
    environment.put("PARLEY_RECORDING_DIRECTORY", folder.resolve(name).toString());
    environment.putAll(more);
    Node node = Node.start(AppConfig.read(null, environment));
    started.add(node);
    return node;
  }

  private static Map<String, String> with(Map<String, String> settings, String... more) {
    for (int i = 0; i < more.length; i += 2) {
      settings.put(more[i], more[i + 1]);
    }
    return settings;
  }

  private HttpResponse<String> get(int port, String path, @Nullable String token) throws Exception {
    var request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path));
    if (token != null) {
      request.header("Authorization", "Bearer " + token);
    }
    return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
  }

  private static int freePort() throws IOException {
    try (var socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }

  private static int freeUdpPort() throws IOException {
    try (var socket = new DatagramSocket()) {
      return socket.getLocalPort();
    }
  }
}
