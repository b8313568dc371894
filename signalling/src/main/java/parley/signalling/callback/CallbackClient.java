package parley.signalling.callback;

import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Asks one other server over HTTP. Blocks, so it is for virtual threads only; a slow or hostile
 * server costs a caller no more than the timeout, and the process no more than the bounds here.
 */
public final class CallbackClient implements AutoCloseable {

  /** Keys and answers about tokens are a few KB. */
  private static final int MAX_BODY_BYTES = 1 << 20;

  /** Requests under way at the same time: a chat server that restarts is not run over. */
  private static final int MAX_CONCURRENT = 64;

  /** A team of ten thousand people is 3 MB. */
  private static final int MAX_LARGE_BODY_BYTES = 16 << 20;

  /** Large answers that come together take twice the memory of small ones at most. */
  private static final int MAX_LARGE_CONCURRENT = 8;

  /** Callers that wait for one of those; thousands of clients come back at the same time. */
  private static final int MAX_WAITING = 10_000;

  /**
   * What came back.
   *
   * @param status HTTP status code
   * @param etag empty: none
   * @param date the other server's time, as RFC 9110 §6.6.1 has it; empty: none
   */
  public record Answer(int status, byte[] body, String etag, String date) {
    @Override
    public String toString() {
      return "Answer[" + status + ", " + body.length + " bytes]";
    }
  }

  private final Duration timeout;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final HttpClient client;
  private final Semaphore callers = new Semaphore(MAX_CONCURRENT + MAX_WAITING);
  private final Semaphore slots;
  private final int maxBodyBytes;

  /**
   * @param timeout for waiting for a turn, and again for the whole answer
   */
  public CallbackClient(Duration timeout) {
    this(timeout, MAX_CONCURRENT, MAX_BODY_BYTES);
  }

  private CallbackClient(Duration timeout, int maxConcurrent, int maxBodyBytes) {
    this.timeout = timeout;
    this.slots = new Semaphore(maxConcurrent, true);
    this.maxBodyBytes = maxBodyBytes;
    // No redirects: what holds a secret goes nowhere but where it was sent.
    this.client =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .followRedirects(HttpClient.Redirect.NEVER)
            .connectTimeout(timeout)
            .executor(threads)
            .build();
  }

  /** For fewer requests, each with a larger answer. */
  public static CallbackClient forLargeAnswers(Duration timeout) {
    return new CallbackClient(timeout, MAX_LARGE_CONCURRENT, MAX_LARGE_BODY_BYTES);
  }

  /**
   * Sends a request and waits for the whole answer.
   *
   * @throws IOException with a sentence: no answer in time, an endless one, no connection, or too
   *     many callers already
   */
  public Answer send(HttpRequest request) throws IOException, InterruptedException {
    if (!callers.tryAcquire()) {
      throw new IOException("too many requests wait for " + request.uri().getHost());
    }
    try {
      if (!slots.tryAcquire(timeout.toNanos(), TimeUnit.NANOSECONDS)) {
        throw new IOException(request.uri().getHost() + " is too slow for this many requests");
      }
      try {
        return exchange(request);
      } finally {
        slots.release();
      }
    } finally {
      callers.release();
    }
  }

  private Answer exchange(HttpRequest request) throws IOException, InterruptedException {
    // The client's own timeout ends with the header fields; this one holds for the body as well.
    CompletableFuture<HttpResponse<byte[]>> answer =
        client.sendAsync(request, BodyHandlers.limiting(BodyHandlers.ofByteArray(), maxBodyBytes));
    try {
      HttpResponse<byte[]> response = answer.get(timeout.toNanos(), TimeUnit.NANOSECONDS);
      return new Answer(
          response.statusCode(),
          response.body(),
          response.headers().firstValue("ETag").orElse(""),
          response.headers().firstValue("Date").orElse(""));
    } catch (TimeoutException e) {
      throw new IOException(
          request.uri().getHost() + " did not answer within " + timeout.toMillis() + " ms", e);
    } catch (ExecutionException e) {
      Throwable cause = e.getCause() == null ? e : e.getCause();
      throw new IOException(request.uri().getHost() + " cannot be asked: " + cause, cause);
    } finally {
      answer.cancel(true); // does nothing once it is complete
    }
  }

  @Override
  public void close() {
    client.shutdownNow();
    threads.shutdownNow();
  }
}
