package parley.signalling.gateway;

import io.vertx.core.net.NetSocket;
import java.util.ArrayDeque;
import java.util.Queue;

/** Messages of ours that wait for a place between two of the chat server's. */
final class Weaving {

  private record Message(byte[] utf8, Runnable sent) {}

  private final Queue<Message> waiting = new ArrayDeque<>();

  /**
   * @param sent runs when it has left, or never will
   */
  void add(byte[] utf8, Runnable sent) {
    waiting.add(new Message(utf8, sent));
  }

  /** There is a place. */
  void putInto(NetSocket client) {
    for (Message next = waiting.poll(); next != null; next = waiting.poll()) {
      Runnable sent = next.sent();
      client.write(Frames.text(next.utf8())).onComplete(v -> sent.run());
    }
  }

  /** There will be no place any more. */
  void drop() {
    for (Message next = waiting.poll(); next != null; next = waiting.poll()) {
      next.sent().run();
    }
  }
}
