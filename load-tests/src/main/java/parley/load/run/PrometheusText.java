package parley.load.run;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;

/** Reads the few figures of a server that matter here from its Prometheus endpoint. */
final class PrometheusText {

  private static final Duration PATIENCE = Duration.ofSeconds(2);
  private static final double MB = 1_000_000;

  private PrometheusText() {}

  /** {@link Vitals#UNKNOWN} when it does not answer. */
  static Vitals read(HttpClient http, String url) throws InterruptedException {
    try {
      HttpRequest request = HttpRequest.newBuilder(URI.create(url)).timeout(PATIENCE).build();
      HttpResponse<String> answer = http.send(request, HttpResponse.BodyHandlers.ofString());
      return answer.statusCode() == 200 ? parse(answer.body()) : Vitals.UNKNOWN;
    } catch (IOException e) {
      return Vitals.UNKNOWN;
    }
  }

  static Vitals parse(String text) {
    double nanoseconds = sum(text, "process_cpu_time_ns_total", "");
    double seconds = sum(text, "process_cpu_seconds_total", "");
    return new Vitals(
        Double.isNaN(nanoseconds) ? seconds : nanoseconds / 1e9,
        sum(text, "process_resident_memory_bytes", "") / MB,
        sum(text, "jvm_memory_used_bytes", "area=\"heap\"") / MB);
  }

  /** Of all series of a name with this label; NaN: there is none. */
  private static double sum(String text, String name, String label) {
    double sum = 0;
    boolean any = false;
    for (String line : text.lines().toList()) {
      boolean named = line.startsWith(name + "{") || line.startsWith(name + " ");
      if (named && line.contains(label)) {
        try {
          sum += Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1));
          any = true;
        } catch (NumberFormatException e) {
          return Double.NaN;
        }
      }
    }
    return any ? sum : Double.NaN;
  }
}
