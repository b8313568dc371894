package parley.signalling.wire;

import com.fasterxml.jackson.databind.JsonNode;
import org.jspecify.annotations.Nullable;

/** What came out of one frame of a client. */
public sealed interface Decoded {

  /** What the client wants echoed in {@code server.confirm}; null when it asked for nothing. */
  @Nullable String confirmId();

  /** The frame as an object, for {@code server.warning}; null when it was none. */
  @Nullable JsonNode orig();

  /** An event that can be acted upon. */
  record Accepted(ClientEvent event, @Nullable String confirmId, JsonNode orig) implements Decoded {
    @Override
    public String toString() {
      return "Accepted[" + event + "]"; // orig may hold SDP
    }
  }

  /**
   * Nothing to act upon.
   *
   * @param message one sentence for {@code server.warning}: what is wrong, and where
   */
  record Rejected(String message, @Nullable String confirmId, @Nullable JsonNode orig)
      implements Decoded {
    /** The event that tells the client. */
    public ServerEvent.Warning warning() {
      return new ServerEvent.Warning(message, orig);
    }

    @Override
    public String toString() {
      return "Rejected[" + message + "]"; // orig may hold SDP
    }
  }
}
