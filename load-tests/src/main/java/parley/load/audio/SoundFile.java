package parley.load.audio;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** A recorded file as ffmpeg and ffprobe see it, which nobody here wrote. */
public final class SoundFile {

  private static final int RATE_HZ = 48_000;

  private final Path file;

  public SoundFile(Path file) {
    this.file = file;
  }

  /** The whole file as mono samples. */
  public Pcm decode() {
    byte[] samples =
        run(
            List.of(
                "ffmpeg",
                "-nostdin",
                "-v",
                "error",
                "-i",
                file.toString(),
                "-f",
                "s16le",
                "-ac",
                "1",
                "-ar",
                Integer.toString(RATE_HZ),
                "-"));
    return Pcm.fromInt16(samples, RATE_HZ, 0);
  }

  /** Length in ms as the container says. */
  public double durationMs() {
    return 1000 * Double.parseDouble(probe("format=duration"));
  }

  /** The codec's name. */
  public String codec() {
    return probe("stream=codec_name");
  }

  private String probe(String entry) {
    byte[] answer =
        run(
            List.of(
                "ffprobe",
                "-v",
                "error",
                "-show_entries",
                entry,
                "-of",
                "csv=p=0",
                file.toString()));
    return new String(answer, StandardCharsets.UTF_8).strip();
  }

  /** The command's output; what it says on its error output is part of the failure. */
  private static byte[] run(List<String> command) {
    try {
      Process process = new ProcessBuilder(command).start();
      process.getOutputStream().close();
      CompletableFuture<byte[]> errors =
          CompletableFuture.supplyAsync(
              () -> {
                try {
                  return process.getErrorStream().readAllBytes();
                } catch (IOException e) {
                  return new byte[0];
                }
              });
      byte[] output = process.getInputStream().readAllBytes();
      int status = process.waitFor();
      String said = new String(errors.join(), StandardCharsets.UTF_8).strip();
      if (status != 0 || !said.isEmpty()) {
        throw new AssertionError(
            "%s ended with %d: %s".formatted(String.join(" ", command), status, said));
      }
      return output;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }

  @Override
  public String toString() {
    return file.toString();
  }
}
