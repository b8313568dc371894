package parley.load.bench.server;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A server's process: when it is ready, how its log ended, and its end with ours. */
public final class ChildProcess implements AutoCloseable {

  private static final int TAIL_LINES = 40;
  private static final int START_SECONDS = 30;

  private final Process process;
  private final Queue<Awaited> awaited = new ConcurrentLinkedQueue<>();
  private final CompletableFuture<String> ready;
  private final Deque<String> tail = new ArrayDeque<>();
  private final Thread hook = new Thread(this::kill, "end-server");

  /** A line that somebody waits for. */
  private record Awaited(Pattern pattern, CompletableFuture<String> found) {
    boolean isToldBy(String line) {
      Matcher match = pattern.matcher(line);
      return match.find() && found.complete(match.groupCount() > 0 ? match.group(1) : line);
    }
  }

  /**
   * @param greeting found in the line of output that says it is ready; its first group is what
   *     {@link #awaitReady} returns
   */
  public ChildProcess(List<String> command, Pattern greeting) throws IOException {
    ready = await(greeting);
    process = new ProcessBuilder(command).redirectErrorStream(true).start();
    Runtime.getRuntime().addShutdownHook(hook);
    // Not a virtual one: reading a pipe would keep its carrier, and there may be one processor.
    Thread.ofPlatform().daemon().name("server-output").start(this::read);
  }

  public long pid() {
    return process.pid();
  }

  public BufferedWriter input() {
    return process.outputWriter();
  }

  /** The next line of output like this, or its first group. */
  public CompletableFuture<String> await(Pattern line) {
    CompletableFuture<String> found = new CompletableFuture<>();
    awaited.add(new Awaited(line, found));
    return found;
  }

  /** What was awaited; the process is killed when it does not come. */
  public String get(CompletableFuture<String> line) throws IOException, InterruptedException {
    try {
      return line.get(START_SECONDS, TimeUnit.SECONDS);
    } catch (ExecutionException | TimeoutException e) {
      kill();
      throw new IOException("the server did not come up, or does not answer:\n" + tail(), e);
    }
  }

  public String awaitReady() throws IOException, InterruptedException {
    return get(ready);
  }

  public String tail() {
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
        tell(line);
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
    awaited.forEach(each -> each.found().completeExceptionally(new IOException("it ended")));
  }

  private void tell(String line) {
    awaited.removeIf(each -> each.isToldBy(line));
  }
}
