package parley.load.report;

import java.util.Map;

/**
 * What was measured in one interval; NaN where there is nothing to say.
 *
 * @param atS its end, in seconds from the run's beginning
 * @param counts whether its phase does
 * @param calls that were up at its end
 * @param people in them with media
 * @param joins that succeeded in it
 * @param setUpP50Ms of these, from the offer until there are keys
 * @param ringP95Ms from the caller's offer until the other was rung
 * @param lossPercent of the packets at all listeners, after decryption
 * @param latencyP50Ms from a packet's stamp to the other's ear
 * @param mosMean of all streams, each by itself
 * @param mosP5 95 of 100 streams are as good
 * @param errors by cause
 * @param serverCores processors that the server kept busy
 * @param serverMb resident memory
 * @param heapMb of the server's JVM in use
 * @param generatorCores processors that this program kept busy
 * @param generatorLateMs by how much it sent a packet too late at worst
 */
public record Sample(
    double atS,
    String phase,
    boolean counts,
    int calls,
    int people,
    long joins,
    double setUpP50Ms,
    double setUpP95Ms,
    double setUpP99Ms,
    double ringP95Ms,
    double lossPercent,
    double latencyP50Ms,
    double latencyP95Ms,
    double latencyP99Ms,
    double mosMean,
    double mosP5,
    Map<String, Long> errors,
    double serverCores,
    double serverMb,
    double heapMb,
    double generatorCores,
    double generatorLateMs) {

  public long errorCount() {
    return errors.values().stream().mapToLong(Long::longValue).sum();
  }
}
