package parley.relay;

import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * What is measured of legs: how long their set-up takes, and every ten seconds how good they are.
 * All named {@code parley.relay.…}. Any thread; no look-up, and nothing of it a packet.
 *
 * <pre>
 * setup               {until checked|connected|audio}  since the offer
 * loss                {direction up|down}              percent of packets, before repair
 * jitter              {direction up|down}              RFC 3550 §6.4.1
 * round.trip                                           RFC 3550 §6.4.1
 * mos                 {direction up|down}              estimated mean opinion score, 1 to 4.5
 * </pre>
 */
public final class LegMetrics {

  private static final String PREFIX = "parley.relay.";

  /** What people feel: at once, soon, slowly, too late; then a leg is given up. */
  private static final Duration[] SET_UP_TIMES = {
    Duration.ofMillis(100),
    Duration.ofMillis(250),
    Duration.ofMillis(500),
    Duration.ofSeconds(1),
    Duration.ofSeconds(2),
    Duration.ofSeconds(5),
    Duration.ofSeconds(10),
    Duration.ofSeconds(30)
  };

  /** A buffer hides 20 ms, not 100. */
  private static final Duration[] JITTERS = {
    Duration.ofMillis(5),
    Duration.ofMillis(10),
    Duration.ofMillis(20),
    Duration.ofMillis(30),
    Duration.ofMillis(50),
    Duration.ofMillis(100)
  };

  /** People talk into each other's words from about 300 ms on (ITU-T G.114). */
  private static final Duration[] ROUND_TRIPS = {
    Duration.ofMillis(20),
    Duration.ofMillis(50),
    Duration.ofMillis(100),
    Duration.ofMillis(200),
    Duration.ofMillis(300),
    Duration.ofMillis(500),
    Duration.ofSeconds(1)
  };

  private static final double[] LOSSES = {0.1, 1, 2, 5, 10, 20};

  /** Classes of ITU-T G.107 Annex B, rounded. */
  private static final double[] SCORES = {2.0, 2.6, 3.1, 3.6, 4.0, 4.3};

  private final Map<SetUpStage, Timer> setUp = new EnumMap<>(SetUpStage.class);
  private final DistributionSummary lossUp;
  private final DistributionSummary lossDown;
  private final Timer jitterUp;
  private final Timer jitterDown;
  private final Timer roundTrip;
  private final DistributionSummary mosUp;
  private final DistributionSummary mosDown;

  LegMetrics(MeterRegistry registry) {
    for (SetUpStage until : SetUpStage.values()) {
      setUp.put(
          until,
          Timer.builder(PREFIX + "setup")
              .description("From the offer to this stage of a leg's set-up")
              .tag("until", until.label())
              .serviceLevelObjectives(SET_UP_TIMES)
              .register(registry));
    }
    lossUp = summary(registry, "loss", "up", "Percent of packets lost", LOSSES);
    lossDown = summary(registry, "loss", "down", "Percent of packets lost", LOSSES);
    jitterUp = jitter(registry, "up");
    jitterDown = jitter(registry, "down");
    roundTrip =
        Timer.builder(PREFIX + "round.trip")
            .description("Between relay and client, by RTCP")
            .serviceLevelObjectives(ROUND_TRIPS)
            .register(registry);
    mosUp = summary(registry, "mos", "up", "Estimated mean opinion score", SCORES);
    mosDown = summary(registry, "mos", "down", "Estimated mean opinion score", SCORES);
  }

  private static DistributionSummary summary(
      MeterRegistry registry, String name, String direction, String what, double[] limits) {
    return DistributionSummary.builder(PREFIX + name)
        .description(what)
        .tag("direction", direction)
        .serviceLevelObjectives(limits)
        .register(registry);
  }

  private static Timer jitter(MeterRegistry registry, String direction) {
    return Timer.builder(PREFIX + "jitter")
        .description("Interarrival jitter of RTP")
        .tag("direction", direction)
        .serviceLevelObjectives(JITTERS)
        .register(registry);
  }

  /** A leg has come so far. */
  public void setUp(SetUpStage until, long sinceOfferNs) {
    Timer timer = setUp.get(until);
    if (timer != null) {
      timer.record(sinceOfferNs, TimeUnit.NANOSECONDS);
    }
  }

  /**
   * How others hear a participant; about every ten seconds of audio that comes.
   *
   * @param mos negative: not known
   */
  public void up(double lossPercent, double jitterMs, double mos) {
    lossUp.record(Math.max(0, lossPercent));
    jitterUp.record((long) (jitterMs * 1e6), TimeUnit.NANOSECONDS);
    if (mos >= 0) {
      mosUp.record(mos);
    }
  }

  /**
   * How a participant hears others; about every ten seconds, by his reports.
   *
   * @param roundTripMs negative: not known, as {@code mos}
   */
  public void down(double lossPercent, double jitterMs, double roundTripMs, double mos) {
    lossDown.record(Math.max(0, lossPercent));
    jitterDown.record((long) (jitterMs * 1e6), TimeUnit.NANOSECONDS);
    if (roundTripMs >= 0) {
      roundTrip.record((long) (roundTripMs * 1e6), TimeUnit.NANOSECONDS);
    }
    if (mos >= 0) {
      mosDown.record(mos);
    }
  }
}
