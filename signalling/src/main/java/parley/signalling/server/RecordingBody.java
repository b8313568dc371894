package parley.signalling.server;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonInclude.Include;
import java.util.List;
import org.jspecify.annotations.Nullable;
import parley.relay.api.RecordingPolicy;
import parley.relay.api.RecordingPolicy.Who;
import parley.signalling.session.ServerReply;
import parley.signalling.wire.Jid;

/**
 * How calls in a chat are recorded, for one of its members.
 *
 * @param agreed what he said to being recorded; left out when he was not asked, or the answer was
 *     for another call
 * @param maySwitch whether he may switch recording in a call that he is in
 * @param mayMask whether he may keep parts of it out of the recording
 * @param call the one that runs
 * @param maskedAll whether everybody is kept out at the moment
 * @param masked who else is
 */
@JsonInclude(Include.NON_NULL)
record RecordingBody(
    String policy,
    String version,
    String mode,
    boolean notice,
    String consent,
    @Nullable Boolean agreed,
    boolean maySwitch,
    boolean mayMask,
    @Nullable String call,
    boolean recording,
    boolean maskedAll,
    List<Jid> masked) {

  static RecordingBody of(ServerReply.RecordingState state, Who me) {
    RecordingPolicy policy = state.policy();
    return new RecordingBody(
        policy.name(),
        policy.version(),
        policy.mode().word(),
        policy.notice(),
        policy.consent().word(),
        state.agreed(),
        policy.maySwitch().includes(me),
        policy.mayMask().includes(me),
        state.call() == null ? null : state.call().value(),
        state.recording(),
        state.maskedAll(),
        state.masked());
  }
}
