package parley.load.bench.server;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Debian's package of Janus, installed when it is missing. */
final class JanusInstallation {

  private static final Path PROGRAM = Path.of("/usr/bin/janus");

  private JanusInstallation() {}

  /** Null when there is no getting it; says so, and what it does. */
  static @Nullable String version() throws IOException, InterruptedException {
    if (!Files.isExecutable(PROGRAM)) {
      System.out.println("installing the distribution's package janus …");
      run(List.of("apt-get", "install", "-y", "--no-install-recommends", "janus"));
    }
    if (!Files.isExecutable(PROGRAM)) {
      return null;
    }
    return run(List.of("dpkg-query", "-W", "-f", "${Version}", "janus")).strip();
  }

  static Path program() {
    return PROGRAM;
  }

  /** Where the architecture's libraries are. */
  static Path folder() throws IOException {
    try (Stream<Path> folders = Files.list(Path.of("/usr/lib"))) {
      return folders
          .map(folder -> folder.resolve("janus"))
          .filter(Files::isDirectory)
          .findFirst()
          .orElseThrow(() -> new IOException("Janus' plugins are not where its package has them"));
    }
  }

  private static String run(List<String> command) throws IOException, InterruptedException {
    try {
      Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
      String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      return process.waitFor() == 0 ? output : "";
    } catch (IOException e) {
      return ""; // no such program here: not Debian
    }
  }
}
