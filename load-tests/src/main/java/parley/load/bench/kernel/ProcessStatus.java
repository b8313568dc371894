package parley.load.bench.kernel;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * What the kernel says of a process (proc(5)); 0 of what it does not say.
 *
 * @param residentBytes resident memory
 * @param threads of the kernel
 */
public record ProcessStatus(long residentBytes, int threads) {

  public static ProcessStatus of(long pid) {
    try {
      List<String> lines = Files.readAllLines(Path.of("/proc/" + pid + "/status"));
      return new ProcessStatus(1024 * number(lines, "VmRSS:"), (int) number(lines, "Threads:"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Resident memory alone. */
  public static long residentBytes(long pid) {
    return of(pid).residentBytes;
  }

  private static long number(List<String> lines, String field) {
    return lines.stream()
        .filter(line -> line.startsWith(field))
        .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
        .findFirst()
        .orElse(0);
  }
}
