package parley.load.chaos;

import java.util.List;

/**
 * What came of one fault.
 *
 * @param name of the fault, or of two at once
 * @param silentMs how long each client whom it concerned heard nobody, in all
 * @param healedMs from its beginning until all was well on every node
 * @param lost offers on living sockets that nobody answered, and restarts nobody was told of
 * @param ghosts who is in a call afterwards, and is not
 * @param doubleOwners calls that have two owners afterwards
 * @param faults what was still wrong when the time was up; empty: it healed
 */
record Incident(
    String name,
    List<Double> silentMs,
    double healedMs,
    int lost,
    int ghosts,
    int doubleOwners,
    List<String> faults) {

  boolean isHealed() {
    return faults.isEmpty();
  }
}
