package parley.load.bench.turn;

import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * What is to be measured, and how long.
 *
 * @param figures what is measured
 * @param servers in the order of their turns
 * @param rates packets a second
 * @param turns of each server, way and rate
 * @param allocations how many there are at the same time while memory is measured
 * @param warmUpSeconds the most that is given to a server to get warm, for each way and rate
 * @param serverCpu the servers' processor; −1: any
 */
record TurnPlan(
    Set<Figure> figures,
    List<String> servers,
    List<Way> ways,
    List<Integer> rates,
    int turns,
    double turnSeconds,
    double warmUpSeconds,
    int allocations,
    int serverCpu,
    Consumer<String> narrator) {

  TurnPlan {
    figures = Set.copyOf(figures);
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
