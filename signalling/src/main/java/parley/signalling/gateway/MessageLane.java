package parley.signalling.gateway;

import io.vertx.core.buffer.Buffer;
import java.io.ByteArrayOutputStream;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * One direction of a socket: a stream of bytes in, the same bytes out, in order, except for the
 * messages that somebody wants to {@link Interest#TAKE}. Only as much of a message is held back as
 * its event's name needs to be known. No socket of its own; used by one thread.
 *
 * <pre>
 * BETWEEN ─head─► UNDECIDED ─name─► PASSING | COPYING | TAKING ─end─► BETWEEN
 *                     └─ too large, compressed, no name ─► PASSING
 * </pre>
 */
final class MessageLane {

  /** What is to be done with messages of one event. */
  enum Interest {
    /** Passed on. */
    NONE,
    /** Passed on, and read. */
    COPY,
    /** Held back until it is whole. */
    TAKE
  }

  /**
   * What comes out; the bytes of all {@link Pass}, {@link Control} and {@link Whole} are those that
   * came in.
   */
  sealed interface Out {

    /** To be passed on. */
    record Pass(Buffer bytes) implements Out {}

    /**
     * A control frame (RFC 6455 §5.5), to be passed on or answered.
     *
     * @param bytes as it came
     */
    record Control(int opcode, byte[] payload, Buffer bytes) implements Out {}

    /**
     * A message that was held back, with the control frames that came in between.
     *
     * @param parts as it came: {@link Pass} and {@link Control}
     */
    record Whole(String event, byte[] utf8, List<Out> parts) implements Out {}

    /** A message that has been passed on already. */
    record Copy(String event, byte[] utf8) implements Out {}
  }

  private enum Course {
    BETWEEN,
    UNDECIDED,
    PASSING,
    COPYING,
    TAKING
  }

  /** A control frame's payload (RFC 6455 §5.5); longer ones are not ours to read. */
  private static final int MAX_CONTROL_BYTES = 125;

  private final Function<String, Interest> interests;
  private final int maxHeld;
  private final int maxCopied;
  private final FrameScanner scanner = new FrameScanner();
  private final Deque<Out> out = new ArrayDeque<>();
  private final List<Out> held = new ArrayList<>();
  private final ByteArrayOutputStream payload = new ByteArrayOutputStream();
  private final ByteArrayOutputStream controlPayload = new ByteArrayOutputStream();
  private EventName name = new EventName();
  private Course course = Course.BETWEEN;
  private int heldBytes;
  private boolean frameOpen; // some of a frame has been passed on, and not all
  private @Nullable Buffer control; // a control frame that is not whole yet

  /**
   * @param interests what to do with the messages of an event
   * @param maxHeld largest message that is held back, in bytes of payload; larger ones are passed
   *     on
   * @param maxCopied largest message that is copied
   */
  MessageLane(Function<String, Interest> interests, int maxHeld, int maxCopied) {
    this.interests = interests;
    this.maxHeld = maxHeld;
    this.maxCopied = maxCopied;
  }

  /** More of the stream; afterwards drain {@link #poll()}. */
  void read(Buffer in) {
    int at = 0;
    while (at < in.length()) {
      int next = scanner.read(in, at, in.length());
      switch (scanner.step()) {
        case PART_OF_HEAD -> {}
        case HEAD -> onHead(next - at == scanner.headBytes() ? in.slice(at, next) : scanner.head());
        case PAYLOAD -> onPayload(in, at, next);
      }
      at = next;
    }
  }

  /** The stream has ended: what was held back goes on as it is. */
  void end() {
    release(Course.PASSING);
    if (scanner.step() == FrameScanner.Step.PART_OF_HEAD) {
      out.add(new Out.Pass(scanner.head()));
    } else if (control != null) {
      out.add(new Out.Pass(control));
    }
    frameOpen = true; // nothing can follow
  }

  @Nullable Out poll() {
    return out.poll();
  }

  /** Whether a message of our own can be put in after what was polled. */
  boolean isBetweenMessages() {
    return !frameOpen && course != Course.PASSING && course != Course.COPYING;
  }

  /** Whether a control frame of our own can be put in, which may split a message. */
  boolean isBetweenFrames() {
    return !frameOpen;
  }

  // --- frames

  private void onHead(Buffer head) {
    if (scanner.isControl()) {
      onControlHead(head);
      return;
    }
    if (scanner.opcode() != FrameScanner.CONTINUATION || course == Course.BETWEEN) {
      begin();
    }
    if (payload.size() + scanner.length() > limit()) {
      release(Course.PASSING);
    }
    carry(head);
    afterData();
  }

  private void onPayload(Buffer in, int from, int to) {
    Buffer bytes = in.slice(from, to);
    if (scanner.isControl()) {
      onControlPayload(in, from, to, bytes);
      return;
    }
    if (course != Course.PASSING) {
      byte[] unmasked = scanner.unmasked(in, from, to);
      payload.writeBytes(unmasked);
      if (course == Course.UNDECIDED) {
        name.read(unmasked);
      }
    }
    carry(bytes);
    afterData();
  }

  private void afterData() {
    if (course == Course.UNDECIDED && name.known()) {
      decide();
    }
    if (scanner.frameEnds() && scanner.fin()) {
      finish();
    }
  }

  private void onControlHead(Buffer head) {
    if (scanner.length() > MAX_CONTROL_BYTES) {
      release(Course.PASSING); // against the RFC, and the end of what can be read
      carry(head);
      return;
    }
    control = head;
    controlPayload.reset();
    if (scanner.frameEnds()) {
      onControl(head);
    }
  }

  private void onControlPayload(Buffer in, int from, int to, Buffer bytes) {
    Buffer begun = control;
    if (begun == null) {
      carry(bytes);
      return;
    }
    control = Buffer.buffer().appendBuffer(begun).appendBuffer(bytes);
    controlPayload.writeBytes(scanner.unmasked(in, from, to));
    if (scanner.frameEnds()) {
      onControl(control);
    }
  }

  private void onControl(Buffer whole) {
    control = null;
    put(new Out.Control(scanner.opcode(), controlPayload.toByteArray(), whole), whole.length());
  }

  // --- messages

  private void begin() {
    release(Course.PASSING); // of a message that was cut off, against the RFC
    frameOpen = false;
    payload.reset();
    name = new EventName();
    course = scanner.reserved() ? Course.PASSING : Course.UNDECIDED;
  }

  private int limit() {
    return switch (course) {
      case COPYING -> maxCopied;
      case UNDECIDED, TAKING -> maxHeld;
      case BETWEEN, PASSING -> Integer.MAX_VALUE;
    };
  }

  private void decide() {
    String event = name.get();
    switch (event == null ? Interest.NONE : interests.apply(event)) {
      case NONE -> release(Course.PASSING);
      case COPY -> release(Course.COPYING);
      case TAKE -> course = Course.TAKING;
    }
  }

  private void finish() {
    String event = name.get();
    if (course == Course.TAKING && event != null) {
      out.add(new Out.Whole(event, payload.toByteArray(), List.copyOf(held)));
      held.clear();
      heldBytes = 0;
    } else if (course == Course.COPYING && event != null) {
      out.add(new Out.Copy(event, payload.toByteArray()));
    } else {
      release(Course.PASSING);
    }
    payload.reset();
    course = Course.BETWEEN;
  }

  private void carry(Buffer bytes) {
    boolean passes = course == Course.PASSING || course == Course.COPYING;
    put(new Out.Pass(bytes), bytes.length());
    if (passes) {
      frameOpen = !scanner.frameEnds();
    }
  }

  private void put(Out next, int bytes) {
    if (course != Course.UNDECIDED && course != Course.TAKING) {
      out.add(next);
      return;
    }
    held.add(next);
    heldBytes += bytes;
    // Small frames weigh more than their payload, and control frames count as well.
    if (heldBytes > 2 * maxHeld) {
      release(Course.PASSING);
    }
  }

  /** What was held back goes on, in its order. */
  private void release(Course then) {
    if (course == Course.UNDECIDED || course == Course.TAKING) {
      frameOpen = !held.isEmpty() && !scanner.frameEnds();
      out.addAll(held);
      held.clear();
      heldBytes = 0;
    }
    course = then;
    if (then == Course.PASSING) {
      payload.reset();
    }
  }
}
