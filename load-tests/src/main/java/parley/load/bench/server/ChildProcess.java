package parley.load.bench.server;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A server's process: when it is ready, how its log ended, and its end with ours. */
final class ChildProcess implements AutoCloseable {

  private static final int TAIL_LINES = 40;
  private static final int START_SECONDS = 30;

  private final Process process;
  private final Pattern greeting;
  private final CompletableFuture<String> ready = new CompletableFuture<>();
  private final Deque<String> tail = new ArrayDeque<>();
  private final Thread hook = new Thread(this::kill, "end-server");

  /**
   * @param greeting found in the line of output that says it is ready; its first group is what
   *     {@link #awaitReady} returns
   */
  ChildProcess(List<String> command, Pattern greeting) throws IOException {
    this.greeting = greeting;
    process = new ProcessBuilder(command).redirectErrorStream(true).start();
    Runtime.getRuntime().addShutdownHook(hook);
    // Not a virtual one: reading a pipe would keep its carrier, and there may be one processor.
    Thread.ofPlatform().daemon().name("server-output").start(this::read);
  }

  long pid() {
    return process.pid();
  }

  BufferedWriter input() {
    return process.outputWriter();
  }

  String awaitReady() throws IOException, InterruptedException {
    try {
      return ready.get(START_SECONDS, TimeUnit.SECONDS);
    } catch (ExecutionException | TimeoutException e) {
      kill();
      throw new IOException("the server did not come up:\n" + tail(), e);
    }
  }

  String tail() {
    synchronized (tail) {
      return String.join("\n", tail);
    }
  }

  private void kill() {
    process.destroyForcibly();
  }

  @Override
  public void close() {
    process.destroy();
    try {
      if (!process.waitFor(5, TimeUnit.SECONDS)) {
        kill();
      }
    } catch (InterruptedException e) {
      kill();
      Thread.currentThread().interrupt();
    }
    Runtime.getRuntime().removeShutdownHook(hook);
  }

  private void read() {
    try (BufferedReader lines = process.inputReader()) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        Matcher found = greeting.matcher(line);
        if (found.find()) {
          ready.complete(found.groupCount() > 0 ? found.group(1) : line);
        }
        synchronized (tail) {
          if (tail.size() == TAIL_LINES) {
            tail.removeFirst();
          }
          tail.addLast(line);
        }
      }
    } catch (IOException | UncheckedIOException e) {
      // the stream ends with the process
    }
    ready.completeExceptionally(new IOException("the process ended"));
  }
}
