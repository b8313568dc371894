package parley.load.interop;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code parley interop}: the matrix, and what it is about. */
@Command(
    name = "interop",
    mixinStandardHelpOptions = true,
    description = {
      "Has clients on WebRTC stacks that others wrote call each other through a node of its own:"
          + " Chromium, Firefox, GStreamer's webrtcbin, aiortc and pion, direct and in a group of"
          + " five, with several receiving sections and with one. Each sends a tone of its own and"
          + " has to hear everyone else's, and nothing more.%n",
      "Exit code: 0 if everyone heard everyone; 1 if not, or if a client is missing."
    })
public final class InteropCommand implements Callable<Integer> {

  /** Where {@code install-clients} leaves what it installs, beside the launcher. */
  private static final Path INSTALLED = Path.of("load-tests", "target", "clients");

  @Option(
      names = "--quick",
      description = "Each client in two direct calls and one group each way, not with all others.")
  private boolean quick;

  @Option(names = "--json", paramLabel = "FILE", description = "Write the matrix there, too.")
  private @Nullable Path json;

  @Override
  public Integer call() throws IOException {
    Path root = Path.of(System.getProperty("parley.launcher", "./parley")).toAbsolutePath();
    Path installed = root.resolveSibling(INSTALLED);
    List<Cell> cells = new Matrix(installed, quick, System.out::println).play();
    System.out.println();
    cells.forEach(System.out::println);
    if (json != null) {
      new ObjectMapper()
          .enable(SerializationFeature.INDENT_OUTPUT)
          .writeValue(json.toFile(), cells);
    }
    return cells.stream().allMatch(Cell::ok) ? 0 : 1;
  }
}
