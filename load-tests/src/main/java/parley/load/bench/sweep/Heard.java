package parley.load.bench.sweep;

/**
 * What two people heard of each other.
 *
 * @param heard share of frames that were played as they were said, by whatever means they came
 * @param concealed share of what was played that was made up
 * @param delayMs of the jitter buffer, on average
 * @param longestGapMs in which nothing was heard
 * @param mos by the E-model
 */
record Heard(double heard, double concealed, double delayMs, double longestGapMs, double mos) {}
