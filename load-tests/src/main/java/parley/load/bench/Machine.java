package parley.load.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** What was measured on, without a name or address of it. */
public final class Machine {

  private Machine() {}

  public static String describe() throws IOException {
    String model =
        Files.readString(Path.of("/proc/cpuinfo"))
            .lines()
            .filter(line -> line.startsWith("model name"))
            .map(line -> line.substring(line.indexOf(':') + 1).strip())
            .findFirst()
            .orElse(System.getProperty("os.arch"));
    return "%s, Linux %s, Java %s"
        .formatted(model, System.getProperty("os.version"), System.getProperty("java.version"));
  }
}
