package parley.load.interop;

/** Who is in a call. */
public enum Shape {
  DIRECT("direct", 2),
  GROUP("group of five", 5);

  final int people;
  private final String text;

  Shape(String text, int people) {
    this.text = text;
    this.people = people;
  }

  @Override
  public String toString() {
    return text;
  }
}
