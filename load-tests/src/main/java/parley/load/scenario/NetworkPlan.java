package parley.load.scenario;

import java.time.Duration;
import parley.load.impair.Impairment;
import parley.signalling.settings.Setting;

/** A network that some people have: what it does to packets, each way. */
public record NetworkPlan(
    @Setting(value = "How many people have it", max = 100) double sharePercent,
    @Setting(value = "Packets that never arrive", max = 100, optional = true) double lossPercent,
    @Setting(
            value = "How many are lost in a row on average; 1 when left out: each by itself",
            min = 1,
            max = 1_000,
            optional = true)
        double burst,
    @Setting(value = "Added to every packet's way", max = 60_000, optional = true) int delayMs,
    @Setting(
            value = "Added on top, evenly spread between 0 and this; the order stays",
            max = 60_000,
            optional = true)
        int jitterMs,
    @Setting(value = "Packets that arrive twice", max = 100, optional = true)
        double duplicatePercent,
    @Setting(
            value = "Packets that are held back for 50 ms, so that others overtake them",
            max = 100,
            optional = true)
        double reorderPercent) {

  private static final Duration HELD_BACK = Duration.ofMillis(50);

  public NetworkPlan {
    lossPercent = orElse(lossPercent, 0);
    burst = orElse(burst, 1);
    duplicatePercent = orElse(duplicatePercent, 0);
    reorderPercent = orElse(reorderPercent, 0);
  }

  private static double orElse(double value, double usual) {
    return Double.isNaN(value) ? usual : value;
  }

  /** For the proxy that stands between. */
  public Impairment impairment() {
    return Impairment.NONE
        .withBurstyLoss(lossPercent / 100, burst)
        .withDelay(Duration.ofMillis(delayMs), Duration.ofMillis(jitterMs))
        .withDuplicate(duplicatePercent / 100)
        .withReorder(reorderPercent / 100, HELD_BACK);
  }
}
