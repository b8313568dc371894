package parley.load.run;

import java.util.List;
import parley.load.bench.measure.LatencyHistogram;

/**
 * What came of the talk in an interval.
 *
 * @param sent packets of all
 * @param expected packets at all listeners, by the numbers of those that came
 * @param lost of these
 * @param latency from one's stamp to the other's ear
 * @param mos of each stream
 * @param changed packets that were something else than anybody sent
 * @param misplaced packets of oneself or of another call
 * @param refused packets that were not authentic
 * @param unheard how often somebody heard nothing of what another said
 * @param lateNs by how much a packet was sent too late at worst: the generator's own fault
 */
record Heard(
    long sent,
    long expected,
    long lost,
    LatencyHistogram latency,
    List<Double> mos,
    long changed,
    long misplaced,
    long refused,
    long unheard,
    long lateNs) {}
