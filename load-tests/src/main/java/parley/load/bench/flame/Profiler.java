package parley.load.bench.flame;

import com.sun.tools.attach.AgentInitializationException;
import com.sun.tools.attach.AgentLoadException;
import com.sun.tools.attach.AttachNotSupportedException;
import com.sun.tools.attach.VirtualMachine;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * Samples another JVM's stacks by async-profiler: all threads, by the CPU they use, and where the
 * kernel allows it ({@code kernel.perf_event_paranoid} up to 1, or root) into the kernel.
 */
public final class Profiler {

  /** So fast that ten seconds of a busy processor are 20,000 samples. */
  private static final String INTERVAL = "500us";

  private final long pid;
  private final Path library;
  private final Path samples;

  /**
   * @param folder where the profiler's library and its samples may lie
   * @throws IOException when there is none for this system
   */
  public Profiler(long pid, Path folder) throws IOException {
    this.pid = pid;
    samples = folder.resolve("samples.txt");
    library = folder.resolve("libasyncProfiler.so");
    String platform = System.getProperty("os.arch").equals("aarch64") ? "arm64" : "x64";
    String resource = "/linux-" + platform + "/libasyncProfiler.so";
    try (InputStream in = Profiler.class.getResourceAsStream(resource)) {
      if (in == null) {
        throw new IOException("async-profiler has nothing for this system: no " + resource);
      }
      Files.write(library, in.readAllBytes());
    }
  }

  public void start() throws IOException {
    tell("start,event=cpu,threads,interval=" + INTERVAL);
  }

  /** Ends, and returns what was seen: a line for each stack, outermost frame first. */
  public List<String> stop() throws IOException {
    tell("stop,threads,collapsed,file=" + samples);
    return Files.readAllLines(samples);
  }

  private void tell(String command) throws IOException {
    try {
      VirtualMachine target = VirtualMachine.attach(Long.toString(pid));
      try {
        target.loadAgentPath(library.toString(), command);
      } finally {
        target.detach();
      }
    } catch (AttachNotSupportedException | AgentLoadException | AgentInitializationException e) {
      throw new IOException("the server's JVM takes no profiler: " + e.getMessage(), e);
    }
  }
}
