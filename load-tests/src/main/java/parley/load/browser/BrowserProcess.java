package parley.load.browser;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** A browser's process and the profile folder that lives and dies with it. */
final class BrowserProcess implements AutoCloseable {

  /** Two seconds on a quiet machine; the tests' own machine may be building beside. */
  private static final long START_SECONDS = 60;

  /** Enough of a browser's chatter to see why it died. */
  private static final int TAIL_LINES = 40;

  private static final Pattern LISTENING = Pattern.compile("listening on (ws://\\S+)");

  private final Process process;
  private final Path profile;
  private final @Nullable SoundCard sound;
  private final Thread hook = new Thread(this::end, "end-browser");
  private final Deque<String> tail = new ArrayDeque<>();
  private final CompletableFuture<String> endpoint = new CompletableFuture<>();

  /**
   * Starts {@code command}; a folder for the profile has been made and filled by the caller.
   *
   * @param withSound whether the browser needs a sound card beside it
   */
  BrowserProcess(List<String> command, Path profile, boolean withSound) {
    this.profile = profile;
    sound = withSound ? new SoundCard(profile) : null;
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectInput(ProcessBuilder.Redirect.from(new File("/dev/null")));
    if (sound != null) {
      builder.environment().put("PULSE_SERVER", sound.server());
    }
    try {
      process = builder.start();
    } catch (IOException e) {
      if (sound != null) {
        sound.close();
      }
      throw new BrowserFailure(
          command.getFirst() + " does not start; load-tests/install-tools installs it", e);
    }
    Runtime.getRuntime().addShutdownHook(hook);
    // No virtual thread: one that waits for a pipe keeps its carrier, and four browsers all of
    // them.
    Thread.ofPlatform().daemon().name("browser-output").start(this::read);
  }

  static Path newProfile(String name) {
    try {
      return Files.createTempDirectory("parley-" + name + "-");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The debugging WebSocket that the browser announces on its error output. */
  String endpoint() {
    try {
      return endpoint.get(START_SECONDS, TimeUnit.SECONDS);
    } catch (ExecutionException | TimeoutException e) {
      close();
      synchronized (tail) {
        throw new BrowserFailure("the browser did not come up:\n" + String.join("\n", tail), e);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      close();
      throw new BrowserFailure("interrupted while a browser was starting", e);
    }
  }

  private void read() {
    try (BufferedReader lines = process.inputReader()) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        Matcher listening = LISTENING.matcher(line);
        if (listening.find()) {
          endpoint.complete(listening.group(1));
        }
        synchronized (tail) {
          if (tail.size() == TAIL_LINES) {
            tail.removeFirst();
          }
          tail.addLast(line);
        }
      }
    } catch (IOException e) {
      // The stream ends with the process.
    }
    endpoint.completeExceptionally(new BrowserFailure("the browser ended"));
  }

  @Override
  public void close() {
    end();
    Runtime.getRuntime().removeShutdownHook(hook);
  }

  private void end() {
    // Its children first, by their ids: a browser's helpers outlive a parent that is killed.
    List<ProcessHandle> all = new ArrayList<>(process.descendants().toList());
    all.add(process.toHandle());
    all.forEach(ProcessHandle::destroyForcibly);
    for (ProcessHandle one : all) {
      try {
        one.onExit().get(5, TimeUnit.SECONDS);
      } catch (ExecutionException | TimeoutException e) {
        // Nothing more can be done about a process that the system does not end.
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
    if (sound != null) {
      sound.close();
    }
    deleteProfile();
  }

  private void deleteProfile() {
    try {
      Files.walkFileTree(
          profile,
          new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
                throws IOException {
              Files.deleteIfExists(file);
              return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFileFailed(Path file, IOException e) {
              return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path folder, @Nullable IOException e)
                throws IOException {
              Files.deleteIfExists(folder);
              return FileVisitResult.CONTINUE;
            }
          });
    } catch (IOException e) {
      // A temporary folder that a dying helper still wrote to; the system clears it.
    }
  }
}
