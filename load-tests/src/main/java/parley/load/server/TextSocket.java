package parley.load.server;

import java.net.URI;
import java.net.http.WebSocket;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** A WebSocket of whole texts, which go out one after the other. Any thread. */
public final class TextSocket {

  /** What comes, told on the HTTP client's threads, one after the other: be short. */
  public interface Hearing {

    /**
     * @param text is of use until this returns
     */
    void onText(CharSequence text);

    /** Nothing more will come or go. Told once, and not when this side closed it. */
    void onClosed(String why);
  }

  private final Hearing hearing;
  private CompletableFuture<?> lastSent = CompletableFuture.completedFuture(null);
  private @Nullable WebSocket socket;
  private boolean closed;

  public TextSocket(Hearing hearing) {
    this.hearing = hearing;
  }

  /**
   * Once, or again when it could not.
   *
   * @return this one, when the server has let it in
   */
  public CompletableFuture<TextSocket> connect(WebSocket.Builder builder, URI to) {
    return builder
        .buildAsync(to, new Reader())
        .thenApply(
            open -> {
              open(open);
              return this;
            });
  }

  private synchronized void open(WebSocket open) {
    socket = open;
    if (closed) {
      open.abort();
    }
  }

  /** Does nothing before it is connected and after it was closed. */
  public synchronized void send(String text) {
    WebSocket to = socket;
    if (to != null && !closed) {
      // One at a time: a WebSocket refuses a second one while the first is under way. A failure is
      // told elsewhere, for whoever sends may hold a lock that who is told wants.
      lastSent =
          lastSent
              .thenCompose(done -> to.sendText(text, true))
              .exceptionallyAsync(
                  e -> {
                    ended("lost: it could not send");
                    return to;
                  });
    }
  }

  /** Says nothing more and hears nothing more. */
  public synchronized void close() {
    closed = true;
    if (socket != null) {
      socket.abort();
    }
  }

  private void ended(String why) {
    synchronized (this) {
      if (closed) {
        return;
      }
      closed = true;
    }
    hearing.onClosed(why);
  }

  private final class Reader implements WebSocket.Listener {

    private final StringBuilder partial = new StringBuilder();

    @Override
    public void onOpen(WebSocket from) {
      open(from); // what comes may want an answer before whoever connects is told
      from.request(1);
    }

    @Override
    public @Nullable CompletionStage<?> onText(WebSocket from, CharSequence data, boolean last) {
      if (last && partial.isEmpty()) {
        hearing.onText(data);
      } else {
        partial.append(data);
        if (last) {
          hearing.onText(partial);
          partial.setLength(0);
        }
      }
      from.request(1);
      return null;
    }

    @Override
    public @Nullable CompletionStage<?> onClose(WebSocket from, int code, String reason) {
      ended((code + " " + reason).strip());
      return null;
    }

    @Override
    public void onError(WebSocket from, Throwable error) {
      ended("lost: " + error.getClass().getSimpleName());
    }
  }
}
