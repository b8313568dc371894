package parley.load.bench.turn;

import java.util.List;
import java.util.Map;

/**
 * What one server does besides relaying at a given rate.
 *
 * @param allocationsPerSecond by how many requests were on their way at the same time; each of
 *     several turns
 * @param idleBytes resident before the first allocation
 * @param bytesPerAllocation resident, with a permission and a channel each
 * @param most packets a second that were relayed without loss
 * @param generatorWasTheLimit of these
 */
public record Standing(
    String server,
    String version,
    Map<Integer, List<Double>> allocationsPerSecond,
    long idleBytes,
    double bytesPerAllocation,
    Map<Way, Double> most,
    List<Way> generatorWasTheLimit) {}
