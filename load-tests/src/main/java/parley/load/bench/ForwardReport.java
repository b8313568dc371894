package parley.load.bench;

import java.util.ArrayList;
import java.util.Formatter;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;
import parley.load.bench.measure.Measured;
import parley.load.bench.measure.Spread;
import parley.load.bench.measure.Turn;
import parley.load.bench.server.Shape;

/** What came out in one shape, for people. */
final class ForwardReport {

  /** Packets a second from which the bar on latency counts. */
  private static final double LATENCY_RATE = 20_000;

  private final Shape shape;
  private final List<Measured> all;

  ForwardReport(Shape shape, List<Measured> all) {
    this.shape = shape;
    this.all = all;
  }

  /** Parley heard everything and nothing else; what others lose is their affair, and shown. */
  boolean isExact() {
    Measured parley = find("parley");
    return parley != null && parley.isExact();
  }

  String table() {
    Formatter out = new Formatter(Locale.ROOT);
    out.format("%n");
    out.format(
        "%s: %d participants, %d packets/s out%n",
        shape, shape.participants(), 50L * shape.copies());
    out.format(
        "%-8s %26s %7s %7s %8s %27s %9s %12s %8s %8s%n",
        "server",
        "CPU us a packet",
        "user",
        "system",
        "lost",
        "latency ms p50/p99/p99.9",
        "KB each",
        "set-up ms",
        "idle MB",
        "most/s");
    for (Measured measured : all) {
      row(out, measured);
    }
    ratios(out);
    notes(out);
    return out.toString();
  }

  private static void row(Formatter out, Measured measured) {
    boolean floor = measured.server().equals("floor");
    out.format(
        "%-8s %26s %7.2f %7.2f %7.2f%% %27s %9s %12s %8s %8s%n",
        measured.server(),
        measured.spread(Turn::cpuUs).text("%.2f"),
        measured.spread(Turn::userUs).median(),
        measured.spread(Turn::systemUs).median(),
        100 * measured.spread(Turn::lost).highest(),
        String.format(
            Locale.ROOT,
            "%.2f / %.2f / %.2f",
            measured.spread(turn -> turn.p50Ns() / 1e6).median(),
            measured.spread(turn -> turn.p99Ns() / 1e6).median(),
            measured.spread(turn -> turn.p999Ns() / 1e6).median()),
        floor ? "-" : String.format(Locale.ROOT, "%.0f", measured.bytesPerParticipant() / 1024),
        floor
            ? "-"
            : String.format(
                Locale.ROOT, "%.0f / %.0f", measured.setupP50Ms(), measured.setupP95Ms()),
        floor ? "-" : String.format(Locale.ROOT, "%.0f", measured.idleBytes() / 1048576.0),
        most(measured));
  }

  private static String most(Measured measured) {
    if (measured.mostPacketsPerSecond() == 0) {
      return "-";
    }
    String limit = measured.generatorWasTheLimit() ? ">" : "";
    return limit + String.format(Locale.ROOT, "%.0fk", measured.mostPacketsPerSecond() / 1000);
  }

  private void ratios(Formatter out) {
    Measured parley = find("parley");
    for (Measured other : all) {
      if (parley != null && !other.server().equals("parley")) {
        out.format(
            "parley / %s: CPU %s, p99 %s%n",
            other.server(),
            ratio(parley, other, Turn::cpuUs).text("%.2f"),
            ratio(parley, other, turn -> turn.p99Ns()).text("%.2f"));
      }
    }
  }

  private void notes(Formatter out) {
    for (Measured measured : all) {
      out.format("%s: %s; SRTP %s%n", measured.server(), measured.version(), measured.srtp());
      Turn worst = worst(measured);
      if (worst != null) {
        out.format(
            "%s: %d of %d packets arrived, %d wrong ones, %d listeners did not hear exactly what"
                + " was said%n",
            measured.server(),
            worst.heard(),
            worst.expected(),
            worst.wrong(),
            worst.listenersShort());
      }
      if (measured.thrownOut() > 0) {
        out.format("%s: %d noisy turns thrown out%n", measured.server(), measured.thrownOut());
      }
      if (measured.pauses() != null) {
        out.format(
            "%s: %d pauses of the JVM since its start, the longest %.2f ms, %.1f ms in all%n",
            measured.server(),
            measured.pauses().count(),
            measured.pauses().longestNs() / 1e6,
            measured.pauses().totalNs() / 1e6);
      }
    }
    out.format(
        "generator: busy %.0f %% of its processor at most, late by %.1f ms at worst%n",
        100
            * all.stream()
                .flatMap(measured -> measured.turns().stream())
                .mapToDouble(turn -> (double) turn.generatorBusyNs() / turn.windowNs())
                .max()
                .orElse(0),
        all.stream()
            .flatMap(measured -> measured.turns().stream())
            .mapToDouble(turn -> turn.generatorLateNs() / 1e6)
            .max()
            .orElse(0));
  }

  private static @Nullable Turn worst(Measured measured) {
    Turn worst = null;
    for (Turn turn : measured.turns()) {
      if (!turn.isExact() && (worst == null || turn.heard() < worst.heard())) {
        worst = turn;
      }
    }
    return worst;
  }

  /** Of what this shape can show. */
  List<Bar> bars() {
    List<Bar> bars = new ArrayList<>();
    Measured parley = find("parley");
    if (parley == null) {
      return bars;
    }
    Measured floor = find("floor");
    Measured janus = find("janus");
    bars.add(bar("packets lost, %", 100 * parley.spread(Turn::lost).highest(), 0));
    bars.add(bar("KB for each participant", parley.bytesPerParticipant() / 1024, 100));
    bars.add(bar("MB of the idle process", parley.idleBytes() / 1048576.0, 150));
    if (floor != null) {
      bars.add(bar("CPU / floor", ratio(parley, floor, Turn::cpuUs).median(), 1.5));
    }
    if (janus != null) {
      bars.add(bar("CPU / janus", ratio(parley, janus, Turn::cpuUs).median(), 0.25));
    }
    if (50L * shape.copies() >= LATENCY_RATE) {
      bars.add(bar("latency p99, ms", parley.spread(turn -> turn.p99Ns() / 1e6).median(), 2));
      if (janus != null) {
        bars.add(
            bar("latency p99 / janus", ratio(parley, janus, turn -> turn.p99Ns()).median(), 0.5));
      }
    }
    return bars;
  }

  private Bar bar(String what, double value, double limit) {
    return new Bar(shape + ": " + what, value, limit);
  }

  private static Spread ratio(Measured parley, Measured other, ToDoubleFunction<Turn> of) {
    return Spread.ofRatios(parley.values(of), other.values(of));
  }

  private @Nullable Measured find(String server) {
    for (Measured measured : all) {
      if (measured.server().equals(server)) {
        return measured;
      }
    }
    return null;
  }
}
