package parley.load.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Stream;

/** A folder for what the servers of one run write; it goes when the run ends. */
public record BenchFolder(Path path) implements AutoCloseable {

  /** A new one, empty. */
  public static BenchFolder create() throws IOException {
    return new BenchFolder(Files.createTempDirectory("parley-bench"));
  }

  @Override
  public void close() throws IOException {
    try (Stream<Path> files = Files.walk(path)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    }
  }
}
