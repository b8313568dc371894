package parley.load.report;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;

/** The outcome of a run as one page that needs nothing from anywhere, light and dark. */
public final class Report {

  /** More lines of causes than this in one picture cannot be told apart. */
  private static final int CAUSES_DRAWN = 4;

  private static final String STYLE =
      """
      :root { color-scheme: light dark; --text: #1c1f24; --soft: #5b6470; --back: #ffffff; --card: #f5f6f8; --rule: #d5d9e0;
        --c1: #2457c5; --c2: #b4560a; --c3: #12805c; --c4: #8a3ab9; --good: #12703f; --bad: #b3261e; }
      @media (prefers-color-scheme: dark) { :root { --text: #e6e8ec; --soft: #a2abb8; --back: #14161a; --card: #1d2026; --rule: #3a404a;
        --c1: #7aa5ff; --c2: #f0a35e; --c3: #5fd0a4; --c4: #cf9bf2; --good: #6fd69a; --bad: #ff8a80; } }
      * { box-sizing: border-box; }
      body { margin: 0 auto; padding: 1rem; max-width: 75rem; background: var(--back); color: var(--text);
        font: 1rem/1.45 system-ui, sans-serif; }
      h1 { font-size: 1.5rem; margin: 0 0 .25rem; } h2 { font-size: 1.15rem; margin: 1.75rem 0 .5rem; }
      h3 { font-size: 1rem; margin: 0 0 .25rem; }
      p { margin: .25rem 0; } .soft { color: var(--soft); }
      .verdict { font-weight: 600; } .good { color: var(--good); } .bad { color: var(--bad); }
      .plots { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(20rem, 100%), 1fr)); gap: .75rem; }
      figure { margin: 0; padding: .75rem; background: var(--card); border-radius: .5rem; min-width: 0; }
      svg { display: block; width: 100%; height: auto; }
      table { border-collapse: collapse; width: 100%; } .wide { overflow-x: auto; }
      th, td { text-align: left; padding: .3rem .6rem .3rem 0; border-bottom: 1px solid var(--rule); vertical-align: top; }
      td { overflow-wrap: anywhere; } th { font-weight: 600; } .number { text-align: right; white-space: nowrap; }
      .axis { stroke: var(--soft); } .grid { stroke: var(--rule); } .label { fill: var(--soft); font: 11px system-ui, sans-serif; }
      .s1, .s2, .s3, .s4 { fill: none; stroke-width: 1.6; stroke-linejoin: round; }
      .s1 { stroke: var(--c1); } .s2 { stroke: var(--c2); stroke-dasharray: 5 2; } .s3 { stroke: var(--c3); stroke-dasharray: 2 2; }
      .s4 { stroke: var(--c4); stroke-dasharray: 7 2 2 2; } .b1 { fill: var(--c1); }
      .key { display: inline-block; margin-right: .9rem; font-size: .85rem; color: var(--soft); }
      .key svg { display: inline-block; width: 1.6rem; height: .5rem; margin-right: .3rem; }
      """;

  private final Outcome outcome;
  private final StringBuilder html = new StringBuilder();

  private Report(Outcome outcome) {
    this.outcome = outcome;
  }

  /** The page. */
  public static String html(Outcome outcome) {
    return new Report(outcome).render();
  }

  private String render() {
    String title = HtmlText.escape(outcome.title());
    html.append("<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n");
    html.append("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n");
    html.append("<title>").append(title).append(" – Parley under load</title>\n<style>\n");
    html.append(STYLE).append("</style>\n</head>\n<body>\n<h1>").append(title).append("</h1>\n");
    paragraph("soft", outcome.about());
    paragraph("soft", outcome.startedAt() + " · " + outcome.server());
    verdict();
    figures();
    plots();
    errors();
    facts();
    return html.append("</body>\n</html>\n").toString();
  }

  private void paragraph(String style, String text) {
    if (!text.isEmpty()) {
      html.append("<p class=\"").append(style).append("\">");
      html.append(HtmlText.escape(text)).append("</p>\n");
    }
  }

  private void verdict() {
    List<Judged> judged = outcome.figures().stream().filter(Judged::judged).toList();
    long missed = judged.stream().filter(figure -> !figure.met()).count();
    if (judged.isEmpty()) {
      paragraph("verdict", "Nothing was expected, so nothing is judged.");
    } else if (missed == 0) {
      paragraph("verdict good", "✓ All " + judged.size() + " expectations are met.");
    } else {
      paragraph(
          "verdict bad", "✗ " + missed + " of " + judged.size() + " expectations are missed.");
    }
  }

  private void figures() {
    html.append("<h2>Figures</h2>\n<div class=\"wide\"><table>\n");
    html.append("<tr><th>figure</th><th class=\"number\">measured</th><th>expected</th></tr>\n");
    for (Judged figure : outcome.figures()) {
      String style = figure.judged() ? figure.met() ? " good" : " bad" : "";
      String mark = figure.judged() ? figure.met() ? "✓ " : "✗ " : "";
      html.append("<tr><td>").append(HtmlText.escape(figure.what()));
      html.append("</td><td class=\"number").append(style).append("\">").append(mark);
      html.append(HtmlText.escape(figure.valueText())).append("</td><td>");
      html.append(HtmlText.escape(figure.limitText())).append("</td></tr>\n");
    }
    html.append("</table></div>\n");
  }

  private void plots() {
    html.append("<h2>Over time</h2>\n<div class=\"plots\">\n");
    for (Chart chart : outcome.charts()) {
      figure(
          chart.title(),
          Plot.lines(chart.title(), chart.atS(), chart.lines(), 1),
          keys(chart.lines()));
    }
    plot("Calls and people", 4, line("calls", Sample::calls, 1), line("people", Sample::people, 2));
    plot(
        "Set-up time, ms: from the offer until media can flow",
        10,
        line("median", Sample::setUpP50Ms, 1),
        line("95 %", Sample::setUpP95Ms, 2),
        line("99 %", Sample::setUpP99Ms, 3));
    plot("Ringing, ms: until the other's device is rung", 10, line("95 %", Sample::ringP95Ms, 1));
    plot("Packets lost, %", 1, line("lost", Sample::lossPercent, 1));
    plot(
        "Latency, ms: from microphone to ear",
        5,
        line("median", Sample::latencyP50Ms, 1),
        line("95 %", Sample::latencyP95Ms, 2),
        line("99 %", Sample::latencyP99Ms, 3));
    plot(
        "Opinion score (E-model), 1 to 4.5",
        4.5,
        line("mean", Sample::mosMean, 1),
        line("95 of 100 are as good", Sample::mosP5, 2));
    figure(
        "Streams by opinion score",
        Plot.bars("Streams by opinion score", mosLabels(), outcome.mos()),
        "");
    causes();
    if (known(Sample::serverCores)) {
      plot(
          "Processors busy",
          1,
          line("server", Sample::serverCores, 1),
          line("this generator", Sample::generatorCores, 2));
    }
    if (known(Sample::serverMb) || known(Sample::heapMb)) {
      plot(
          "The server's memory, MB",
          10,
          line("resident", Sample::serverMb, 1),
          line("heap in use", Sample::heapMb, 2));
    }
    plot("Generator late with a packet, ms", 5, line("at worst", Sample::generatorLateMs, 1));
    html.append("</div>\n");
  }

  private void causes() {
    Map<String, Long> total = outcome.errors();
    List<String> first =
        total.entrySet().stream()
            .sorted(Map.Entry.<String, Long>comparingByValue(Comparator.reverseOrder()))
            .limit(CAUSES_DRAWN)
            .map(Map.Entry::getKey)
            .toList();
    List<Series> lines = new ArrayList<>();
    for (String cause : first) {
      lines.add(line(cause, sample -> sample.errors().getOrDefault(cause, 0L), lines.size() + 1));
    }
    if (lines.isEmpty()) {
      lines.add(line("none", sample -> 0, 1));
    }
    plot("Errors in each interval, by cause", 4, lines.toArray(Series[]::new));
  }

  private Series line(String name, ToDoubleFunction<Sample> value, int color) {
    return new Series(name, outcome.samples().stream().mapToDouble(value).boxed().toList(), color);
  }

  private boolean known(ToDoubleFunction<Sample> value) {
    return outcome.samples().stream().mapToDouble(value).anyMatch(Double::isFinite);
  }

  private void plot(String title, double least, Series... lines) {
    List<Double> at = outcome.samples().stream().map(Sample::atS).toList();
    figure(title, Plot.lines(title, at, List.of(lines), least), keys(List.of(lines)));
  }

  /** None for a single line without a name. */
  private static String keys(List<Series> lines) {
    return lines.stream()
        .filter(line -> !line.name().isEmpty())
        .map(
            line ->
                ("<span class=\"key\"><svg viewBox=\"0 0 26 8\"><path class=\"s%d\" d=\"M0"
                        + " 4H26\"/></svg>%s</span>")
                    .formatted(line.color(), HtmlText.escape(line.name())))
        .collect(Collectors.joining());
  }

  private void figure(String title, String svg, String keys) {
    html.append("<figure><h3>").append(HtmlText.escape(title)).append("</h3>");
    html.append(keys).append(svg).append("</figure>\n");
  }

  /** The left edge of every fifth bar. */
  private static List<String> mosLabels() {
    List<String> labels = new ArrayList<>();
    for (int i = 0; i < Outcome.MOS_CLASSES; i++) {
      labels.add(i % 5 == 0 ? String.format(Locale.ROOT, "%.1f", 1 + i / 10.0) : "");
    }
    return labels;
  }

  private void errors() {
    html.append("<h2>What went wrong</h2>\n");
    if (outcome.errors().isEmpty()) {
      paragraph("good", "✓ Nothing did.");
      return;
    }
    html.append("<table>\n<tr><th class=\"number\">times</th><th>cause</th></tr>\n");
    new TreeMap<>(outcome.errors())
        .forEach(
            (cause, times) ->
                html.append("<tr><td class=\"number\">")
                    .append(times)
                    .append("</td><td>")
                    .append(HtmlText.escape(cause))
                    .append("</td></tr>\n"));
    html.append("</table>\n");
  }

  private void facts() {
    html.append("<h2>How it was measured</h2>\n<table>\n");
    outcome
        .facts()
        .forEach(
            (name, value) ->
                html.append("<tr><th>")
                    .append(HtmlText.escape(name))
                    .append("</th><td>")
                    .append(HtmlText.escape(value))
                    .append("</td></tr>\n"));
    html.append("</table>\n");
    paragraph(
        "soft",
        "Every client has real ICE, DTLS and SRTP. Set-up time is from the offer until there are"
            + " keys. Loss is counted by gaps in the sequence numbers of packets that could be"
            + " decrypted. Latency is from the time stamp in a packet to its receiver. The opinion"
            + " score is the E-model's (ITU-T G.107) of each stream's delay, jitter and loss.");
  }
}
