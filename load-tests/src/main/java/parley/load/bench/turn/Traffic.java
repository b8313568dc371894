package parley.load.bench.turn;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import parley.load.bench.measure.LatencyHistogram;

/**
 * One turn: each client sends a packet every so often, or is sent one, at a moment of its own. One
 * thread, which does not sleep: no server pays for waking it.
 */
final class Traffic {

  /** The same moments in every turn and for every server. */
  private static final long SEED = 7;

  /** A packet that comes later than this is lost to any listener. */
  private static final long LINGER_NS = 300_000_000L;

  private final TurnClients clients;
  private final Way way;
  private final int turn;
  private final int packetsEach;
  private final long intervalNs;
  private final int[] heardBy;
  private final HoldUps holdUps;
  private long heard;
  private long wrong;
  private long latestNs;
  private long busyNs;
  private long durationNs;

  /**
   * @param turn tells its packets from those of others
   * @param count of the clients: the first ones
   */
  Traffic(TurnClients clients, Way way, int turn, int count, int packetsEach, long intervalNs) {
    this.clients = clients;
    this.way = way;
    this.turn = turn;
    this.packetsEach = packetsEach;
    this.intervalNs = intervalNs;
    this.heardBy = new int[count];
    this.holdUps = new HoldUps(count * packetsEach);
  }

  void run() {
    int count = heardBy.length;
    List<Integer> order = new ArrayList<>(IntStream.range(0, count).boxed().toList());
    Collections.shuffle(order, new Random(SEED));
    long[] phases =
        new Random(SEED)
            .doubles(count)
            .mapToLong(share -> (long) (share * intervalNs))
            .sorted()
            .toArray();
    byte[] envelope = clients.envelope(way);
    int probeAt = envelope.length - Probe.BYTES;
    clients.listen(this);
    long startNs = System.nanoTime() + 1_000_000;
    long endNs = Long.MAX_VALUE;
    int round = 0;
    int next = 0;
    long nowNs = System.nanoTime();
    while (nowNs < endNs) {
      boolean worked = false;
      while (round < packetsEach) {
        long dueNs = startNs + round * intervalNs + phases[next];
        if (dueNs > nowNs) {
          break;
        }
        worked = true;
        latestNs = Math.max(latestNs, nowNs - dueNs);
        int client = order.get(next);
        Probe.stamp(envelope, probeAt, turn, client, System.nanoTime());
        clients.send(way, client, envelope);
        if (++next == count) {
          next = 0;
          round++;
        }
        if (round == packetsEach) {
          durationNs = nowNs - startNs;
          endNs = nowNs + LINGER_NS;
        }
      }
      worked |= clients.receive() > 0;
      long afterNs = System.nanoTime();
      holdUps.round(nowNs, afterNs);
      if (worked) {
        busyNs += afterNs - nowNs;
      }
      nowNs = afterNs;
    }
    clients.listen(null);
  }

  /**
   * @param client who heard it; −1: the peer
   */
  void arrived(int client, byte[] data, int at, int length) {
    if (!Probe.isIntact(data, at, length) || Probe.turn(data, at) != turn) {
      wrong++;
      return;
    }
    int of = Probe.client(data, at);
    if (client >= 0 && client != of) {
      wrong++;
      return;
    }
    heardBy[of]++;
    heard++;
    long sentNs = Probe.sentNs(data, at);
    holdUps.heard(sentNs, System.nanoTime() - sentNs);
  }

  long sent() {
    return (long) packetsEach * heardBy.length;
  }

  long heard() {
    return heard;
  }

  long wrong() {
    return wrong;
  }

  int clientsShort() {
    int few = 0;
    for (int each : heardBy) {
      few += each == packetsEach ? 0 : 1;
    }
    return few;
  }

  /** Of the packets that the generator itself did not hold up. */
  LatencyHistogram latency() {
    return holdUps.latency();
  }

  long latestNs() {
    return latestNs;
  }

  long busyNs() {
    return busyNs;
  }

  long durationNs() {
    return durationNs;
  }
}
