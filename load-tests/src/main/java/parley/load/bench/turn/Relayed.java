package parley.load.bench.turn;

import java.util.List;
import java.util.function.ToDoubleFunction;
import parley.load.bench.measure.Spread;
import parley.load.bench.measure.Turn;

/**
 * One server, one way, one rate.
 *
 * @param perSecond packets that were sent
 * @param turns without those that were thrown out
 * @param thrownOut how many
 */
public record Relayed(String server, Way way, int perSecond, List<Turn> turns, int thrownOut) {

  public Relayed {
    turns = List.copyOf(turns);
  }

  List<Double> values(ToDoubleFunction<Turn> of) {
    return turns.stream().mapToDouble(of).boxed().toList();
  }

  Spread spread(ToDoubleFunction<Turn> of) {
    return Spread.of(values(of));
  }

  /** Every packet of every turn arrived, and nothing else did. */
  boolean isExact() {
    return turns.stream().allMatch(Turn::isExact);
  }
}
