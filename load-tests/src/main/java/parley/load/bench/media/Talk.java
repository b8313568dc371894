package parley.load.bench.media;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;

/**
 * One turn: each talker sends a packet every so often, each at a moment of its own. Owned by its
 * {@link Swarm}.
 */
final class Talk {

  /** The same moments in every turn and for every server. */
  private static final long SEED = 5;

  /** A packet that comes later than this is lost to any listener. */
  private static final long LINGER_NS = 600_000_000L;

  private final int id;
  private final List<Leg> talkers;
  private final long[] phasesNs;
  private final long intervalNs;
  private final int packetsEach;
  private final CompletableFuture<Talked> done = new CompletableFuture<>();
  final Tally tally = new Tally();

  private long startNs;
  private long endNs = Long.MAX_VALUE;
  private int round;
  private int next;
  private long sent;
  private long latestNs;

  Talk(int id, List<Leg> talkers, int packetsEach, long intervalNs) {
    this.id = id;
    this.intervalNs = intervalNs;
    this.packetsEach = packetsEach;
    this.talkers = new ArrayList<>(talkers);
    this.phasesNs =
        new Random(SEED)
            .doubles(talkers.size())
            .mapToLong(p -> (long) (p * intervalNs))
            .sorted()
            .toArray();
    Collections.shuffle(this.talkers, new Random(SEED));
  }

  int id() {
    return id;
  }

  CompletableFuture<Talked> done() {
    return done;
  }

  void begin(long nowNs) {
    startNs = nowNs + intervalNs;
  }

  /** Sends what is due; returns whether anything was. */
  boolean onTime(long nowNs) {
    boolean any = false;
    while (round < packetsEach) {
      long dueNs = startNs + round * intervalNs + phasesNs[next];
      if (dueNs > nowNs) {
        return any;
      }
      latestNs = Math.max(latestNs, nowNs - dueNs);
      talkers.get(next).sendVoice(id, dueNs);
      sent++;
      any = true;
      if (++next == phasesNs.length) {
        next = 0;
        if (++round == packetsEach) {
          endNs = nowNs + LINGER_NS;
        }
      }
    }
    return any;
  }

  boolean over(long nowNs) {
    return nowNs > endNs;
  }

  long nextNs() {
    return round < packetsEach ? startNs + round * intervalNs + phasesNs[next] : endNs;
  }

  Talked result(long busyNs, long unsent) {
    return new Talked(
        sent,
        tally.heard,
        tally.changed,
        tally.misplaced,
        tally.refused,
        tally.latency,
        latestNs,
        busyNs,
        endNs - LINGER_NS - startNs,
        unsent);
  }
}
