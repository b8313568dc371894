package parley.load.bench.kernel;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * What a process or a processor has spent so far, as the kernel counts it (proc(5)).
 *
 * @param userNs in its own code
 * @param systemNs in the kernel
 */
public record CpuTime(long userNs, long systemNs) {

  /** USER_HZ: the unit of these files on every architecture of today. */
  private static final long TICK_NS = 10_000_000L;

  /** Of a process with all its threads, those that have ended too. */
  public static CpuTime ofProcess(long pid) {
    return parseProcess(read("/proc/" + pid + "/stat"));
  }

  /** The fields behind the name, which may hold anything, parentheses too. */
  static CpuTime parseProcess(String stat) {
    String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
    return new CpuTime(Long.parseLong(fields[11]) * TICK_NS, Long.parseLong(fields[12]) * TICK_NS);
  }

  /** All that a processor did not spend idle, whoever it worked for; stolen time too. */
  public static CpuTime ofProcessor(int cpu) {
    return parseProcessor(read("/proc/stat").lines().toList(), cpu);
  }

  static CpuTime parseProcessor(List<String> stat, int cpu) {
    for (String line : stat) {
      String[] fields = line.split(" +", -1);
      if (fields[0].equals("cpu" + cpu)) {
        long user = Long.parseLong(fields[1]) + Long.parseLong(fields[2]);
        long system = Long.parseLong(fields[3]);
        for (int i = 6; i <= 8; i++) { // irq, softirq, steal; idle and iowait are left out
          system += Long.parseLong(fields[i]);
        }
        return new CpuTime(user * TICK_NS, system * TICK_NS);
      }
    }
    throw new IllegalArgumentException("this machine has no processor " + cpu);
  }

  public long totalNs() {
    return userNs + systemNs;
  }

  public CpuTime minus(CpuTime earlier) {
    return new CpuTime(userNs - earlier.userNs, systemNs - earlier.systemNs);
  }

  private static String read(String file) {
    try {
      return Files.readString(Path.of(file));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
