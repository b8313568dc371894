package parley.load.interop;

/** A client that did not do what it was told; the message says what it did instead. */
final class ClientFailure extends RuntimeException {
  private static final long serialVersionUID = 1L;

  ClientFailure(String message) {
    super(message);
  }

  ClientFailure(String message, Throwable cause) {
    super(message, cause);
  }
}
