package parley.signalling.link;

/** One connection of a chat server, as its link sees it. On the link's thread only. */
interface Connection {

  /** The chat server says what cannot be understood; everything is to be announced anew. */
  int BAD_MESSAGE = 4000;

  /** Another connection goes on with the stream, or a new process of the same name began. */
  int REPLACED = 4001;

  /** It reads too slowly: to be resumed on another connection. */
  int TOO_SLOW = 4002;

  /** More waits for it than is kept; everything is to be announced anew. */
  int FELL_BEHIND = 4003;

  /** Sends a text frame. */
  void send(String text);

  /**
   * Whether the other end keeps up: else nothing is to be sent until {@link ChatLink#transmit} is
   * called.
   */
  boolean hasRoom();

  /**
   * @param code of those above, or of RFC 6455 §7.4
   * @param reason at most 123 bytes
   */
  void close(int code, String reason);
}
