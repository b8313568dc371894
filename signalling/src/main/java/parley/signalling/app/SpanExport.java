package parley.signalling.app;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends spans to a collector by OTLP over HTTP (OpenTelemetry protocol, in JSON), on a thread of
 * its own. What a collector does not take is lost: traces are no evidence.
 */
final class SpanExport implements Consumer<Span>, AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(SpanExport.class);

  /** A thousand people joining at once; more is dropped. */
  private static final int MAX_WAITING = 4_096;

  private static final int BATCH = 512;

  /** People who debug wait for them; a request each second is nothing for a collector. */
  private static final long PAUSE_MS = 1_000;

  private static final Duration PATIENCE = Duration.ofSeconds(10);
  private static final long CLOSE_MS = 3_000;
  private static final long NANOS = 1_000_000_000L;

  /** SPAN_KIND_INTERNAL. */
  private static final int INTERNAL = 1;

  /** STATUS_CODE_ERROR. */
  private static final int ERROR = 2;

  private final TracingConfig config;
  private final BlockingQueue<Span> waiting = new ArrayBlockingQueue<>(MAX_WAITING);
  private final HttpClient http = HttpClient.newBuilder().connectTimeout(PATIENCE).build();
  private final Thread thread;
  private volatile boolean closing;
  private boolean refused;

  SpanExport(TracingConfig config) {
    this.config = config;
    thread = Thread.ofVirtual().name("traces").start(this::run);
  }

  @Override
  public void accept(Span span) {
    boolean _ = waiting.offer(span); // too many: lost
  }

  private void run() {
    List<Span> batch = new ArrayList<>(BATCH);
    try {
      while (!closing || !waiting.isEmpty()) {
        Span first = waiting.poll(PAUSE_MS, TimeUnit.MILLISECONDS);
        if (first != null) {
          batch.add(first);
          waiting.drainTo(batch, BATCH - 1);
          send(batch);
          batch.clear();
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void send(List<Span> batch) throws InterruptedException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(config.otlp()))
            .timeout(PATIENCE)
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(request(batch).toString()));
    config.headers().forEach(request::header);
    try {
      int status = http.send(request.build(), HttpResponse.BodyHandlers.discarding()).statusCode();
      answered(status < 300, "status " + status);
    } catch (IOException e) {
      answered(false, e.toString());
    }
  }

  /** Said when it changes. */
  private void answered(boolean taken, String why) {
    if (taken == refused) {
      refused = !taken;
      if (taken) {
        log.info("traces are taken again");
      } else {
        log.warn("traces are not taken: {}", why);
      }
    }
  }

  /** The spans as OTLP has them (ExportTraceServiceRequest, in its JSON mapping). */
  static ObjectNode request(List<Span> batch) {
    ObjectNode request = JsonNodeFactory.instance.objectNode();
    ObjectNode all = request.putArray("resourceSpans").addObject();
    attribute(all.putObject("resource").putArray("attributes"), "service.name", "parley");
    ObjectNode scope = all.putArray("scopeSpans").addObject();
    scope.putObject("scope").put("name", "parley");
    ArrayNode spans = scope.putArray("spans");
    batch.forEach(each -> put(spans.addObject(), each));
    return request;
  }

  private static void put(ObjectNode to, Span span) {
    to.put("traceId", CallTraces.trace(span.call()));
    to.put("spanId", span.id());
    to.put("parentSpanId", span.parent());
    to.put("name", span.name());
    to.put("kind", INTERNAL);
    to.put("startTimeUnixNano", unixNs(span.from()));
    to.put("endTimeUnixNano", unixNs(span.to()));
    ArrayNode attributes = to.putArray("attributes");
    span.attributes().forEach((key, value) -> attribute(attributes, key, value));
    if (!span.fault().isEmpty()) {
      to.putObject("status").put("code", ERROR).put("message", span.fault());
    }
  }

  private static void attribute(ArrayNode to, String key, String value) {
    to.addObject().put("key", key).putObject("value").put("stringValue", value);
  }

  /** As text: JSON's numbers do not hold so many digits everywhere. */
  private static String unixNs(Instant instant) {
    return String.valueOf(instant.getEpochSecond() * NANOS + instant.getNano());
  }

  /** What waits is sent, if that can be done at once. */
  @Override
  public void close() throws InterruptedException {
    closing = true;
    if (!thread.join(Duration.ofMillis(CLOSE_MS))) {
      thread.interrupt();
    }
    http.shutdownNow();
  }
}
