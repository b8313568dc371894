package parley.load.server;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * The example chat server in a process of its own, from its sources, as the launcher starts it: so
 * that it can be killed, and started again on the same port.
 */
public final class ChatServerProcess implements AutoCloseable {

  /** The uid of its team. */
  public static final String TEAM = "0b6e2c4a-8a0d-4a53-9c1d-5f0e6d7a1b20";

  /** It is compiled first, on a machine that may be starting browsers. */
  private static final long START_SECONDS = 60;

  private static final int TAIL_LINES = 60;

  private final int port;
  private final List<String> command;
  private final Deque<String> log = new ArrayDeque<>();
  private Process process;
  private final Thread hook = new Thread(this::kill, "end-chat-server");

  /**
   * @param port 0: any free one
   * @param options of {@code ChatServer}, like {@code --calls=link}
   */
  public static ChatServerProcess start(int port, List<String> options) {
    var started = new ChatServerProcess(port == 0 ? freePort() : port, options);
    Runtime.getRuntime().addShutdownHook(started.hook);
    return started;
  }

  private ChatServerProcess(int port, List<String> options) {
    this.port = port;
    Path home = Path.of("..", "deploy", "examples", "chat-server").toAbsolutePath().normalize();
    Path signalling = Path.of("..", "signalling").toAbsolutePath().normalize();
    Path resources = signalling.resolve("src/main/resources");
    if (!Files.isReadable(home.resolve("ChatServer.java"))) {
      throw new IllegalStateException("run the tests from the load-tests module: no " + home);
    }
    command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("-Dlogback.configurationFile=" + resources.resolve("logback.xml"));
    command.add("--enable-native-access=ALL-UNNAMED");
    command.add("--sun-misc-unsafe-memory-access=allow");
    command.add("-cp");
    command.add(libraries());
    command.add(home.resolve("ChatServer.java").toString());
    command.add("--home=" + home);
    command.add("--client=" + resources.resolve("web"));
    command.add("--port=" + port);
    command.addAll(options);
    process = launched();
  }

  /** A port that nobody has at this moment. */
  public static int freePort() {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String libraries() {
    String whole =
        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
    List<String> jars = new ArrayList<>();
    for (String entry : whole.split(File.pathSeparator)) {
      if (entry.endsWith(".jar")) {
        jars.add(entry);
      }
    }
    return String.join(File.pathSeparator, jars);
  }

  private Process launched() {
    var ready = new CompletableFuture<Boolean>();
    try {
      Process started = new ProcessBuilder(command).redirectErrorStream(true).start();
      // No virtual thread: one that waits for a pipe keeps its carrier.
      Thread.ofPlatform().daemon().name("chat-server-output").start(() -> read(started, ready));
      ready.get(START_SECONDS, TimeUnit.SECONDS);
      return started;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (ExecutionException | TimeoutException e) {
      throw new AssertionError("the chat server did not come up:\n" + logTail(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while the chat server was starting", e);
    }
  }

  private void read(Process from, CompletableFuture<Boolean> ready) {
    try (BufferedReader lines = from.inputReader()) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        synchronized (log) {
          if (log.size() == TAIL_LINES) {
            log.removeFirst();
          }
          log.addLast(line);
        }
        if (line.startsWith("chat: http://")) {
          ready.complete(true);
        }
      }
    } catch (IOException e) {
      // The stream ends with the process.
    }
    ready.completeExceptionally(new IllegalStateException("the process ended"));
  }

  /** Where its page is, without a slash at the end. */
  public String url() {
    return "http://127.0.0.1:" + port;
  }

  /** The last lines that it wrote. */
  public String logTail() {
    synchronized (log) {
      return String.join("\n", log);
    }
  }

  /** kill -9. */
  public void kill() {
    process.destroyForcibly();
    try {
      process.waitFor(10, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Starts it again, on the same port. */
  public void startAgain() {
    kill();
    process = launched();
  }

  @Override
  public void close() {
    kill();
    Runtime.getRuntime().removeShutdownHook(hook);
  }
}
