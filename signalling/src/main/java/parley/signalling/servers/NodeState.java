package parley.signalling.servers;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonInclude.Include;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a node is busy with, for the operator's page; the keys are the names in snake_case.
 *
 * @param cpu share of all processors that the process takes, 0 to 1; negative: not known
 * @param lagMs how late the media loops were at worst of late
 * @param paths connections by the kind of the client's address, since the start
 * @param legs connections that ended, by how, since the start
 * @param turn null: there is no TURN server here
 * @param history the last hour, oldest first
 */
@JsonInclude(Include.NON_NULL)
public record NodeState(
    String version,
    long uptimeS,
    int processors,
    double cpu,
    double machineCpu,
    long heapBytes,
    long heapMaxBytes,
    long directBytes,
    long sessions,
    long peers,
    double lagMs,
    long inputsWaiting,
    Map<String, Long> paths,
    Map<String, Long> legs,
    Recording recording,
    @Nullable Turn turn,
    List<Sample> history) {

  /** Of a node that nobody watches. */
  static NodeState nothing() {
    return new NodeState(
        "",
        0,
        1,
        0,
        0,
        0,
        0,
        0,
        0,
        0,
        0,
        0,
        Map.of(),
        Map.of(),
        new Recording(true, "", 0, 0, 0, 0, 0, 0, -1),
        null,
        List.of());
  }

  /**
   * The recorder.
   *
   * @param reason why calls cannot be recorded; empty: they can
   * @param missingS seconds that should be in closed recordings
   * @param waiting recordings that are not in the bucket yet; negative: there is no bucket
   */
  public record Recording(
      boolean possible,
      String reason,
      long running,
      double lagMs,
      long complete,
      long stopped,
      double missingS,
      long dropped,
      long waiting) {}

  /** The TURN server. */
  public record Turn(long allocations, long bytes) {}

  /**
   * One instant of the last hour.
   *
   * @param at Unix milliseconds
   */
  public record Sample(
      long at, double cpu, long calls, long peers, long packetsPerS, double lagMs) {}
}
