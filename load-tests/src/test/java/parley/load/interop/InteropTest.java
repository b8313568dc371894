package parley.load.interop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestFactory;

/** The quick form of {@code ./parley interop}; a client that is not installed is skipped. */
@Tag("browser")
class InteropTest {

  @TestFactory
  Stream<DynamicTest> everyClientHearsEveryone() throws IOException {
    Path installed = Path.of("target", "clients").toAbsolutePath();
    List<Cell> cells = new Matrix(installed, true, System.out::println).play();
    assertThat(cells).hasSize(ClientKind.values().length * 4);
    return cells.stream()
        .map(
            cell ->
                DynamicTest.dynamicTest(
                    cell.client() + ", " + cell.call() + ", " + cell.sections(),
                    () -> {
                      assumeTrue(cell.result() != Cell.Result.MISSING, cell.detail());
                      assertThat(cell.ok()).as(cell.toString()).isTrue();
                    }));
  }
}
