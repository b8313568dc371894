package parley.load.bench.media;

/**
 * What came of a playback.
 *
 * @param startNs when the first sample of each part was spoken, as {@link System#nanoTime}; its
 *     packet leaves 20 ms later, as that of a real microphone does
 * @param sent packets of all parts
 * @param heard packets that arrived and were authentic, at all legs
 * @param refused packets that were not authentic
 * @param latestNs by how much the bench was late with a packet at worst
 * @param busyNs how long the bench's thread worked
 * @param durationNs from first to last
 */
public record Played(
    long[] startNs,
    long sent,
    long heard,
    long refused,
    long latestNs,
    long busyNs,
    long durationNs) {}
