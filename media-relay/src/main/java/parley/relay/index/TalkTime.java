package parley.relay.index;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Adds up who talked for how long. Two devices of one contact that talk at once are one who talks.
 */
final class TalkTime {

  private record Span(long from, long to) {}

  private record Edge(long at, int by) {}

  private final Map<String, List<Span>> byContact = new HashMap<>();

  /** Somebody talked; ends before it begins: he did not. */
  void add(String contact, long fromMs, long toMs) {
    if (toMs > fromMs) {
      byContact.computeIfAbsent(contact, c -> new ArrayList<>()).add(new Span(fromMs, toMs));
    }
  }

  long totalMs() {
    return byContact.values().stream()
        .flatMap(spans -> united(spans).stream())
        .mapToLong(span -> span.to - span.from)
        .sum();
  }

  /** How long two contacts and more talked at once. */
  long overlapMs() {
    List<Edge> edges = new ArrayList<>();
    for (List<Span> spans : byContact.values()) {
      for (Span span : united(spans)) {
        edges.add(new Edge(span.from, 1));
        edges.add(new Edge(span.to, -1));
      }
    }
    edges.sort(Comparator.comparingLong(Edge::at).thenComparingInt(Edge::by));
    long total = 0;
    long since = 0;
    int talking = 0;
    for (Edge edge : edges) {
      if (talking >= 2) {
        total += edge.at - since;
      }
      talking += edge.by;
      since = edge.at;
    }
    return total;
  }

  private static List<Span> united(List<Span> spans) {
    List<Span> sorted = new ArrayList<>(spans);
    sorted.sort(Comparator.comparingLong(Span::from));
    List<Span> united = new ArrayList<>();
    for (Span span : sorted) {
      Span last = united.isEmpty() ? null : united.getLast();
      if (last != null && span.from <= last.to) {
        united.set(united.size() - 1, new Span(last.from, Math.max(last.to, span.to)));
      } else {
        united.add(span);
      }
    }
    return united;
  }
}
