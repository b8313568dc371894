package parley.signalling.link;

import java.util.List;
import parley.signalling.wire.Jid;
import parley.signalling.wire.OnlineCall;
import parley.signalling.wire.TeamId;

/**
 * What is said on a link; {@code asyncapi-link.yaml} describes each.
 *
 * <pre>
 * from the chat server:  Hello, then Opened Event Closed (numbered), Ack
 * from Parley:           Welcome, then Send Calls Refused (numbered), Ack
 * </pre>
 */
interface LinkMessage {

  /** What a chat server says. */
  sealed interface FromChat {}

  /** What a chat server says, counted from 1: each takes effect once, in this order. */
  sealed interface Numbered extends FromChat {
    long seq();

    /** The chat server's own name for one of its clients' sockets. */
    String session();
  }

  /**
   * Begins a connection.
   *
   * @param instance which of several processes of this chat server speaks; empty: the only one
   * @param stream the stream to be resumed; empty: a new one
   * @param received how far Parley's messages of that stream have come in
   * @param base where clients find Parley's icons, without a slash at the end; empty: at the
   *     address of the link
   */
  record Hello(String instance, String stream, long received, String base) implements FromChat {}

  /**
   * A client's socket was opened.
   *
   * @param useragent as the client's Host shows it to others; empty: not known
   * @param device what stays the same on every socket of one client; empty: not known
   * @param calls what this client's device is in already, when it is announced again
   */
  record Opened(
      long seq,
      String session,
      TeamId team,
      Jid contact,
      String useragent,
      String device,
      List<HeldCall> calls)
      implements Numbered {
    public Opened {
      calls = List.copyOf(calls);
    }
  }

  /**
   * A client said something.
   *
   * @param frame the text of its frame as it came
   */
  record Event(long seq, String session, String frame) implements Numbered {
    @Override
    public String toString() {
      return "Event[" + seq + "]"; // frames hold SDP
    }
  }

  /** A client's socket is gone. */
  record Closed(long seq, String session) implements Numbered {}

  /**
   * A numbered message that says nothing that could be done.
   *
   * @param session empty: not known
   */
  record Invalid(long seq, String session, String why) implements Numbered {}

  /** Parley's messages up to this one have been dealt with. */
  record Acknowledged(long seq) implements FromChat {}

  /**
   * No message at all.
   *
   * @param why one sentence
   */
  record Unreadable(String why) implements FromChat {}

  /** What Parley says in order, each once. */
  sealed interface Answer {
    /** How much room it takes until it is acknowledged, roughly in bytes. */
    int size();
  }

  /**
   * To be sent to clients as it is.
   *
   * @param sessions whom to
   * @param frame the text of one frame
   */
  record Send(List<String> sessions, String frame) implements Answer {
    /** Numbers, names and the objects themselves. */
    private static final int OVERHEAD = 128;

    public Send {
      sessions = List.copyOf(sessions);
    }

    @Override
    public int size() {
      return OVERHEAD + frame.length() + sessions.stream().mapToInt(String::length).sum();
    }

    @Override
    public String toString() {
      return "Send[" + sessions.size() + "]"; // frames hold SDP
    }
  }

  /** What {@code calls} of {@code server.online} is for these sessions from now on. */
  record Calls(List<String> sessions, List<OnlineCall> calls) implements Answer {
    private static final int OVERHEAD = 128;

    public Calls {
      sessions = List.copyOf(sessions);
      calls = List.copyOf(calls);
    }

    @Override
    public int size() {
      return OVERHEAD * (1 + calls.size()) + sessions.stream().mapToInt(String::length).sum();
    }
  }

  /** Parley does not serve this session, or not any more. */
  record Refused(String session, Refusal code, String message) implements Answer {
    @Override
    public int size() {
      return 128 + session.length() + message.length();
    }
  }
}
