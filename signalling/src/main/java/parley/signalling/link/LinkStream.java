package parley.signalling.link;

import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * One end of a stream of messages that outlives its connections. Each direction is numbered from 1;
 * what is said is kept until the other end acknowledges it, and said again on the next connection;
 * what comes twice is known by its number. So each message takes effect once and in order, wherever
 * a connection breaks. No socket, clock or thread of its own.
 *
 * @param <M> what is said here
 */
final class LinkStream<M> {

  /** What a number says about a message that came in. */
  enum Receipt {
    /** It is the next. */
    NEW,
    /** It was here before: said again on a new connection. */
    REPEATED,
    /** Some are missing before it: the other end does not count as we do. */
    GAP
  }

  /**
   * A message with its number.
   *
   * @param size as it was told by whoever said it
   */
  record Said<M>(long seq, M message, int size) {}

  /** Acknowledged at the latest after so many: the other end keeps them all until then. */
  static final int ACKNOWLEDGE_AFTER = 64;

  private final int capacity;
  private final Deque<Said<M>> unsent = new ArrayDeque<>();
  private final Deque<Said<M>> unacknowledged = new ArrayDeque<>();
  private long lastSaid;
  private long lastSent;
  private long acknowledged;
  private long kept;
  private long received;
  private long receiptsTold;
  private boolean connected;

  /**
   * @param capacity how much may wait for its acknowledgement, in the unit of the messages' sizes
   */
  LinkStream(int capacity) {
    this.capacity = capacity;
  }

  /**
   * Says something, now or on the next connection.
   *
   * @return false when too much waits already: the message is lost, so the stream is over
   */
  boolean say(M message, int size) {
    if (kept + size > capacity) {
      return false;
    }
    kept += size;
    unsent.add(new Said<>(++lastSaid, message, size));
    return true;
  }

  /** The next message to transmit on this connection; null when there is none. */
  @Nullable Said<M> pollTransmit() {
    if (!connected) {
      return null;
    }
    Said<M> next = unsent.poll();
    if (next != null) {
      unacknowledged.add(next);
      lastSent = Math.max(lastSent, next.seq);
    }
    return next;
  }

  /**
   * The other end has dealt with all up to this number.
   *
   * @return false when it was never sent that
   */
  boolean onAcknowledged(long seq) {
    if (seq > lastSent) {
      return false;
    }
    forget(seq);
    return true;
  }

  /** A message of this number came in; a new one counts as received from now on. */
  Receipt onNumber(long seq) {
    if (seq <= received) {
      return Receipt.REPEATED;
    }
    if (seq != received + 1) {
      return Receipt.GAP;
    }
    received = seq;
    return Receipt.NEW;
  }

  /** The connection is gone; what is said from now on waits for the next. */
  void disconnected() {
    connected = false;
  }

  /**
   * A new connection takes the stream on; what the other end lacks is transmitted again.
   *
   * @param receivedThere how far our messages have come in at the other end
   * @return false when it cannot go on from there: it wants what was forgotten, or never said
   */
  boolean resume(long receivedThere) {
    if (receivedThere < acknowledged || receivedThere > lastSent) {
      return false;
    }
    while (!unacknowledged.isEmpty()) {
      unsent.addFirst(unacknowledged.removeLast());
    }
    forget(receivedThere);
    connected = true;
    receiptsTold = received; // a new connection begins with that
    return true;
  }

  /** How far the other end's messages have come in. */
  long received() {
    return received;
  }

  /** Whether the other end waits to hear how far its messages have come in. */
  boolean owesReceipt() {
    return received > receiptsTold;
  }

  /** Whether it has waited for so many that it should hear at once. */
  boolean owesReceiptNow() {
    return received - receiptsTold >= ACKNOWLEDGE_AFTER;
  }

  /** The other end is told {@link #received()} now. */
  void receiptTold() {
    receiptsTold = received;
  }

  /** How much waits to be acknowledged, in the unit of the messages' sizes. */
  long kept() {
    return kept;
  }

  private void forget(long upTo) {
    acknowledged = Math.max(acknowledged, upTo);
    forget(unacknowledged, upTo);
    forget(unsent, upTo); // it came in on the connection before, and is not needed again
  }

  private void forget(Deque<Said<M>> said, long upTo) {
    for (Said<M> first = said.peek(); first != null && first.seq <= upTo; first = said.peek()) {
      said.remove();
      kept -= first.size;
    }
  }
}
