package parley.load.browser;

/** The two engines that the tests drive. */
public enum BrowserKind {
  CHROMIUM,
  FIREFOX;

  /** Starts one headless browser with an empty profile and one blank page. */
  public Browser start(BrowserSettings settings) {
    return switch (this) {
      case CHROMIUM -> Chromium.start(settings);
      case FIREFOX -> Firefox.start(settings);
    };
  }
}
