package parley.signalling.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * What this node says to one other, and hears from it: each message once and in order, whatever the
 * bus loses, for as long as both live and the outage is not too long. Then the stream begins anew,
 * and its first messages say all that is. Sans-IO; owned by whoever owns the {@link Membership}.
 */
final class NodeStream {

  /** Some seconds of a busy node; or a minute without NATS of a quiet one. */
  static final int MAX_KEPT = 16_384;

  /** A node has tens of neighbours at most: it shall not cost the heap when all are silent. */
  static final int MAX_KEPT_CHARS = 16 << 20;

  /** The bus carries a message in a millisecond; longer means that it was lost. */
  static final long RESEND_NS = TimeUnit.MILLISECONDS.toNanos(400);

  /** Most messages are answered by one that can carry the acknowledgement. */
  static final long ACK_NS = TimeUnit.MILLISECONDS.toNanos(40);

  /** What is sent again at once; the rest follows when these have arrived. */
  private static final int BURST = 256;

  /** What came of a frame. */
  enum Heard {
    /** Nothing to do. */
    NOTHING,
    /** Its message is next. */
    MESSAGE,
    /** The other knows nothing of this stream: begin it anew. */
    BEGIN_ANEW
  }

  private record Kept(long seq, JsonNode message, int chars) {}

  private final NodeId self;
  private final Consumer<NodeFrame> out;
  private final ArrayDeque<Kept> kept = new ArrayDeque<>();
  private int keptChars;
  private long epoch;
  private long lastSeq;
  private long resendAtNs = Long.MAX_VALUE;
  private long sentAgainNs = Long.MIN_VALUE / 2;
  private long heardEpoch;
  private long heardSeq;
  private long ackAtNs = Long.MAX_VALUE;
  private boolean forgotten;

  /**
   * @param epoch higher than that of any stream to the same node before
   */
  NodeStream(NodeId self, long epoch, Consumer<NodeFrame> out) {
    this.self = self;
    this.epoch = epoch;
    this.out = out;
  }

  /**
   * Says something.
   *
   * @param chars about how long it is
   * @return false when too much waits: the stream has to begin anew
   */
  boolean send(JsonNode message, int chars, long nowNs) {
    if (kept.size() >= MAX_KEPT || keptChars + chars > MAX_KEPT_CHARS) {
      return false;
    }
    var next = new Kept(++lastSeq, message, chars);
    kept.add(next);
    keptChars += chars;
    emit(next);
    resendAtNs = Math.min(resendAtNs, nowNs + RESEND_NS);
    return true;
  }

  Heard on(NodeFrame frame, long nowNs) {
    if (frame.ackEpoch() == epoch) {
      if (frame.lost()) {
        return Heard.BEGIN_ANEW;
      }
      acknowledged(frame, nowNs);
    }
    if (frame.seq() == 0 || frame.epoch() < heardEpoch) {
      return Heard.NOTHING; // an acknowledgement alone, or a late one of a stream that is over
    }
    if (frame.epoch() > heardEpoch) {
      if (frame.seq() != 1) {
        out.accept(new NodeFrame(NodeFrame.VERSION, self, epoch, 0, frame.epoch(), 0, true, null));
        return Heard.NOTHING;
      }
      // Who begins anew and knows nothing of what was said to it has taken us for dead meanwhile.
      forgotten |= heardEpoch != 0 && frame.ackEpoch() != epoch;
      heardEpoch = frame.epoch();
      heardSeq = 0;
    }
    boolean isNext = frame.seq() == heardSeq + 1;
    if (isNext) {
      heardSeq++;
    }
    ackAtNs = Math.min(ackAtNs, isNext ? nowNs + ACK_NS : nowNs);
    return isNext ? Heard.MESSAGE : Heard.NOTHING;
  }

  /** Whether the other has forgotten all that it heard: the stream is to begin anew. Once. */
  boolean pollForgotten() {
    boolean was = forgotten;
    forgotten = false;
    return was;
  }

  private void acknowledged(NodeFrame frame, long nowNs) {
    boolean some = false;
    for (Kept first = kept.peek(); first != null && first.seq <= frame.ack(); first = kept.peek()) {
      kept.poll();
      keptChars -= first.chars;
      some = true;
    }
    if (kept.isEmpty()) {
      resendAtNs = Long.MAX_VALUE;
    } else if (some) {
      // After an outage: as soon as the first have arrived, those behind them follow.
      resendAtNs = nowNs - sentAgainNs < RESEND_NS ? nowNs : nowNs + RESEND_NS;
    }
  }

  void onTime(long nowNs) {
    if (nowNs >= resendAtNs) {
      resendAtNs = nowNs + RESEND_NS;
      sentAgainNs = nowNs;
      int burst = BURST;
      for (Kept each : kept) {
        if (burst-- == 0) {
          break;
        }
        emit(each);
      }
    }
    if (nowNs >= ackAtNs) {
      ackAtNs = Long.MAX_VALUE;
      out.accept(
          new NodeFrame(NodeFrame.VERSION, self, epoch, 0, heardEpoch, heardSeq, false, null));
    }
  }

  long nextDeadlineNs() {
    return Math.min(resendAtNs, ackAtNs);
  }

  /** Begins anew; returns what had not been acknowledged. */
  List<JsonNode> beginAnew(long newEpoch) {
    List<JsonNode> unsaid = unacknowledged();
    epoch = newEpoch;
    lastSeq = 0;
    kept.clear();
    keptChars = 0;
    resendAtNs = Long.MAX_VALUE;
    return unsaid;
  }

  List<JsonNode> unacknowledged() {
    List<JsonNode> unsaid = new ArrayList<>(kept.size());
    kept.forEach(each -> unsaid.add(each.message));
    return unsaid;
  }

  private void emit(Kept each) {
    out.accept(
        new NodeFrame(
            NodeFrame.VERSION, self, epoch, each.seq, heardEpoch, heardSeq, false, each.message));
    ackAtNs = Long.MAX_VALUE;
  }
}
