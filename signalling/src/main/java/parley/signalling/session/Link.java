package parley.signalling.session;

/** The client's end of a session, as sessions see it: somewhere to send text to. Any thread. */
public interface Link {

  /**
   * Sends a text frame; never blocks.
   *
   * @return false when the client reads too slowly and too much waits for it already, or when the
   *     link is closed: the text is lost
   */
  boolean send(String text);

  /**
   * Closes the socket (RFC 6455 §7.4).
   *
   * @param reason at most 123 bytes
   */
  void close(int code, String reason);
}
