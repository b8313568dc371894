package parley.load.conformance;

/** Something that the server should have sent did not come; the message says what, and to whom. */
final class Missing extends Exception {
  private static final long serialVersionUID = 1L;

  Missing(String message) {
    super(message);
  }
}
