package parley.load.bench.server;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;

/** Lets people in at a pace, each on a thread of his own, and times them. */
final class Joining {

  /** No server that the bench knows takes longer for its last one. */
  private static final int PATIENCE_S = 60;

  private final Pace pace;

  Joining(Pace pace) {
    this.pace = pace;
  }

  /** Lets one participant in. */
  interface Door {
    /**
     * @param index within the room; those below the number of talkers talk
     * @return when connected
     */
    Seat enter(int room, int index) throws Exception;
  }

  Party all(Shape shape, Door door) throws IOException, InterruptedException {
    long[] setupNs = new long[shape.participants()];
    List<Future<Seat>> entering = new ArrayList<>();
    long startNs = System.nanoTime();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < setupNs.length; i++) {
        awaitTurn(startNs + pace.dueNs(i));
        int number = i;
        entering.add(
            threads.submit(
                () -> {
                  long beginNs = System.nanoTime();
                  Seat seat = door.enter(number / shape.people(), number % shape.people());
                  setupNs[number] = System.nanoTime() - beginNs;
                  return seat;
                }));
      }
      List<Seat> seats = collect(entering);
      int slow = Math.min(pace.slowFirst(), seats.size() - 1);
      long fastNs = System.nanoTime() - startNs - pace.dueNs(slow);
      return new Party(seats, setupNs, (seats.size() - slow) * 1e9 / fastNs);
    }
  }

  private static void awaitTurn(long dueNs) {
    for (long leftNs = dueNs - System.nanoTime(); leftNs > 0; leftNs = dueNs - System.nanoTime()) {
      LockSupport.parkNanos(leftNs);
    }
  }

  private static List<Seat> collect(List<Future<Seat>> entering)
      throws IOException, InterruptedException {
    List<Seat> seats = new ArrayList<>();
    for (Future<Seat> seat : entering) {
      try {
        seats.add(seat.get(PATIENCE_S, TimeUnit.SECONDS));
      } catch (ExecutionException | TimeoutException e) {
        entering.forEach(other -> other.cancel(true));
        throw new IOException(
            "participant %d of %d did not get in".formatted(seats.size() + 1, entering.size()), e);
      }
    }
    return seats;
  }
}
