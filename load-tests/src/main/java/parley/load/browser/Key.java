package parley.load.browser;

/** Keys that type no character, as both protocols name them. */
public enum Key {
  TAB("Tab", 9, "\uE004", ""),
  ENTER("Enter", 13, "\uE006", "\r"),
  ESCAPE("Escape", 27, "\uE00C", ""),
  SPACE("Space", 32, " ", " "),
  LEFT("ArrowLeft", 37, "\uE012", ""),
  UP("ArrowUp", 38, "\uE013", ""),
  RIGHT("ArrowRight", 39, "\uE014", ""),
  DOWN("ArrowDown", 40, "\uE015", "");

  final String code;
  final int windowsCode;

  /** WebDriver §17.4.2: keys outside the text planes live in the private use area. */
  final String webDriver;

  /** What the key types, if it types something. */
  final String text;

  Key(String code, int windowsCode, String webDriver, String text) {
    this.code = code;
    this.windowsCode = windowsCode;
    this.webDriver = webDriver;
    this.text = text;
  }

  /** DOM's {@code KeyboardEvent.key}. */
  String domKey() {
    return this == SPACE ? " " : code;
  }
}
