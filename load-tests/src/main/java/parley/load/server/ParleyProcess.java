package parley.load.server;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Parley in a process of its own, started by the launcher, or in tests with the flags and the class
 * path that the launcher would give it: so its memory is its own, and it can be killed.
 */
public final class ParleyProcess implements AutoCloseable {

  /** Half a second on a quiet machine; the tests' own machine may be starting four browsers. */
  private static final long START_SECONDS = 60;

  /** With other ports each time. */
  private static final int ATTEMPTS = 3;

  private static final String PORT_TAKEN = "is in use by another process";

  /** So much of the log explains a failure. */
  private static final int TAIL_LINES = 60;

  /** Below the range from which systems give out ports by themselves. */
  private static final int FIRST_PORT = 12_000;

  private static final int LAST_PORT = 30_000;

  /** Two, so that calls on different media loops are tested on any machine. */
  private static final int LOOPS = 2;

  /** The system property in which the launcher tells the programs it starts where it is. */
  private static final String LAUNCHER = "parley.launcher";

  private static final Pattern READY = Pattern.compile("Parley is ready .*?(http://[^\\s,]+\\d)");

  private final Process process;
  private final long startNs = System.nanoTime();
  private volatile long readyNs;
  private final Path recordings;
  private final List<Integer> mediaPorts;
  private final Thread hook = new Thread(this::kill, "end-parley");
  private final Deque<String> log = new ArrayDeque<>();
  private final CompletableFuture<URI> ready = new CompletableFuture<>();

  /** Starts with defaults: free ports, the demo team, recordings in {@code folder}. */
  public static ParleyProcess start(Path folder) {
    return start(folder, Map.of(), List.of());
  }

  /**
   * @param folder for recordings
   * @param settings environment variables that override settings, such as {@code
   *     PARLEY_CALLS_BUZZ_TIMEOUT_S}
   * @param jvmOptions flags behind the launcher's own
   */
  public static ParleyProcess start(
      Path folder, Map<String, String> settings, List<String> jvmOptions) {
    return start(folder, settings, jvmOptions, List.of());
  }

  /**
   * @param prefix in front of the command, such as {@code taskset -c 0}
   */
  public static ParleyProcess start(
      Path folder, Map<String, String> settings, List<String> jvmOptions, List<String> prefix) {
    for (int attempt = 1; ; attempt++) {
      ParleyProcess started = new ParleyProcess(folder, settings, jvmOptions, prefix);
      try {
        started.url();
        return started;
      } catch (AssertionError e) {
        // Another program was given the port between our look at it and the start.
        if (attempt == ATTEMPTS || !started.logTail().contains(PORT_TAKEN)) {
          throw e;
        }
      }
    }
  }

  private ParleyProcess(
      Path folder, Map<String, String> settings, List<String> jvmOptions, List<String> prefix) {
    recordings = folder;
    int basePort = freeUdpPorts(LOOPS);
    mediaPorts = List.of(basePort, basePort + 1);
    String launcher = System.getProperty(LAUNCHER);
    List<String> command = new ArrayList<>(prefix);
    if (launcher != null) {
      command.add(launcher);
    } else {
      command.add(java());
      command.add("@" + flags());
      command.addAll(jvmOptions);
      command.add("-cp");
      command.add(classPath());
      command.add("parley.signalling.app.Main");
    }
    command.add("run");
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectInput(ProcessBuilder.Redirect.from(new File("/dev/null")));
    Map<String, String> environment = new HashMap<>();
    environment.put("PARLEY_HTTP_HOST", "127.0.0.1");
    environment.put("PARLEY_HTTP_PORT", "0");
    environment.put("PARLEY_MEDIA_PORT", Integer.toString(basePort));
    environment.put("PARLEY_MEDIA_LOOPS", Integer.toString(LOOPS));
    environment.put("PARLEY_RECORDING_DIRECTORY", folder.toString());
    environment.putAll(settings);
    if (launcher != null) {
      environment.put("_JAVA_OPTIONS", String.join(" ", jvmOptions)); // behind the launcher's own
    }
    builder.environment().keySet().removeIf(name -> name.startsWith("PARLEY_"));
    builder.environment().putAll(environment);
    try {
      process = builder.start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Runtime.getRuntime().addShutdownHook(hook);
    // Not a virtual one: reading a pipe would keep its carrier, and there may be one processor.
    Thread.ofPlatform().daemon().name("parley-output").start(this::read);
  }

  /** A command that starts another program of this class path as the launcher starts Parley. */
  public static List<String> likeParley(Class<?> program) {
    String tests = System.getProperty("surefire.test.class.path");
    return List.of(
        java(),
        "@" + flags(),
        "-cp",
        tests == null ? System.getProperty("java.class.path") : tests,
        program.getName());
  }

  private static String java() {
    return Path.of(System.getProperty("java.home"), "bin", "java").toString();
  }

  /** The flags of the launcher, beside the module whose program they are for. */
  private static Path flags() {
    String launcher = System.getProperty(LAUNCHER);
    Path modules = launcher == null ? Path.of("..") : Path.of(launcher).resolveSibling(".");
    Path file = modules.resolve(Path.of("signalling", "jvm.options")).toAbsolutePath().normalize();
    if (!Files.isReadable(file)) {
      throw new IllegalStateException("run the tests from the load-tests module: no " + file);
    }
    return file;
  }

  /**
   * The class path that Maven gave the tests; a forked test JVM has it in a property of its own.
   */
  private static String classPath() {
    String whole =
        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
    return String.join(
        File.pathSeparator,
        Stream.of(whole.split(File.pathSeparator))
            .filter(entry -> !entry.contains("load-tests"))
            .toList());
  }

  private static int freeUdpPorts(int count) {
    for (int attempt = 0; attempt < 100; attempt++) {
      int first = ThreadLocalRandom.current().nextInt(FIRST_PORT, LAST_PORT);
      boolean free = true;
      for (int port = first; free && port < first + count; port++) {
        try (DatagramSocket socket = new DatagramSocket(null)) {
          socket.bind(new InetSocketAddress(port));
        } catch (SocketException e) {
          free = false;
        }
      }
      if (free) {
        return first;
      }
    }
    throw new IllegalStateException("no free UDP ports found");
  }

  /** From the start of the process until it said that it was ready. */
  public long readyNs() {
    return readyNs;
  }

  /** Where its pages are, without a slash at the end; waits until it is ready. */
  public String url() {
    try {
      return ready.get(START_SECONDS, TimeUnit.SECONDS).toString();
    } catch (ExecutionException | TimeoutException e) {
      kill();
      throw new AssertionError("Parley did not come up:\n" + logTail(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while Parley was starting", e);
    }
  }

  /** The UDP ports of its media loops. */
  public List<Integer> mediaPorts() {
    return mediaPorts;
  }

  /** The folder of all recordings. */
  public Path recordings() {
    return recordings;
  }

  /** Resident memory in bytes, as the kernel counts it. */
  public long residentBytes() {
    try (BufferedReader status = Files.newBufferedReader(Path.of("/proc/" + pid() + "/status"))) {
      return status
          .lines()
          .filter(line -> line.startsWith("VmRSS:"))
          .mapToLong(line -> 1024 * Long.parseLong(line.replaceAll("\\D", "")))
          .findFirst()
          .orElseThrow(() -> new IllegalStateException("no VmRSS"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public long pid() {
    return process.pid();
  }

  public boolean isAlive() {
    return process.isAlive();
  }

  /** The last lines of its log. */
  public String logTail() {
    synchronized (log) {
      return String.join("\n", log);
    }
  }

  /** kill -9: nothing can be put in order any more. */
  public void kill() {
    process.destroyForcibly();
    await(10);
  }

  /** Ends it as Ctrl-C does; by force when it does not end. */
  @Override
  public void close() {
    process.destroy();
    if (!await(20)) {
      kill();
    }
    Runtime.getRuntime().removeShutdownHook(hook);
  }

  private boolean await(int seconds) {
    try {
      return process.waitFor(seconds, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private void read() {
    try (BufferedReader lines = process.inputReader()) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        Matcher greeting = READY.matcher(line);
        if (greeting.find()) {
          readyNs = System.nanoTime() - startNs;
          ready.complete(URI.create(greeting.group(1)));
        }
        synchronized (log) {
          if (log.size() == TAIL_LINES) {
            log.removeFirst();
          }
          log.addLast(line);
        }
      }
    } catch (IOException e) {
      // The stream ends with the process.
    }
    ready.completeExceptionally(new IllegalStateException("the process ended"));
  }
}
