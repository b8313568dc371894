package parley.relay.call;

/** An offer that cannot be served. The message is one sentence for the user of the client. */
public final class SdpException extends Exception {
  private static final long serialVersionUID = 1L;

  public SdpException(String sentence) {
    super(sentence);
  }
}
