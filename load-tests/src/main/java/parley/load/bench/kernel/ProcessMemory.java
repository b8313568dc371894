package parley.load.bench.kernel;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Resident memory of a process, as the kernel counts it (proc(5)). */
public final class ProcessMemory {

  private ProcessMemory() {}

  public static long residentBytes(long pid) {
    try {
      return Files.readString(Path.of("/proc/" + pid + "/status"))
          .lines()
          .filter(line -> line.startsWith("VmRSS:"))
          .mapToLong(line -> 1024 * Long.parseLong(line.replaceAll("\\D", "")))
          .findFirst()
          .orElse(0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
