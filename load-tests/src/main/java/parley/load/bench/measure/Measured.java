package parley.load.bench.measure;

import java.util.List;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/**
 * One server in one shape.
 *
 * @param srtp the profile that DTLS agreed on
 * @param turns without those that were thrown out
 * @param thrownOut how many
 * @param idleBytes resident before anybody came
 * @param fullBytes resident after the last turn
 * @param mostPacketsPerSecond without loss; 0: not tried
 * @param generatorWasTheLimit of that
 */
public record Measured(
    String server,
    String version,
    String srtp,
    int participants,
    List<Turn> turns,
    int thrownOut,
    long idleBytes,
    long fullBytes,
    double setupP50Ms,
    double setupP95Ms,
    double joinsPerSecond,
    double mostPacketsPerSecond,
    boolean generatorWasTheLimit,
    @Nullable Pauses pauses) {

  public Measured {
    turns = List.copyOf(turns);
  }

  public List<Double> values(ToDoubleFunction<Turn> of) {
    return turns.stream().mapToDouble(of).boxed().toList();
  }

  public Spread spread(ToDoubleFunction<Turn> of) {
    return Spread.of(values(of));
  }

  public double bytesPerParticipant() {
    return (double) (fullBytes - idleBytes) / participants;
  }

  /** Every packet of every turn arrived, and nothing else did. */
  public boolean isExact() {
    return turns.stream().allMatch(Turn::isExact);
  }
}
