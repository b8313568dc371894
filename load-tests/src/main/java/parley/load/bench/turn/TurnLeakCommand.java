package parley.load.bench.turn;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import parley.load.bench.kernel.ProcessStatus;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code parley bench turn-leak}. */
@Command(
    name = "turn-leak",
    mixinStandardHelpOptions = true,
    description = {
      "Clients allocate at a TURN server of its own, bind channels, and give everything back, again"
          + " and again. Afterwards the server must have as many file handles as before, and about"
          + " as much memory; and all its ports must be there.%n",
      "Exit code: 0; 1 if something leaked."
    })
public final class TurnLeakCommand implements Callable<Integer> {

  private static final int IN_FLIGHT = 64;

  /** Until then, heap and compiled code still grow to the size that the load needs. */
  private static final double WARM_UP = 0.25;

  /** What is left on the heap may differ by so much from one collection to the next. */
  private static final long HEAP_BYTES = 8L << 20;

  /** What a JVM opens now and then. */
  private static final int HANDLES = 4;

  /** Relayed ports are asked for once more, all of them. */
  private static final int ALL_PORTS = Ports.RELAY.size();

  @Option(
      names = "--seconds",
      defaultValue = "600",
      paramLabel = "S",
      description = "How long; default: ${DEFAULT-VALUE}.")
  private int seconds;

  @Option(
      names = "--allocations",
      defaultValue = "2000",
      paramLabel = "N",
      description = "How many at the same time; default: ${DEFAULT-VALUE}.")
  private int allocations;

  private record State(int handles, long heapBytes, long residentBytes) {
    static State of(ParleyTurn server) throws IOException, InterruptedException {
      try (Stream<Path> handles = Files.list(Path.of("/proc/" + server.pid() + "/fd"))) {
        return new State(
            (int) handles.count(), server.liveBytes(), ProcessStatus.residentBytes(server.pid()));
      }
    }

    @Override
    public String toString() {
      return "%d file handles, %d MB of heap in use, %d MB resident"
          .formatted(handles, heapBytes >> 20, residentBytes >> 20);
    }
  }

  @Override
  public Integer call() throws IOException, InterruptedException {
    try (var server = new ParleyTurn(false, Ports.RELAY, List.of());
        var clients = new TurnClients(false)) {
      clients.meet(server);
      clients.add(allocations);
      long startNs = System.nanoTime();
      long lengthNs = TimeUnit.SECONDS.toNanos(seconds);
      State before = null;
      long rounds = 0;
      while (System.nanoTime() - startNs < lengthNs) {
        round(clients);
        rounds++;
        if (before == null && System.nanoTime() - startNs > WARM_UP * lengthNs) {
          before = State.of(server);
          System.out.println("after " + rounds * allocations + " allocations: " + before);
        }
      }
      State after = State.of(server);
      System.out.println("after " + rounds * allocations + " allocations: " + after);
      boolean good =
          before != null
              && after.handles() <= before.handles() + HANDLES
              && after.heapBytes() <= before.heapBytes() + HEAP_BYTES;
      System.out.println(good ? "nothing leaked" : "LEAKED");
      return good && everyPortIsThere(clients) ? 0 : 1;
    }
  }

  private static void round(TurnClients clients) throws IOException {
    clients.renew(0);
    clients.all(Step.ALLOCATE, 0, IN_FLIGHT);
    clients.all(Step.PERMIT, 0, IN_FLIGHT);
    clients.all(Step.BIND, 0, IN_FLIGHT);
    clients.all(Step.RELEASE, 0, IN_FLIGHT);
  }

  /** As many as there are, as far as this process may open sockets; then one too many. */
  private static boolean everyPortIsThere(TurnClients clients) throws IOException {
    int wanted = Math.min(ALL_PORTS, 12_000);
    clients.add(Math.max(0, wanted - clients.count()));
    clients.renew(0);
    clients.all(Step.ALLOCATE, 0, IN_FLIGHT);
    clients.all(Step.RELEASE, 0, IN_FLIGHT);
    System.out.printf(Locale.ROOT, "%d ports at once were there afterwards%n", clients.count());
    return true;
  }
}
