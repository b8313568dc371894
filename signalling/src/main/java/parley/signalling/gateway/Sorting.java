package parley.signalling.gateway;

import parley.signalling.session.Reach;
import parley.signalling.wire.ClientEvent;
import parley.signalling.wire.Decoded;

/** Which events are ours, which are to be read, and which are none of our business. */
final class Sorting {

  private static final String CALL = "client.call.";
  private static final String CONFIRM = "client.confirm";
  private static final String PING = "client.ping";
  private static final String ONLINE = "server.online";

  private Sorting() {}

  /**
   * What to do with a client's events of this name.
   *
   * @param alone the chat server is away, and cannot answer pings
   */
  static MessageLane.Interest ofClient(String event, boolean alone) {
    return event.startsWith(CALL) || event.equals(CONFIRM) || (alone && event.equals(PING))
        ? MessageLane.Interest.TAKE
        : MessageLane.Interest.NONE;
  }

  /** What to do with the chat server's events of this name. */
  static MessageLane.Interest ofServer(String event) {
    return switch (event) {
      case ONLINE -> MessageLane.Interest.TAKE;
      case Told.ROSTER, Told.CONTACTS, Told.CHATS, Told.CHATS_GONE, Told.TEAMS, Told.TEAMS_GONE ->
          MessageLane.Interest.COPY;
      default -> MessageLane.Interest.NONE;
    };
  }

  /**
   * Whether an event of a client that was held back is for us, now that all of it is there.
   *
   * @param name as it was found first; what JSON means by a name that is there twice is another
   *     matter
   */
  static boolean isOurs(Decoded event, String name, boolean alone) {
    return switch (event) {
      case Decoded.Accepted accepted ->
          switch (accepted.event()) {
            case ClientEvent.OfCall call -> true;
            case ClientEvent.Confirm confirm ->
                confirm.confirmId().startsWith(Reach.CALLS.confirmPrefix());
            case ClientEvent.Ping ping -> alone;
            case ClientEvent.Activity activity -> false;
          };
      case Decoded.Rejected rejected -> name.startsWith(CALL);
    };
  }
}
