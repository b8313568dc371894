package parley.load.bench.media;

import parley.load.bench.measure.LatencyHistogram;

/**
 * What came of a turn.
 *
 * @param sent by all talkers
 * @param heard packets that arrived, decrypted and unchanged, at all listeners together
 * @param changed packets that decrypted but held something else than was sent
 * @param misplaced packets at somebody who should not have heard them
 * @param refused packets that were not authentic
 * @param latency from the stamp in the payload to the listener's thread
 * @param latestNs by how much the bench was late with a packet at worst
 * @param busyNs how long the bench's thread worked
 * @param durationNs from first to last
 * @param unsent packets that the kernel did not take from the bench
 */
public record Talked(
    long sent,
    long heard,
    long changed,
    long misplaced,
    long refused,
    LatencyHistogram latency,
    long latestNs,
    long busyNs,
    long durationNs,
    long unsent) {}
