package parley.load.bench.turn;

import java.util.ArrayList;
import java.util.Formatter;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import parley.load.bench.Bar;
import parley.load.bench.measure.Spread;
import parley.load.bench.measure.Turn;

/** What came out, for people. */
final class TurnReport {

  private static final String PARLEY = "parley";
  private static final String COTURN = "coturn";

  /** From this rate on the bars on CPU and latency count. */
  private static final int BAR_RATE = 50_000;

  private final List<Standing> standings;
  private final List<Relayed> relayed;

  TurnReport(List<Standing> standings, List<Relayed> relayed) {
    this.standings = standings;
    this.relayed = relayed;
  }

  /** Parley relayed everything and nothing else; what others lose is their affair, and shown. */
  boolean isExact() {
    return relayed.stream()
        .filter(each -> !each.server().equals(COTURN) && !each.server().equals("floor"))
        .allMatch(Relayed::isExact);
  }

  String table() {
    Formatter out = new Formatter(Locale.ROOT);
    out.format("%n%-30s %8s %-10s", "", "packets", "server");
    out.format(
        "%22s %6s %7s %8s %19s %15s%n",
        "CPU us a packet", "user", "system", "lost", "latency us p50/p99", "CPU / coturn");
    for (Relayed each : relayed) {
      row(out, each);
    }
    out.format(
        "%n%-10s %30s %9s %9s  %s%n",
        "server", "allocations/s, 1 / 8 / 64", "KB each", "idle MB", "most packets/s without loss");
    for (Standing each : standings) {
      if (!each.allocationsPerSecond().isEmpty()) {
        row(out, each);
      }
    }
    out.format("%n");
    standings.forEach(each -> out.format("%s: %s%n", each.server(), each.version()));
    out.format(
        "generator: busy %.0f %% of its processor at most, late by %.1f ms at worst; %d noisy turns"
            + " thrown out%n",
        100 * most(turn -> (double) turn.generatorBusyNs() / turn.windowNs()),
        most(turn -> turn.generatorLateNs() / 1e6),
        relayed.stream().mapToInt(Relayed::thrownOut).sum());
    return out.toString();
  }

  private double most(java.util.function.ToDoubleFunction<Turn> of) {
    return relayed.stream().flatMap(each -> each.turns().stream()).mapToDouble(of).max().orElse(0);
  }

  private void row(Formatter out, Relayed each) {
    boolean hasLatency = each.way() != Way.TO_OWN_MEDIA;
    out.format(
        "%-30s %7dk %-10s%22s %6.2f %7.2f %7.3f%% %19s %15s%n",
        each.way().text(),
        each.perSecond() / 1000,
        each.server(),
        each.spread(Turn::cpuUs).text("%.2f"),
        each.spread(Turn::userUs).median(),
        each.spread(Turn::systemUs).median(),
        100 * each.spread(Turn::lost).highest(),
        hasLatency
            ? String.format(
                Locale.ROOT,
                "%.0f / %.0f",
                each.spread(turn -> turn.p50Ns() / 1e3).median(),
                each.spread(turn -> turn.p99Ns() / 1e3).median())
            : "-",
        ratio(each));
  }

  private String ratio(Relayed each) {
    Relayed coturn = beside(each);
    return coturn == null || each.server().equals(COTURN)
        ? ""
        : cpuRatio(each, coturn).text("%.2f");
  }

  /** coturn has no media of its own: it relays there as to any other peer. */
  private @Nullable Relayed beside(Relayed each) {
    Way way = each.way() == Way.TO_OWN_MEDIA ? Way.CHANNEL_TO_PEER : each.way();
    for (Relayed other : relayed) {
      if (other.server().equals(COTURN)
          && other.way() == way
          && other.perSecond() == each.perSecond()) {
        return other;
      }
    }
    return null;
  }

  private static Spread cpuRatio(Relayed each, Relayed other) {
    return Spread.ofRatios(each.values(Turn::cpuUs), other.values(Turn::cpuUs));
  }

  private static void row(Formatter out, Standing each) {
    StringBuilder rates = new StringBuilder();
    each.allocationsPerSecond()
        .values()
        .forEach(
            values ->
                rates
                    .append(rates.isEmpty() ? "" : " / ")
                    .append(Math.round(Spread.of(values).median())));
    StringBuilder most = new StringBuilder();
    each.most()
        .forEach(
            (way, packets) ->
                most.append(most.isEmpty() ? "" : ", ")
                    .append(way.text())
                    .append(each.generatorWasTheLimit().contains(way) ? " >" : " ")
                    .append(Math.round(packets / 1000))
                    .append('k'));
    out.format(
        "%-10s %30s %9.1f %9.0f  %s%n",
        each.server(), rates, each.bytesPerAllocation() / 1024, each.idleBytes() / 1048576.0, most);
  }

  List<Bar> bars() {
    List<Bar> bars = new ArrayList<>();
    for (Relayed each : relayed) {
      Relayed coturn = beside(each);
      if (coturn == null || each.server().equals(COTURN) || each.server().equals("floor")) {
        continue;
      }
      String what = each.way().text() + " at " + each.perSecond() / 1000 + "k/s: ";
      bars.add(new Bar(what + "packets lost, %", 100 * each.spread(Turn::lost).highest(), 0));
      if (each.perSecond() >= BAR_RATE) {
        double most = each.way() == Way.TO_OWN_MEDIA ? 0.5 : 1.0;
        bars.add(new Bar(what + "CPU / coturn", cpuRatio(each, coturn).median(), most));
        if (each.way() != Way.TO_OWN_MEDIA) {
          Spread ratio = Spread.ofRatios(each.values(Turn::p99Ns), coturn.values(Turn::p99Ns));
          bars.add(new Bar(what + "latency p99 / coturn", ratio.median(), 1));
        }
      }
    }
    Standing parley = standing(PARLEY);
    Standing coturn = standing(COTURN);
    if (parley != null) {
      bars.add(new Bar("KB an allocation", parley.bytesPerAllocation() / 1024, 15));
    }
    if (parley != null && coturn != null) {
      for (Map.Entry<Integer, List<Double>> each : parley.allocationsPerSecond().entrySet()) {
        List<Double> coturns = coturn.allocationsPerSecond().get(each.getKey());
        if (coturns != null) {
          bars.add(
              new Bar(
                  "time of an allocation / coturn, " + each.getKey() + " in flight",
                  // A time is one over a rate.
                  Spread.ofRatios(/* values= */ coturns, /* others= */ each.getValue()).median(),
                  1));
        }
      }
    }
    return bars;
  }

  private @Nullable Standing standing(String server) {
    for (Standing each : standings) {
      if (each.server().equals(server)) {
        return each;
      }
    }
    return null;
  }
}
