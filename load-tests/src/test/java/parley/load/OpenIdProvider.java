package parley.load;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;

/** A real OpenID provider in a process of its own: oidc-provider, run by Node.js. */
final class OpenIdProvider implements AutoCloseable {

  private static final Path FOLDER = Path.of("target", "clients", "oidc").toAbsolutePath();

  private final Process process;
  private final BufferedReader lines;
  private final int port;

  OpenIdProvider() throws IOException {
    process =
        new ProcessBuilder("node", FOLDER.resolve("provider.mjs").toString())
            .redirectError(Redirect.DISCARD) // it says at length that it is not set up in earnest
            .start();
    lines = process.inputReader();
    port = Integer.parseInt(await("\\d+"));
  }

  static boolean isInstalled() {
    return Files.isDirectory(FOLDER.resolve("node_modules"));
  }

  String issuer() {
    return "http://localhost:" + port;
  }

  /** From now on it signs people in for the Parley there. */
  void serve(String parley) {
    try {
      process.outputWriter().append(parley).append('\n').flush();
      String _ = await("ready");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** It warns of this and that before. */
  private String await(String pattern) throws IOException {
    for (String line = lines.readLine(); line != null; line = lines.readLine()) {
      if (line.matches(pattern)) {
        return line;
      }
    }
    throw new IOException("the OpenID provider has ended");
  }

  @Override
  public void close() {
    process.destroy();
    process.onExit().join();
  }
}
