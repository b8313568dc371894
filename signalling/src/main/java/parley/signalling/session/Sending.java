package parley.signalling.session;

import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import parley.signalling.call.SessionId;
import parley.signalling.directory.IconUrls;
import parley.signalling.wire.EventCodec;
import parley.signalling.wire.ServerEvent;

/**
 * One event on its way to many sessions: encoded once for each name by which clients reach the
 * server. Owned by the {@link CallLoop}.
 */
final class Sending {
  private final ServerEvent event;
  private final EventCodec codec;
  private final Deadlines<ClientSession> deadlines;
  private final Map<String, String> texts = new HashMap<>(2);

  /**
   * @param deadlines when each session wants to send again
   */
  Sending(ServerEvent event, EventCodec codec, Deadlines<ClientSession> deadlines) {
    this.event = event;
    this.codec = codec;
    this.deadlines = deadlines;
  }

  void to(Collection<ClientSession> receivers, @Nullable SessionId except, long nowNs) {
    for (ClientSession session : receivers) {
      if (!session.id().equals(except)) {
        to(session, nowNs);
      }
    }
  }

  void to(ClientSession session, long nowNs) {
    // What must arrive has a confirm_id of its own on each socket.
    String text = event.mustArrive() ? null : texts.computeIfAbsent(session.base(), this::text);
    session.send(event, text, nowNs);
    deadlines.set(session, session.nextDeadlineNs());
  }

  private String text(String base) {
    return IconUrls.resolve(codec.encode(event), base);
  }
}
