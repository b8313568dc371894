package parley.load.chaos;

import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import parley.load.server.ParleyProcess;

/**
 * A node of the cluster, at an address of its own; after its end another process takes its place.
 */
final class Place implements AutoCloseable {

  final String name;
  final String address;
  final Cable cable;
  private final Path folder;
  private final Map<String, String> settings;
  private volatile ParleyProcess process;

  /** Whether a load balancer would send clients here. */
  private volatile boolean up;

  /**
   * @param number from 1
   * @param shared what all nodes are told
   */
  Place(int number, NatsProcess nats, Path root, Map<String, String> shared) throws IOException {
    name = "n" + number;
    address = "127.0.1." + number;
    folder = root.resolve(name);
    cable = new Cable(address, nats.address());
    settings = new HashMap<>(shared);
    settings.put("PARLEY_HTTP_HOST", address);
    settings.put("PARLEY_MEDIA_ADDRESSES", address);
    settings.put("PARLEY_NATS_URL", cable.url());
    settings.put("PARLEY_NATS_NODE", name);
    process = launch();
    up = true;
  }

  private ParleyProcess launch() {
    return ParleyProcess.start(folder, settings, List.of());
  }

  void start() {
    process = launch();
    up = true;
  }

  void kill() {
    up = false;
    process.kill();
  }

  /** Ends it as an operator does: it hands over what it has, then it is gone. */
  void drain() {
    up = false;
    process.close();
  }

  boolean isUp() {
    return up && process.isAlive();
  }

  String url() {
    return process.url();
  }

  Path recordings() {
    return folder;
  }

  String logTail() {
    return process.logTail();
  }

  @Override
  public void close() throws IOException {
    process.kill();
    cable.close();
  }
}
