package parley.signalling.app;

import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.io.IOException;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.invoke.MethodHandle;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Has the JVM's compilers give way to calls: on a machine with one processor they would take two
 * thirds of it from whoever starts, and hold up packets whenever something new becomes hot. Linux;
 * elsewhere everything stays as it is.
 */
final class CompilerThreads {

  /** They still get a quarter of a processor that is busy. */
  private static final int NICE = 5;

  private static final Path THREADS = Path.of("/proc/self/task");
  private static final int PRIO_PROCESS = 0;

  private CompilerThreads() {}

  /** Those that come later inherit it from those that are there. */
  static void giveWay() {
    if (!Files.isDirectory(THREADS)) {
      return;
    }
    Linker linker = Linker.nativeLinker();
    MethodHandle setPriority =
        linker.downcallHandle(
            linker.defaultLookup().findOrThrow("setpriority"),
            FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT));
    try (DirectoryStream<Path> threads = Files.newDirectoryStream(THREADS)) {
      for (Path thread : threads) {
        if (Files.readString(thread.resolve("comm")).matches("C[12] Compiler.*\\s*")) {
          int id = Integer.parseInt(thread.getFileName().toString());
          int _ = (int) setPriority.invokeExact(PRIO_PROCESS, id, NICE); // refused: so be it
        }
      }
    } catch (IOException e) {
      // a thread ended meanwhile, or /proc is closed to us: nothing depends on it
    } catch (Throwable e) {
      throw new IllegalStateException("setpriority", e);
    }
  }
}
