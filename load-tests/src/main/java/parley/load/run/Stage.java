package parley.load.run;

import java.util.SplittableRandom;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import parley.load.bench.media.Swarm;

/**
 * What all calls of a run share. Any thread.
 *
 * @param people who are in a call with media now
 * @param calls that are up now
 * @param over opens when everybody has to leave
 */
record Stage(
    Swarm swarm,
    Chatter chatter,
    Networks networks,
    Ledger ledger,
    int voices,
    long seed,
    AtomicInteger people,
    AtomicInteger calls,
    AtomicInteger serials,
    CountDownLatch over) {

  Stage(Swarm swarm, Chatter chatter, Networks networks, Ledger ledger, int voices, long seed) {
    this(
        swarm,
        chatter,
        networks,
        ledger,
        voices,
        seed,
        new AtomicInteger(),
        new AtomicInteger(),
        new AtomicInteger(),
        new CountDownLatch(1));
  }

  /** The same person has the same network in every run with this seed. */
  int networkOf(Member member) {
    return networks.draw(new SplittableRandom(seed ^ member.jid().hashCode()).nextDouble());
  }

  /**
   * Waits.
   *
   * @return whether everybody has to leave now
   */
  boolean pause(double seconds) throws InterruptedException {
    return over.await((long) (seconds * 1e9), TimeUnit.NANOSECONDS);
  }

  /** Exponentially distributed. */
  static double exponential(SplittableRandom dice, double mean) {
    return -Math.log(1 - dice.nextDouble()) * mean;
  }

  /** A number for a call, by which its voices are known. */
  int nextCall() {
    return serials.incrementAndGet();
  }

  /** Dice for one call: the same in every run with this seed. */
  SplittableRandom dice(int call) {
    return new SplittableRandom(seed * 31 + call);
  }
}
