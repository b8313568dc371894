package parley.load.bench.kernel;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;

/** What the compilers of a JVM have worked so far, by the names that Linux keeps of its threads. */
public final class CompilerTime {

  private CompilerTime() {}

  /** In ns; may fall, when a JVM ends a compiler's thread that it needs no more. */
  public static long ofProcess(long pid) {
    long sumNs = 0;
    try (DirectoryStream<Path> threads =
        Files.newDirectoryStream(Path.of("/proc/" + pid + "/task"))) {
      for (Path thread : threads) {
        sumNs += ofThread(thread);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return sumNs;
  }

  private static long ofThread(Path thread) {
    try {
      String stat = Files.readString(thread.resolve("stat"));
      return isCompiler(stat) ? CpuTime.parseProcess(stat).totalNs() : 0;
    } catch (IOException e) {
      return 0; // it has ended since
    }
  }

  static boolean isCompiler(String stat) {
    return stat.contains("(C1 Comp") || stat.contains("(C2 Comp");
  }
}
