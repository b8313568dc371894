package parley.load.soak;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import parley.load.bench.kernel.ProcessStatus;

/**
 * What a JVM holds, as it and the kernel say.
 *
 * @param heapMb in use right after a full collection
 * @param directMb what the JVM has outside of its heap for buffers ("Other" of its native memory)
 * @param residentMb resident memory
 * @param files descriptors, sockets among them
 * @param udpPorts of them
 * @param threads of the kernel
 */
record ProcessFigures(
    double heapMb, double directMb, double residentMb, int files, int udpPorts, int threads) {

  /** What the JVM has to be started with for {@link #directMb}. */
  static final String NATIVE_MEMORY_TRACKING = "-XX:NativeMemoryTracking=summary";

  private static final double MB = 1_000_000;
  private static final double KIB = 1024;
  private static final Pattern HEAP = Pattern.compile("heap .*?used (\\d+)K");
  private static final Pattern OTHER =
      Pattern.compile("-\\s+Other \\(reserved=\\d+KB, committed=(\\d+)KB\\)");
  private static final Pattern SOCKET = Pattern.compile("socket:\\[(\\d+)]");

  /** Collects the heap first. */
  static ProcessFigures of(long pid) throws IOException, InterruptedException {
    String _ = jcmd(pid, "GC.run");
    double heapKib = heapKib(jcmd(pid, "GC.heap_info"));
    double otherKib = otherKib(jcmd(pid, "VM.native_memory", "summary"));
    List<String> descriptors = descriptors(pid);
    ProcessStatus status = ProcessStatus.of(pid);
    return new ProcessFigures(
        heapKib * KIB / MB,
        otherKib * KIB / MB,
        status.residentBytes() / MB,
        descriptors.size(),
        udp(descriptors),
        status.threads());
  }

  /** The first group, or NaN. */
  private static double number(Pattern pattern, String text) {
    Matcher found = pattern.matcher(text);
    return found.find() ? Double.parseDouble(found.group(1)) : Double.NaN;
  }

  static double heapKib(String heapInfo) {
    return number(HEAP, heapInfo);
  }

  static double otherKib(String nativeMemory) {
    return number(OTHER, nativeMemory);
  }

  private static String jcmd(long pid, String... command) throws IOException, InterruptedException {
    Path jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd");
    List<String> line =
        Stream.concat(Stream.of(jcmd.toString(), Long.toString(pid)), Stream.of(command)).toList();
    Process process = new ProcessBuilder(line).redirectErrorStream(true).start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (process.waitFor() != 0) {
      throw new IOException("the server's JVM does not answer jcmd: " + said.strip());
    }
    return said;
  }

  /** What each descriptor points to. */
  private static List<String> descriptors(long pid) throws IOException {
    try (Stream<Path> all = Files.list(Path.of("/proc/" + pid + "/fd"))) {
      return all.map(ProcessFigures::target).filter(target -> !target.isEmpty()).toList();
    }
  }

  private static String target(Path link) {
    try {
      return Files.readSymbolicLink(link).toString();
    } catch (IOException e) {
      return ""; // closed meanwhile
    }
  }

  private static int udp(List<String> descriptors) throws IOException {
    Set<String> inodes = new HashSet<>();
    for (String file : List.of("/proc/net/udp", "/proc/net/udp6")) {
      Path path = Path.of(file);
      if (Files.isReadable(path)) {
        Files.readAllLines(path).stream()
            .map(line -> line.strip().split("\\s+", -1))
            .filter(fields -> fields.length > 9)
            .forEach(fields -> inodes.add(fields[9]));
      }
    }
    return (int)
        descriptors.stream()
            .map(SOCKET::matcher)
            .filter(Matcher::matches)
            .filter(socket -> inodes.contains(socket.group(1)))
            .count();
  }
}
