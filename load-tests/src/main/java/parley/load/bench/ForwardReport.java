package parley.load.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
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
    StringBuilder text = new StringBuilder();
    line(text, "");
    line(
        text,
        "%s: %d participants, %d packets/s out",
        shape,
        shape.participants(),
        50L * shape.copies());
    line(
        text,
        "%-8s %26s %7s %7s %8s %27s %9s %12s %8s %8s",
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
      row(text, measured);
    }
    ratios(text);
    notes(text);
    return text.toString();
  }

  private static void row(StringBuilder text, Measured measured) {
    boolean floor = measured.server().equals("floor");
    line(
        text,
        "%-8s %26s %7.2f %7.2f %7.2f%% %27s %9s %12s %8s %8s",
        measured.server(),
        measured.spread(Turn::cpuUs).text("%.2f"),
        measured.spread(Turn::userUs).median(),
        measured.spread(Turn::systemUs).median(),
        100 * measured.spread(Turn::lost).highest(),
        "%.2f / %.2f / %.2f"
            .formatted(
                measured.spread(turn -> turn.p50Ns() / 1e6).median(),
                measured.spread(turn -> turn.p99Ns() / 1e6).median(),
                measured.spread(turn -> turn.p999Ns() / 1e6).median()),
        floor ? "-" : "%.0f".formatted(measured.bytesPerParticipant() / 1024),
        floor ? "-" : "%.0f / %.0f".formatted(measured.setupP50Ms(), measured.setupP95Ms()),
        floor ? "-" : "%.0f".formatted(measured.idleBytes() / 1048576.0),
        most(measured));
  }

  private static String most(Measured measured) {
    if (measured.mostPacketsPerSecond() == 0) {
      return "-";
    }
    String limit = measured.generatorWasTheLimit() ? ">" : "";
    return limit + "%.0fk".formatted(measured.mostPacketsPerSecond() / 1000);
  }

  private void ratios(StringBuilder text) {
    Measured parley = find("parley");
    for (Measured other : all) {
      if (parley != null && other != parley) {
        line(
            text,
            "parley / %s: CPU %s, p99 %s",
            other.server(),
            ratio(parley, other, Turn::cpuUs).text("%.2f"),
            ratio(parley, other, turn -> turn.p99Ns()).text("%.2f"));
      }
    }
  }

  private void notes(StringBuilder text) {
    for (Measured measured : all) {
      line(text, "%s: %s", measured.server(), measured.version());
      Turn worst = worst(measured);
      if (worst != null) {
        line(
            text,
            "%s: %d of %d packets arrived, %d wrong ones, %d listeners did not hear exactly what"
                + " was said",
            measured.server(),
            worst.heard(),
            worst.expected(),
            worst.wrong(),
            worst.listenersShort());
      }
      if (measured.thrownOut() > 0) {
        line(text, "%s: %d noisy turns thrown out", measured.server(), measured.thrownOut());
      }
      if (measured.pauses() != null) {
        line(
            text,
            "%s: %d pauses of the JVM since its start, the longest %.2f ms, %.1f ms in all",
            measured.server(),
            measured.pauses().count(),
            measured.pauses().longestNs() / 1e6,
            measured.pauses().totalNs() / 1e6);
      }
    }
    line(
        text,
        "generator: busy %.0f %% of its processor at most, late by %.1f ms at worst",
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

  private static Spread ratio(
      Measured parley, Measured other, java.util.function.ToDoubleFunction<Turn> of) {
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

  private static void line(StringBuilder text, String format, Object... arguments) {
    text.append(String.format(Locale.ROOT, format, arguments).stripTrailing()).append('\n');
  }
}
