package parley.load.browser;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import parley.load.Eventually;

/**
 * A sound card for a browser on a machine without one: a PulseAudio server of its own with one sink
 * that plays into nothing at the pace of real time. Firefox does not run an AudioContext without a
 * device; a person's machine has one.
 */
final class SoundCard implements AutoCloseable {

  private final Process process;
  private final Path socket;

  /** Starts one; its files live in the browser's own folder and go with it. */
  SoundCard(Path folder) {
    socket = folder.resolve("sound");
    List<String> command =
        List.of(
            "pulseaudio",
            "-n",
            "--daemonize=no",
            "--exit-idle-time=-1",
            "--use-pid-file=no",
            "--disable-shm=yes",
            "--realtime=no",
            "--high-priority=no",
            "--log-level=error",
            "-L",
            "module-null-sink rate=48000 channels=2",
            "-L",
            "module-native-protocol-unix auth-anonymous=1 socket=" + socket);
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("sound.log").toFile())
            .redirectInput(ProcessBuilder.Redirect.from(new File("/dev/null")));
    // Nothing of the user's own sound settings is read or touched.
    builder.environment().put("HOME", folder.toString());
    builder.environment().put("XDG_RUNTIME_DIR", folder.toString());
    try {
      process = builder.start();
    } catch (IOException e) {
      throw new BrowserFailure(
          "pulseaudio does not start; load-tests/install-tools installs it", e);
    }
    try {
      Eventually.until(
          "the sound card",
          Duration.ofSeconds(20),
          () -> Files.exists(socket) || !process.isAlive());
      if (!process.isAlive()) {
        throw new BrowserFailure("no sound: " + Files.readString(folder.resolve("sound.log")));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (RuntimeException | AssertionError e) {
      close();
      throw e;
    }
  }

  /** What the browser's environment has to name, {@code PULSE_SERVER}. */
  String server() {
    return "unix:" + socket;
  }

  @Override
  public void close() {
    process.destroyForcibly();
    try {
      process.waitFor(5, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
