package parley.signalling.wire;

/** A param is not what the protocol says; the message names it, for the client to read. */
public final class WrongParam extends Exception {
  private static final long serialVersionUID = 1L;

  public WrongParam(String message) {
    super(message, null, false, false); // an answer to a stranger, not a defect: no stack trace
  }
}
