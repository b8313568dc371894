package parley.signalling.link;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import parley.signalling.link.LinkMessage.Answer;
import parley.signalling.link.LinkMessage.Calls;
import parley.signalling.link.LinkMessage.Refused;
import parley.signalling.link.LinkMessage.Send;
import parley.signalling.wire.OnlineCall;

/**
 * Makes one message of those that say the same to several sessions, one after the other: a call's
 * state goes to everyone in a chat.
 */
final class Gathering {

  /** A message stays in the size of what chat servers and their libraries like to read. */
  static final int MOST_SESSIONS = 1_000;

  private final Consumer<Answer> to;
  private final Set<String> sessions = new LinkedHashSet<>();
  private @Nullable String frame;
  private @Nullable List<OnlineCall> calls;

  Gathering(Consumer<Answer> to) {
    this.to = to;
  }

  void add(Answer answer) {
    switch (answer) {
      case Send send -> {
        if (!send.frame().equals(frame) || !hasRoomFor(send.sessions())) {
          flush();
        }
        frame = send.frame();
        sessions.addAll(send.sessions());
      }
      case Calls told -> {
        if (!told.calls().equals(calls) || !hasRoomFor(told.sessions())) {
          flush();
        }
        calls = told.calls();
        sessions.addAll(told.sessions());
      }
      case Refused refused -> {
        flush();
        to.accept(refused);
      }
    }
  }

  /** What a session is told twice are two messages. */
  private boolean hasRoomFor(List<String> more) {
    return sessions.size() < MOST_SESSIONS && more.stream().noneMatch(sessions::contains);
  }

  /** Hands on what is left. */
  void flush() {
    if (frame != null) {
      to.accept(new Send(List.copyOf(sessions), frame));
    } else if (calls != null) {
      to.accept(new Calls(List.copyOf(sessions), calls));
    }
    frame = null;
    calls = null;
    sessions.clear();
  }
}
