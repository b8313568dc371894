package parley.load.bench.sweep;

import java.time.Duration;
import parley.load.impair.Impairment;

/**
 * What the networks of both clients do, each in both directions.
 *
 * @param steady all the time, on top of the way itself
 * @param blackout how long nothing gets through in the middle
 * @param rebindings how often, evenly spread, the first client's NAT gives it another address
 */
record Weather(Impairment steady, Duration blackout, int rebindings) {

  /** Of each client's way to the relay: 80 ms of round trip from one client to the other. */
  private static final Duration WAY = Duration.ofMillis(20);

  static final Weather FAIR = of(Impairment.NONE);

  static Weather of(Impairment impairment) {
    Impairment there = impairment.withDelay(WAY.plus(impairment.delay()), impairment.jitter());
    return new Weather(there, Duration.ZERO, 0);
  }

  Weather withBlackout(Duration length) {
    return new Weather(steady, length, rebindings);
  }

  Weather withRebindings(int times) {
    return new Weather(steady, blackout, times);
  }
}
