package parley.signalling.session;

import java.time.Duration;
import parley.relay.api.RecordingPolicy;
import parley.signalling.call.CallPlace;
import parley.signalling.call.CallPolicy;
import parley.signalling.directory.Chat;
import parley.signalling.directory.Team;

/**
 * How sessions and their calls are served.
 *
 * @param resend after how long an event that a client must confirm, and has not, is sent again
 * @param calls what calls may do; a chat may leave muting all others to administrators
 * @param recording how calls are recorded
 */
public record SessionSettings(Duration resend, CallPolicy calls, RecordingPolicies recording) {

  /** Recorded as the directory says. */
  public SessionSettings(Duration resend, CallPolicy calls) {
    this(resend, calls, RecordingPolicies.builtIn());
  }

  /** What calls at a place of a team may do. */
  CallPolicy callsAt(Team team, CallPlace place) {
    Chat chat = team.chat(place.key().one());
    CallPolicy here = chat == null || chat.everyoneMutes() ? calls : calls.adminsMute();
    return here.recorded(recordingAt(team, place));
  }

  /** How calls at a place of a team are recorded. */
  RecordingPolicy recordingAt(Team team, CallPlace place) {
    return recording.of(team.uid(), team.recordingNamed(place), team.records(place));
  }
}
