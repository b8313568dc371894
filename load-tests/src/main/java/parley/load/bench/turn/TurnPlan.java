package parley.load.bench.turn;

import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * What is to be measured, and how long.
 *
 * @param servers in the order of their turns
 * @param rates packets a second
 * @param turns of each server, way and rate
 * @param allocations how many there are at the same time while memory is measured
 * @param most whether to search for the most packets a second
 * @param serverCpu the servers' processor; −1: any
 */
record TurnPlan(
    List<String> servers,
    List<Way> ways,
    List<Integer> rates,
    int turns,
    double turnSeconds,
    double warmUpSeconds,
    int allocations,
    boolean most,
    int serverCpu,
    Consumer<String> narrator) {

  TurnPlan {
    servers = List.copyOf(servers);
    ways = List.copyOf(ways);
    rates = List.copyOf(rates);
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
