package parley.signalling.session;

import java.util.List;
import org.jspecify.annotations.Nullable;
import parley.relay.api.CallId;
import parley.relay.api.RecordingPolicy.Who;
import parley.signalling.directory.Team;
import parley.signalling.wire.Jid;
import parley.signalling.wire.TeamId;

/**
 * What a server asks of a team's calls. Whether it may is settled before.
 *
 * <pre>
 * to look:  ListCalls, Look, Legs; OwnLegs (a participant's)
 * to act:   Start, End, Ring, Mute, Remove, SetRecording
 * </pre>
 */
public sealed interface ServerCommand {

  /** Answered by {@link ServerReply.Calls}. */
  record ListCalls(TeamId team) implements ServerCommand {}

  /** Answered by {@link ServerReply.OneCall}. */
  record Look(TeamId team, CallId uid) implements ServerCommand {}

  /**
   * How everybody is, or was, connected; also for a day after the call. Answered by {@link
   * ServerReply.Legs}, when the relay has answered.
   */
  record Legs(TeamId team, CallId uid) implements ServerCommand {}

  /**
   * As {@link Legs}, for somebody of the call's chat; after the call, for who was in it.
   *
   * @param contact who asks
   */
  record OwnLegs(TeamId team, CallId uid, Jid contact) implements ServerCommand {}

  /**
   * Lets a chat's members ring although nobody is in the call yet. Answered by {@link
   * ServerReply.OneCall}.
   *
   * @param caller on whose behalf: a member of the chat
   * @param jid the chat as the caller names it: a group, a task, another contact
   * @param members whom to ring; empty: everyone
   */
  record Start(Team team, Jid caller, Jid jid, List<Jid> members) implements ServerCommand {
    public Start {
      members = List.copyOf(members);
    }
  }

  /** Answered by {@link ServerReply.Done}. */
  record End(TeamId team, CallId uid) implements ServerCommand {}

  /**
   * Rings members who are not in the call. Answered by {@link ServerReply.Done}.
   *
   * @param caller who is shown as the one who rings; null: whoever is in the call longest
   * @param members empty: everyone
   */
  record Ring(Team team, CallId uid, @Nullable Jid caller, List<Jid> members)
      implements ServerCommand {
    public Ring {
      members = List.copyOf(members);
    }
  }

  /**
   * Answered by {@link ServerReply.Done}.
   *
   * @param contact null: everyone
   */
  record Mute(TeamId team, CallId uid, @Nullable Jid contact) implements ServerCommand {}

  /** Answered by {@link ServerReply.Done}. */
  record Remove(TeamId team, CallId uid, Jid contact) implements ServerCommand {}

  /**
   * Switches recording. Answered by {@link ServerReply.OneCall}, which shows what is so until the
   * recorder has followed.
   *
   * @param jid the chat; of a direct call either contact
   * @param by who asks, as policies know him
   */
  record SetRecording(TeamId team, CallId uid, Jid jid, boolean on, Who by)
      implements ServerCommand {}
}
