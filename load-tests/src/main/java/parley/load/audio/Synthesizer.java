package parley.load.audio;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Speech made by espeak-ng, the distribution's package, which is installed when it is missing. */
public final class Synthesizer {

  private static final int RATE_HZ = 48_000;

  private Synthesizer() {}

  /**
   * Says so when it installs.
   *
   * @throws IOException saying what to do when it cannot
   */
  public static void install() throws IOException, InterruptedException {
    if (isThere()) {
      return;
    }
    System.out.println("installing the distribution's package espeak-ng …");
    int _ = run(List.of("apt-get", "install", "-y", "--no-install-recommends", "espeak-ng"));
    if (!isThere()) {
      throw new IOException(
          "speech is made by espeak-ng, which cannot be installed here; install it by hand"
              + " (Debian, Ubuntu: apt install espeak-ng)");
    }
  }

  private static boolean isThere() throws InterruptedException {
    try {
      return run(List.of("espeak-ng", "--version")) == 0;
    } catch (IOException e) {
      return false;
    }
  }

  private static int run(List<String> command) throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    return process.waitFor();
  }

  /**
   * One sentence, at 48 kHz.
   *
   * @param voice as espeak-ng names it, such as {@code en-us+f3}
   */
  public static Pcm say(String voice, int wordsPerMinute, String sentence)
      throws IOException, InterruptedException {
    Path file = Files.createTempFile("parley-speech", ".wav");
    try {
      Process process =
          new ProcessBuilder(
                  List.of(
                      "espeak-ng",
                      "-v",
                      voice,
                      "-s",
                      Integer.toString(wordsPerMinute),
                      "-w",
                      file.toString(),
                      sentence))
              .redirectErrorStream(true)
              .start();
      String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      if (process.waitFor() != 0) {
        throw new IOException("espeak-ng failed: " + said);
      }
      return Resampler.to(WaveFile.parse(Files.readAllBytes(file)), RATE_HZ);
    } finally {
      Files.deleteIfExists(file);
    }
  }
}
