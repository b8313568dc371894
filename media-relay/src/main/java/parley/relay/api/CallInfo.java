package parley.relay.api;

import java.time.Instant;

/**
 * What a recording says about the call it belongs to.
 *
 * @param team uid of the team
 * @param chat jid of the chat; of a direct call, the jids of both contacts joined by {@code +}
 * @param displayName title of the chat
 * @param created when the call was created, UTC
 * @param policy how it is to be recorded
 */
public record CallInfo(
    String team, String chat, String displayName, Instant created, RecordingPolicy policy) {

  /** The same call by another policy. */
  public CallInfo with(RecordingPolicy other) {
    return new CallInfo(team, chat, displayName, created, other);
  }

  /** A call that is recorded when somebody wants that, and goes on when it cannot be. */
  public CallInfo(String team, String chat, String displayName, Instant created) {
    this(team, chat, displayName, created, RecordingPolicy.OPTIONAL);
  }
}
