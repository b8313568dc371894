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
 * to look:  ListCalls, Look, Legs; OwnLegs, LookAtRecording (a participant's); Survey, Past (an operator's)
 * to act:   Start, End, Ring, Mute, Remove, SetRecording, MaskRecording; Agree (a participant's)
 * </pre>
 */
public sealed interface ServerCommand {

  /** The call that is meant, where there has to be one already; null: none, or one by its chat. */
  default @Nullable CallId call() {
    return switch (this) {
      case Look it -> it.uid();
      case Legs it -> it.uid();
      case OwnLegs it -> it.uid();
      case End it -> it.uid();
      case Ring it -> it.uid();
      case Mute it -> it.uid();
      case Remove it -> it.uid();
      case SetRecording it -> it.uid();
      case MaskRecording it -> it.uid();
      case ListCalls it -> null;
      case Survey it -> null;
      case Past it -> null;
      case Start it -> null;
      case LookAtRecording it -> null;
      case Agree it -> null;
    };
  }

  /**
   * The team whose calls are meant.
   *
   * @throws IllegalStateException when those of all are
   */
  default TeamId teamId() {
    return switch (this) {
      case ListCalls it -> it.team();
      case Look it -> it.team();
      case Legs it -> it.team();
      case OwnLegs it -> it.team();
      case Start it -> it.team().uid();
      case End it -> it.team();
      case Ring it -> it.team().uid();
      case Mute it -> it.team();
      case Remove it -> it.team();
      case SetRecording it -> it.team();
      case MaskRecording it -> it.team();
      case LookAtRecording it -> it.team().uid();
      case Agree it -> it.team().uid();
      case Survey it -> throw new IllegalStateException("of all teams: " + it);
      case Past it -> throw new IllegalStateException("of all teams: " + it);
    };
  }

  /** Answered by {@link ServerReply.Calls}. */
  record ListCalls(TeamId team) implements ServerCommand {}

  /** The calls of all teams. Answered by {@link ServerReply.Calls}. */
  record Survey() implements ServerCommand {}

  /** The calls of all teams that ended within a day. Answered by {@link ServerReply.PastCalls}. */
  record Past() implements ServerCommand {}

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
   * @param by who asks
   */
  record SetRecording(TeamId team, CallId uid, Jid jid, boolean on, Asker by)
      implements ServerCommand {}

  /**
   * Keeps something out of the recording, or no longer. Answered by {@link ServerReply.Done}.
   *
   * @param contact whose voice; null: everybody's
   * @param why for people, in the recording
   */
  record MaskRecording(
      TeamId team, CallId uid, @Nullable Jid contact, boolean on, String why, Asker by)
      implements ServerCommand {}

  /**
   * Who asks for something with a recording, as policies know him.
   *
   * @param who a server, an administrator, a participant
   * @param contact who must be in the call; null: a server
   * @param name for people
   */
  record Asker(Who who, @Nullable Jid contact, String name) {
    public static Asker server(String name) {
      return new Asker(Who.SERVERS, null, name);
    }
  }

  /**
   * How a contact's calls in a chat are recorded. Answered by {@link ServerReply.RecordingState}.
   *
   * @param jid the chat as the contact names it
   */
  record LookAtRecording(Team team, Jid contact, Jid jid) implements ServerCommand {}

  /**
   * A contact says that he may be recorded, or may not, in the chat's call or the next one.
   * Answered by {@link ServerReply.RecordingState}.
   *
   * @param from address it comes from
   */
  record Agree(Team team, Jid contact, Jid jid, boolean agrees, String from)
      implements ServerCommand {}
}
