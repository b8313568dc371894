package parley.load.browser;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Predicate;
import parley.load.Eventually;
import parley.load.audio.Pcm;
import parley.load.audio.Spectrum;

/**
 * A browser with the tests' instruments in its page: a tone for a voice, ears for what it plays,
 * and a record of its WebSocket frames.
 */
public final class Client {

  /** One WebSocket frame of the page: Unix time in ms, whether it was sent, and the event in it. */
  public record Frame(double atMs, boolean sent, JsonNode json) {
    public String event() {
      return json.path("event").asText();
    }

    public JsonNode params() {
      return json.path("params");
    }

    @Override
    public String toString() {
      return (sent ? "→ " : "← ") + event();
    }
  }

  private final Browser browser;
  private final String name;
  private final int toneHz;

  private Client(Browser browser, String name, int toneHz) {
    this.browser = browser;
    this.name = name;
    this.toneHz = toneHz;
  }

  /** Prepares the browser for its next page; {@code detours} leads media through proxies. */
  public static Client prepare(
      Browser browser, String name, int toneHz, Map<Integer, Integer> detours) {
    browser.clearPreloads();
    browser.preload(PageScript.tone(toneHz));
    browser.preload(PageScript.EARS.source());
    browser.preload(PageScript.FRAMES.source());
    if (!detours.isEmpty()) {
      browser.preload(PageScript.detour(detours));
    }
    return new Client(browser, name, toneHz);
  }

  /**
   * Prepares a browser for a page that shows and plays nothing, so that it costs next to nothing.
   */
  public static Client sender(
      Browser browser, String name, int toneHz, Map<Integer, Integer> detours) {
    browser.clearPreloads();
    browser.preload(PageScript.tone(toneHz));
    browser.preload(PageScript.FRAMES.source());
    browser.preload(PageScript.detour(detours));
    browser.preload(PageScript.SENDER.source());
    return new Client(browser, name, toneHz);
  }

  /** Prepares a browser whose microphone is its own, fake one: ears and frames only. */
  public static Client listener(Browser browser, String name) {
    browser.clearPreloads();
    browser.preload(PageScript.EARS.source());
    browser.preload(PageScript.FRAMES.source());
    return new Client(browser, name, 0);
  }

  public Browser browser() {
    return browser;
  }

  public String name() {
    return name;
  }

  /** The frequency that this client sends. */
  public int toneHz() {
    return toneHz;
  }

  public JsonNode evaluate(String expression) {
    return browser.evaluate(expression);
  }

  /** What the page plays from now on, for so long. */
  public Pcm hear(Duration length) {
    double from = System.currentTimeMillis();
    return hear(from, from + length.toMillis());
  }

  /** What the page played between two moments of Unix time, in ms; waits for the second one. */
  public Pcm hear(double fromMs, double toMs) {
    Eventually.value(
        name + " to play up to the moment asked for",
        Duration.ofMillis(15_000 + (long) Math.max(0, toMs - System.currentTimeMillis())),
        () -> browser.evaluate("parleyEars.until()").asDouble(),
        until -> until >= toMs,
        this::describe);
    JsonNode heard =
        browser.evaluate(String.format(Locale.ROOT, "parleyEars.take(%.1f, %.1f)", fromMs, toMs));
    return Pcm.fromInt16(
        Base64.getDecoder().decode(heard.path("samples").asText()),
        heard.path("rate").asInt(),
        heard.path("startMs").asDouble());
  }

  /** The spectrum of what the page plays from now on. */
  public Spectrum spectrum(Duration length) {
    return Spectrum.of(hear(length));
  }

  /**
   * How long the browser kept what it received of one speaker to even out its arrival, in ms, on
   * average since this was last asked.
   *
   * @param jid of the speaker, whose packets carry the first 32 bits of it as CSRC
   */
  public double jitterBufferMs(String jid) {
    long csrc = Long.parseLong(jid.substring(2, 10), 16);
    return browser.evaluate("parleyEars.jitterBufferMs(" + csrc + ")").asDouble();
  }

  /** All frames since the page was opened. */
  public List<Frame> frames() {
    return framesSince(0);
  }

  /** The frames after the first {@code count}. */
  public List<Frame> framesSince(int count) {
    List<Frame> frames = new ArrayList<>();
    for (JsonNode frame : browser.evaluate("parleyFrames.since(" + count + ")")) {
      JsonNode json = PageExpression.fromJson(frame.path("text").asText());
      frames.add(
          new Frame(
              frame.path("at").asDouble(), frame.path("direction").asText().equals("out"), json));
    }
    return frames;
  }

  /** The first frame that the page received and that matches, after waiting for it. */
  public Frame received(String event, Duration deadline, Predicate<JsonNode> params) {
    return Eventually.value(
            name + " to receive " + event,
            deadline,
            () ->
                frames().stream()
                    .filter(f -> !f.sent() && f.event().equals(event) && params.test(f.params()))
                    .toList(),
            found -> !found.isEmpty(),
            this::describe)
        .getFirst();
  }

  /** What a failure says of this client: what its page said, sent and received. */
  public String describe() {
    String frames =
        String.join(
            "\n    ",
            frames().stream()
                .map(f -> f + " " + PageExpression.shorten(f.params().toString()))
                .toList());
    return "%s in %s\n  console:\n    %s\n  frames:\n    %s\n  plays: %s\n  connections: %s"
        .formatted(
            name,
            browser,
            String.join("\n    ", browser.console()),
            frames,
            browser.evaluate("globalThis.parleyEars?.players() ?? []"),
            browser.evaluate(
                "globalThis.parleyEars?.connections"
                    + ".map(c => [c.connectionState, c.iceConnectionState]) ?? []"));
  }

  @Override
  public String toString() {
    return name;
  }
}
