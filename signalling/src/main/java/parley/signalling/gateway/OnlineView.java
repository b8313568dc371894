package parley.signalling.gateway;

import java.util.List;
import org.jspecify.annotations.Nullable;
import parley.signalling.wire.OnlineCall;

/** Who is online, as one client is shown it: by the chat server, and with our calls. */
final class OnlineView {

  /** A longer one is not said again; the chat server does so within a minute. */
  private static final int MAX_KEPT_BYTES = 32 << 10;

  private final OnlineSplice splice = new OnlineSplice();
  private List<OnlineCall> calls = List.of();
  private byte @Nullable [] last;

  /**
   * The chat server tells who is online.
   *
   * @return with our calls in it; null: there is nothing to add
   */
  byte @Nullable [] fromServer(byte[] event) {
    last = event.length > MAX_KEPT_BYTES ? null : event;
    return calls.isEmpty() ? null : splice.add(event, calls);
  }

  /**
   * These are the calls that run now.
   *
   * @return what to tell the client; null: nothing
   */
  byte @Nullable [] changed(List<OnlineCall> now) {
    boolean isNews = !now.equals(calls);
    calls = now;
    byte[] event = last;
    return isNews && event != null ? splice.add(event, now) : null;
  }
}
