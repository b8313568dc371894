package parley.load.bench.kernel;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Has another processor do what the kernel does for receivers on this machine, as long as this is
 * open. By itself Linux does it on the sender's, in the middle of the system call that sends; of a
 * packet for another machine the sender is spared all that.
 */
public final class ReceivingProcessor implements AutoCloseable {

  /** Receive packet steering of the loopback device: a set of processors, in hexadecimal. */
  private static final Path STEERING = Path.of("/sys/class/net/lo/queues/rx-0/rps_cpus");

  private final String before;

  private ReceivingProcessor(String before) {
    this.before = before;
  }

  /**
   * @throws IOException saying what is missing
   */
  public static ReceivingProcessor use(int cpu) throws IOException {
    try {
      String before = Files.readString(STEERING).strip();
      Files.writeString(STEERING, Long.toHexString(1L << cpu));
      return new ReceivingProcessor(before);
    } catch (IOException e) {
      throw new IOException("receivers cannot be spared: it takes root and Linux with RPS", e);
    }
  }

  @Override
  public void close() throws IOException {
    Files.writeString(STEERING, before);
  }
}
