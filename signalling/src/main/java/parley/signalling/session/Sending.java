package parley.signalling.session;

import java.util.Collection;
import org.jspecify.annotations.Nullable;
import parley.signalling.call.SessionId;
import parley.signalling.wire.EventCodec;
import parley.signalling.wire.ServerEvent;

/** One event on its way to many sessions: encoded once. Owned by the {@link CallLoop}. */
final class Sending {
  private final ServerEvent event;
  private final EventCodec codec;
  private final Deadlines<ClientSession> deadlines;
  private @Nullable String encoded;

  /**
   * @param deadlines when sessions send again what is not confirmed
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
    if (encoded == null && !event.mustArrive()) {
      encoded = codec.encode(event);
    }
    session.send(event, encoded, nowNs);
    deadlines.set(session, session.nextDeadlineNs());
  }
}
