package parley.signalling.webhook;

import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Makes attempts: one POST each, on a virtual thread of its own. */
final class Poster implements AutoCloseable {

  /** Nobody reads what a receiver answers; who sends more than this has lost its way. */
  private static final int MAX_ANSWER_BYTES = 64 << 10;

  /** Of a log line. */
  private static final int MAX_WORDS = 200;

  private final Duration timeout;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final HttpClient client;

  /**
   * @param timeout for the whole answer, from the first byte sent to the last received
   */
  Poster(Duration timeout) {
    this.timeout = timeout;
    // A redirect would carry signed events to wherever the receiver says; the convention calls it
    // a failure.
    this.client =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .followRedirects(HttpClient.Redirect.NEVER)
            .connectTimeout(timeout)
            .executor(threads)
            .build();
  }

  /**
   * Begins an attempt; never blocks.
   *
   * @param now goes into the signature: a receiver refuses what is minutes old
   * @param then told what came of it, once, on any thread
   */
  void post(WebhookEndpoint to, WebhookMessage message, Instant now, Consumer<Outcome> then) {
    byte[] body = message.bytes();
    long timestamp = now.getEpochSecond();
    HttpRequest request =
        HttpRequest.newBuilder(to.url())
            .header("content-type", "application/json")
            .header("user-agent", "Parley")
            .header("webhook-id", message.id())
            .header("webhook-timestamp", String.valueOf(timestamp))
            .header("webhook-signature", to.signatures(message.id(), timestamp, body))
            .POST(HttpRequest.BodyPublishers.ofByteArray(body))
            .build();
    try {
      threads.execute(() -> then.accept(outcome(request)));
    } catch (RejectedExecutionException e) {
      then.accept(failed("we are shutting down"));
    }
  }

  private Outcome outcome(HttpRequest request) {
    CompletableFuture<HttpResponse<Void>> answer =
        client.sendAsync(
            request, BodyHandlers.limiting(BodyHandlers.discarding(), MAX_ANSWER_BYTES));
    try {
      return of(answer.get(timeout.toNanos(), TimeUnit.NANOSECONDS));
    } catch (TimeoutException e) {
      return failed("no answer within " + timeout.toMillis() + " ms");
    } catch (ExecutionException e) {
      return failed(words(e.getCause()));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return failed("we are shutting down");
    } finally {
      answer.cancel(true); // ends the connection; does nothing once the answer is there
    }
  }

  private static Outcome of(HttpResponse<Void> answer) {
    int status = answer.statusCode();
    if (status >= 200 && status < 300) {
      return new Outcome.Delivered();
    }
    if (status == 410) {
      return new Outcome.Gone();
    }
    Duration wait =
        answer.headers().firstValue("retry-after").map(Poster::wait).orElse(Duration.ZERO);
    String hint = status >= 300 && status < 400 ? ", and redirects are not followed" : "";
    return new Outcome.Failed("status " + status + hint, wait);
  }

  /** Seconds; dates, which the header may hold as well (RFC 9110 §10.2.3), are left to backoff. */
  private static Duration wait(String seconds) {
    return seconds.matches("\\d{1,7}")
        ? Duration.ofSeconds(Integer.parseInt(seconds))
        : Duration.ZERO;
  }

  /** Part of it may be what the other side wrote. */
  private static String words(@Nullable Throwable cause) {
    String text = String.valueOf(cause).replaceAll("\\p{Cntrl}", " ");
    return text.length() > MAX_WORDS ? text.substring(0, MAX_WORDS) : text;
  }

  private static Outcome failed(String why) {
    return new Outcome.Failed(why, Duration.ZERO);
  }

  @Override
  public void close() {
    client.shutdownNow();
    threads.shutdownNow();
  }
}
