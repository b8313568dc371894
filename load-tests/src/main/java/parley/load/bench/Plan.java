package parley.load.bench;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What is to be measured, and how long.
 *
 * @param servers in the order of their turns
 * @param most whether to search for the most packets a second
 * @param joinsPerSecond how fast participants come
 * @param serverCpu the servers' processor; −1: any
 * @param profile where a flame graph of Parley is to be drawn; null: nowhere
 */
record Plan(
    List<String> servers,
    int turns,
    double turnSeconds,
    double warmUpSeconds,
    boolean most,
    int joinsPerSecond,
    int serverCpu,
    @Nullable Path profile,
    Consumer<String> narrator) {

  Plan {
    servers = List.copyOf(servers);
  }

  long turnNs() {
    return (long) (turnSeconds * TimeUnit.SECONDS.toNanos(1));
  }

  long warmUpNs() {
    return (long) (warmUpSeconds * TimeUnit.SECONDS.toNanos(1));
  }

  void progress(String line) {
    narrator.accept(line);
  }
}
