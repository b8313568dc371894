package parley.load.interop;

/** How many voices a client is prepared to receive side by side: that many audio sections. */
public enum Sections {
  /** One for each other voice in a group of five. */
  SEVERAL(4, "several sections"),
  /** As most apps do: a group's voices come mixed. */
  ONE(1, "one section");

  final int count;
  private final String text;

  Sections(int count, String text) {
    this.count = count;
    this.text = text;
  }

  @Override
  public String toString() {
    return text;
  }
}
