package parley.load.interop;

import java.util.Locale;
import org.jspecify.annotations.Nullable;
import parley.load.browser.BrowserKind;

/** A WebRTC stack that somebody else wrote. */
public enum ClientKind {
  CHROMIUM("Chromium", BrowserKind.CHROMIUM),
  FIREFOX("Firefox", BrowserKind.FIREFOX),
  GSTREAMER("GStreamer", null),
  AIORTC("aiortc", null),
  PION("pion", null);

  private final String text;
  private final @Nullable BrowserKind browser;

  ClientKind(String text, @Nullable BrowserKind browser) {
    this.text = text;
    this.browser = browser;
  }

  /** The browser it is; null when it is a program. */
  @Nullable BrowserKind browser() {
    return browser;
  }

  /** How it is named in files and options. */
  String fileName() {
    return name().toLowerCase(Locale.ROOT);
  }

  @Override
  public String toString() {
    return text;
  }
}
