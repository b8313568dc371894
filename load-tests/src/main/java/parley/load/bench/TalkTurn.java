package parley.load.bench;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.LongSupplier;
import parley.load.bench.kernel.CpuTime;
import parley.load.bench.measure.Turn;
import parley.load.bench.media.Leg;
import parley.load.bench.media.Swarm;
import parley.load.bench.media.Talked;
import parley.load.bench.server.Seat;
import parley.load.bench.server.Shape;

/** Those at some of a server's seats talk for a while: what that costs, and what is heard. */
public final class TalkTurn {

  private final Swarm swarm;
  private final long pid;
  private final List<Leg> talkers;
  private final List<Leg> listeners;
  private final int[] voices;

  /**
   * @param pid of the server
   * @param seats whole rooms of this shape
   */
  public TalkTurn(Swarm swarm, long pid, List<Seat> seats, Shape shape) {
    this.swarm = swarm;
    this.pid = pid;
    talkers = seats.stream().filter(Seat::talks).map(Seat::uplink).toList();
    listeners = seats.stream().map(Seat::downlink).toList();
    voices = seats.stream().mapToInt(seat -> shape.voices(seat.talks())).toArray();
  }

  /**
   * @param intervalNs between the packets of each
   * @param othersNs what the server's processor has done for others so far
   */
  public Turn run(long lengthNs, long intervalNs, LongSupplier othersNs)
      throws IOException, InterruptedException {
    int packets = (int) Math.max(1, lengthNs / intervalNs);
    CpuTime before = CpuTime.ofProcess(pid);
    long otherBefore = othersNs.getAsLong();
    Talked talked = await(swarm.talk(talkers, packets, intervalNs));
    CpuTime spent = CpuTime.ofProcess(pid).minus(before);
    long others = Math.max(0, othersNs.getAsLong() - otherBefore);
    int[] heard = await(swarm.heardBy(listeners));
    long expected = 0;
    int listenersShort = 0;
    for (int i = 0; i < heard.length; i++) {
      long each = (long) voices[i] * packets;
      expected += each;
      if (heard[i] != each) {
        listenersShort++;
      }
    }
    return new Turn(
        expected,
        talked.heard(),
        talked.changed() + talked.misplaced() + talked.refused(),
        listenersShort,
        spent.userNs(),
        spent.systemNs(),
        talked.durationNs(),
        others,
        talked.latency().percentile(0.5),
        talked.latency().percentile(0.99),
        talked.latency().percentile(0.999),
        talked.busyNs(),
        talked.latestNs());
  }

  private static <T> T await(CompletableFuture<T> future) throws IOException, InterruptedException {
    try {
      return future.get(2, TimeUnit.MINUTES);
    } catch (ExecutionException | TimeoutException e) {
      throw new IOException("the generator failed", e);
    }
  }
}
