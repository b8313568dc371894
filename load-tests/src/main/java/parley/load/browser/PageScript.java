package parley.load.browser;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.stream.Collectors;

/** The scripts that make a page an instrument of the tests; each is a file of its own. */
public enum PageScript {
  /** A sine of the client's own in the place of the microphone. */
  TONE("tone.js"),
  /** What the page plays, as samples. */
  EARS("ears.js"),
  /** A device that only speaks, in the place of the demo page. */
  SENDER("sender.js"),
  /** Every WebSocket frame. */
  FRAMES("frames.js"),
  /** Media by way of a proxy. */
  DETOUR("detour.js");

  private final String file;

  PageScript(String file) {
    this.file = file;
  }

  /** The script's text. */
  public String source() {
    try (InputStream in = PageScript.class.getResourceAsStream("/parley/load/page/" + file)) {
      if (in == null) {
        throw new IllegalStateException("not in the class path: " + file);
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The tone's script, with its frequency. */
  public static String tone(int frequencyHz) {
    return TONE.source() + "\nglobalThis.parleyTone.frequency = " + frequencyHz + ";\n";
  }

  /** The detour's script: relay port → proxy port, both on 127.0.0.1. */
  public static String detour(Map<Integer, Integer> proxies) {
    String ports =
        proxies.entrySet().stream()
            .map(e -> "\"" + e.getKey() + "\": " + e.getValue())
            .collect(Collectors.joining(", ", "{", "}"));
    return "globalThis.parleyDetourPorts = " + ports + ";\n" + DETOUR.source();
  }
}
