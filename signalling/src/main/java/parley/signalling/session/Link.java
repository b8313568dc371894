package parley.signalling.session;

import java.util.List;
import parley.signalling.wire.OnlineCall;

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

  /**
   * The calls of this contact's chats that run now; told at first, and on each change. Only to
   * sessions that reach no more than {@link Reach#CALLS}, in place of {@code server.online}.
   */
  default void calls(List<OnlineCall> calls) {}
}
