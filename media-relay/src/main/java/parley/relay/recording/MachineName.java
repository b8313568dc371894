package parley.relay.recording;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * What the machine is called: asked of the system, never of a name server, which may not answer.
 */
public final class MachineName {

  private static final Path LINUX = Path.of("/proc/sys/kernel/hostname");

  private MachineName() {}

  /** Empty when it has none that we know how to find. */
  public static String get() {
    try {
      if (Files.isReadable(LINUX)) {
        return Files.readString(LINUX).strip();
      }
    } catch (IOException e) {
      // then as elsewhere
    }
    String name = System.getenv("HOSTNAME");
    return name != null ? name : System.getenv().getOrDefault("COMPUTERNAME", "");
  }
}
