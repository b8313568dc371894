package parley.load.interop;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import parley.load.audio.Pcm;

/**
 * A client that is a program. It is given its {@link Role} as JSON in its only argument, with a
 * {@code folder} for one file of 16-bit mono samples at 48 kHz a stream; says how far it is in
 * lines of its output; and hangs up when its input ends.
 */
final class ProgramClient implements CallClient {

  private static final int RATE_HZ = 48_000;

  /** It says a line a step; a decoder's complaints may be more. */
  private static final int TAIL_LINES = 30;

  private static final long END_SECONDS = 10;

  private final Process process;
  private final Path folder;
  private final Deque<String> said = new ArrayDeque<>();
  private final Thread hook = new Thread(this::kill, "end-client");

  ProgramClient(List<String> command, Role role) {
    List<String> whole = new ArrayList<>(command);
    try {
      folder = Files.createTempDirectory("parley-client-");
      ObjectNode task = role.json().put("folder", folder.toString());
      whole.add(task.toString());
      process = new ProcessBuilder(whole).redirectErrorStream(true).start();
    } catch (IOException e) {
      throw new ClientFailure("it does not start", e);
    }
    Runtime.getRuntime().addShutdownHook(hook);
    // Not a virtual one: reading a pipe would keep its carrier, and there may be one processor.
    Thread.ofPlatform().daemon().name("client-output").start(this::read);
  }

  @Override
  public List<Pcm> listen(Duration length) {
    if (!process.isAlive()) {
      throw new ClientFailure("it has ended");
    }
    Map<Path, Long> before = new HashMap<>();
    for (Path file : streams()) {
      before.put(file, size(file));
    }
    LockSupport.parkNanos(length.toNanos());
    return streams().stream().map(file -> since(file, before.getOrDefault(file, 0L))).toList();
  }

  private List<Path> streams() {
    try (Stream<Path> files = Files.list(folder)) {
      return files.filter(file -> file.toString().endsWith(".pcm")).sorted().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static long size(Path file) {
    try {
      return Files.size(file) & -2L; // whole samples
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Pcm since(Path file, long begin) {
    try (RandomAccessFile open = new RandomAccessFile(file.toFile(), "r")) {
      byte[] bytes = new byte[(int) (size(file) - begin)];
      open.seek(begin);
      open.readFully(bytes);
      return Pcm.fromInt16(bytes, RATE_HZ, 0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public String describe() {
    synchronized (said) {
      return (process.isAlive() ? "" : "ended with " + process.exitValue() + "; ")
          + "said: "
          + String.join("\n", said);
    }
  }

  @Override
  public void close() {
    try {
      process.getOutputStream().close();
    } catch (IOException e) {
      // it has ended by itself
    }
    try {
      if (!process.waitFor(END_SECONDS, TimeUnit.SECONDS)) {
        kill();
      }
    } catch (InterruptedException e) {
      kill();
      Thread.currentThread().interrupt();
    }
    Runtime.getRuntime().removeShutdownHook(hook);
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** With the programs it started itself. */
  private void kill() {
    process.descendants().forEach(ProcessHandle::destroyForcibly);
    process.destroyForcibly();
  }

  private void read() {
    try (BufferedReader lines = process.inputReader()) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        synchronized (said) {
          if (said.size() == TAIL_LINES) {
            said.removeFirst();
          }
          said.addLast(line);
        }
      }
    } catch (IOException e) {
      // the stream ends with the process
    }
  }
}
