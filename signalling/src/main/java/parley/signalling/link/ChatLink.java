package parley.signalling.link;

import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import parley.signalling.link.LinkMessage.Acknowledged;
import parley.signalling.link.LinkMessage.Answer;
import parley.signalling.link.LinkMessage.FromChat;
import parley.signalling.link.LinkMessage.Hello;
import parley.signalling.link.LinkMessage.Numbered;
import parley.signalling.link.LinkMessage.Refused;
import parley.signalling.link.LinkMessage.Unreadable;
import parley.signalling.link.LinkSettings.ChatServer;

/**
 * One process of a chat server: its stream, over as many connections as it takes, and the sockets
 * it keeps. Owned by the links' thread; {@link #say} and {@link #closeLater} may come from any.
 *
 * <pre>
 * from connections:  attach, onMessage, detach, transmit
 * from calls:        say, closeLater
 * from time:         the end of a stream that nobody resumes
 * </pre>
 */
final class ChatLink {

  private static final Logger log = LoggerFactory.getLogger(ChatLink.class);

  /** Waits for acknowledgement: minutes of a busy team of a thousand; more is a dead reader. */
  static final int MAX_KEPT_BYTES = 16 << 20;

  /** Between the calls' thread and this one: a state for everyone on the largest link. */
  static final int MAX_CROSSING = 1 << 17;

  /** A call's thread tells everyone in a chat within less: then it is one message. */
  private static final long GATHER_MS = 2;

  /** What comes in within so short a time is acknowledged at once. */
  private static final long ACKNOWLEDGE_MS = 50;

  private final String id;
  private final ChatServer chatServer;
  private final LinkSurroundings around;
  private final LinkSessions sessions;
  private final Runnable gone;
  private final LinkStream<Answer> stream = new LinkStream<>(MAX_KEPT_BYTES);
  private final Gathering gathering = new Gathering(this::keep);
  private final ArrayBlockingQueue<Answer> crossing = new ArrayBlockingQueue<>(MAX_CROSSING);
  private final AtomicLong crossingBytes = new AtomicLong();
  private final AtomicBoolean crossingTold = new AtomicBoolean();
  private volatile boolean over;
  private @Nullable Connection connection;
  private long connections;
  private boolean receiptPlanned;

  /**
   * @param id of the stream; nobody can guess it
   * @param base where clients find icons
   * @param forgotten whether this process does not know of calls that are said to run
   * @param gone runs once when the stream is over
   */
  ChatLink(
      String id,
      ChatServer chatServer,
      String base,
      boolean forgotten,
      LinkSurroundings around,
      Runnable gone) {
    this.id = id;
    this.chatServer = chatServer;
    this.around = around;
    this.sessions = new LinkSessions(this, chatServer, base, forgotten, around);
    this.gone = gone;
  }

  String id() {
    return id;
  }

  ChatServer chatServer() {
    return chatServer;
  }

  int sessions() {
    return sessions.size();
  }

  /**
   * Goes on over this connection; one that is still there is closed.
   *
   * @param received how far our messages have come in at the chat server
   * @param reason why an earlier stream is not resumed; empty: none was asked for, or it is
   * @return false when it cannot go on from there
   */
  boolean attach(Connection to, long received, boolean resumed, String reason) {
    Connection before = connection;
    connection = null;
    stream.disconnected();
    if (before != null) {
      before.close(Connection.REPLACED, "another connection goes on with the stream");
    }
    if (!stream.resume(received)) {
      return false;
    }
    connection = to;
    connections++;
    to.send(around.codec().welcome(id, resumed, stream.received(), reason));
    transmit();
    return true;
  }

  /** A connection is gone; the stream waits for the next one, so long and no longer. */
  void detach(Connection from, long resumeMs) {
    if (from != connection) {
      return; // another has taken over
    }
    log.info("link of {}: the connection is gone", chatServer.name());
    connection = null;
    stream.disconnected();
    long lost = connections;
    around
        .thread()
        .after(
            resumeMs,
            () -> {
              if (connections == lost) {
                end(0, "nobody resumed it in time");
              }
            });
  }

  void onMessage(Connection from, FromChat message, long nowNs) {
    if (from != connection || over) {
      return; // what still came on a connection that is over
    }
    switch (message) {
      case Numbered numbered -> onNumbered(numbered, nowNs);
      case Acknowledged upTo -> {
        if (!stream.onAcknowledged(upTo.seq())) {
          end(Connection.BAD_MESSAGE, "acknowledges what was never sent");
        }
      }
      case Hello again -> end(Connection.BAD_MESSAGE, "a connection begins with hello, once");
      case Unreadable unreadable -> end(Connection.BAD_MESSAGE, unreadable.why());
    }
  }

  private void onNumbered(Numbered message, long nowNs) {
    switch (stream.onNumber(message.seq())) {
      case NEW -> sessions.on(message, nowNs);
      case REPEATED -> around.counters().count("repeated");
      case GAP -> {
        String expected = "seq " + message.seq() + " where " + (stream.received() + 1) + " is next";
        end(Connection.BAD_MESSAGE, expected);
        return;
      }
    }
    if (stream.owesReceiptNow()) {
      acknowledge();
    } else if (stream.owesReceipt() && !receiptPlanned) {
      receiptPlanned = true;
      around.thread().after(ACKNOWLEDGE_MS, this::acknowledge);
    }
  }

  private void acknowledge() {
    receiptPlanned = false;
    if (connection != null && stream.owesReceipt()) {
      stream.receiptTold();
      connection.send(around.codec().acknowledgement(stream.received()));
    }
  }

  /** Says something to the chat server, now or when it is connected again. Any thread. */
  void say(Answer answer) {
    if (over) {
      return;
    }
    boolean taken =
        crossingBytes.addAndGet(answer.size()) <= MAX_KEPT_BYTES && crossing.offer(answer);
    if (!crossingTold.getAndSet(true)) {
      around.thread().after(GATHER_MS, this::drain);
    }
    if (!taken) {
      around.thread().run(() -> end(Connection.FELL_BEHIND, "more is said than can be sent"));
    }
  }

  /** Shows a session out, after all that was said to it. Any thread. */
  void closeLater(LinkSession session, String reason) {
    around
        .thread()
        .run(
            () -> {
              drain();
              dismiss(session, reason);
            });
  }

  void dismiss(LinkSession session, String reason) {
    if (!over) {
      sessions.dismiss(session, Refusal.CLOSED, reason);
    }
  }

  /** On the links' thread. */
  void refuse(String session, Refusal why, String message) {
    keep(new Refused(session, why, message));
    transmit();
  }

  private void drain() {
    crossingTold.set(false); // whoever comes now makes us come again
    for (Answer next = crossing.poll(); next != null; next = crossing.poll()) {
      crossingBytes.addAndGet(-next.size());
      gathering.add(next);
    }
    gathering.flush();
    transmit();
  }

  private void keep(Answer answer) {
    if (!over && !stream.say(answer, answer.size())) {
      end(Connection.FELL_BEHIND, "more waits to be acknowledged than is kept");
    }
  }

  /** Sends what waits, as long as the connection keeps up. */
  void transmit() {
    for (Connection to = connection; to != null && to.hasRoom(); to = connection) {
      LinkStream.Said<Answer> next = stream.pollTransmit();
      if (next == null) {
        return;
      }
      to.send(around.codec().encode(next.seq(), next.message()));
    }
  }

  /**
   * The stream is over: its sessions are closed, and what they say has to be announced anew.
   *
   * @param code for the connection, if there is one
   */
  void end(int code, String reason) {
    if (over) {
      return;
    }
    over = true;
    log.info(
        "link of {} is over with its {} sessions: {}", chatServer.name(), sessions.size(), reason);
    Connection last = connection;
    connection = null;
    stream.disconnected();
    crossing.clear();
    if (last != null) {
      last.close(code, reason);
    }
    sessions.end();
    gone.run();
  }
}
